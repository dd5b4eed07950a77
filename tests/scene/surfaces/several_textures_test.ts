import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, Material, RuntimeVirtualTexture } from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { LIGHT, oraclePicture, pictureDifference } from "./oracle_picture.ts";
import { CAMERAS, knownVolume, makeAllResident, pictureWorld, waves } from "./picture_worlds.ts";

/** Of linear radiance: the filter's error and that of 8 bits, of five samples that are combined. */
const MOST_ERROR = 0.025;

Deno.test("one material samples several textures of different types, each by its own volume, with feedback", async () => {
  using device = await requestDevice();
  const textureOf = (name: string, materialType: "world_height" | "mask4" | "displacement") =>
    new RuntimeVirtualTexture({
      ...{ name, materialType, sizeInTilesLog2: 2, tileSize: 64, compressTextures: false },
    });
  const height = textureOf("Height", "world_height");
  const mask = textureOf("Mask", "mask4");
  const displacement = textureOf("Displacement", "displacement");
  const world = await pictureWorld(device, {
    ...{ materialType: "ycocg_base_color_normal_specular_mask", hasDecals: false, yaw: 1 },
    materialOf: (ground) => {
      const sample = e.runtimeVirtualTextureSample(ground);
      const { worldHeight } = e.runtimeVirtualTextureSample(height, { feedback: false });
      const { mask4 } = e.runtimeVirtualTextureSample(mask);
      const again = e.runtimeVirtualTextureSample(mask, { mipMode: "bias", bias: -1 });
      const { displacement: raised } = e.runtimeVirtualTextureSample(displacement);
      const layered = e.append(
        e.multiply(e.componentMask(mask4, "x"), raised),
        e.add(0.4, e.multiply(worldHeight, 0.1)),
        e.componentMask(again.mask4, "w"),
      );
      return new Material({
        name: "layered",
        baseColor: e.lerp(sample.baseColor, layered, { alpha: sample.mask }),
        roughness: 0.8,
        rvtOutput: e.runtimeVirtualTextureOutput({
          ...{ baseColor: e.append(waves(0), waves(1), waves(2)), mask: waves(3) },
          displacement: waves(4),
          worldHeight: e.componentMask(e.worldPosition(), "z"),
          mask4: e.append(waves(5), 0, 0, waves(6)),
        }),
      });
    },
  });
  using system = world.system;
  const { scene, landscape, asset } = world;
  const others = [height, mask, displacement];
  landscape.renderToVirtualTextures = [asset, ...others];
  const volumes = [
    world.known,
    knownVolume(height, { yaw: -0.5 }),
    knownVolume(mask, { tilt: 0.2 }),
    knownVolume(displacement, { yaw: 2, tilt: -0.2 }),
  ];
  for (const { volume } of volumes.slice(1)) await scene.addVolume(volume);
  const camera = CAMERAS.slanting(48);
  for (const one of [asset, ...others]) await makeAllResident({ ...world, asset: one });
  const before = system.getStatistics();
  const picture = await renderScene(scene, camera, LIGHT);
  const { largest, compared } = pictureDifference(
    picture,
    oraclePicture({ scene, camera, volumes }),
  );
  assert.ok(compared > 0.6, `${compared} of the pixels are compared`);
  assert.ok(largest <= MOST_ERROR, `${largest}`);
  assert.equal(system.getStatistics().activeTiles, before.activeTiles);
  const swapped = [volumes[0]!, ...volumes.slice(2)];
  const control = pictureDifference(picture, oraclePicture({ scene, camera, volumes: swapped }));
  assert.ok(control.largest > 3 * MOST_ERROR, `negative control: ${control.largest}`);
});
