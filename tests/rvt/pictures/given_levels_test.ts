import assert from "node:assert/strict";
import {
  expressions as e,
  gridMesh,
  Material,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../../src/mod.ts";
import { fromAbove, NOON, PictureScene, pixelAt, plainAsset, WORLD } from "./picture_scene.ts";

/** Texels of the texture along an edge. */
const EDGE = 512;

/** How a material samples the texture. */
interface Sampling {
  /** The level that it gives. */
  readonly level: number;
  /** Pixels of the picture along an edge: with as many as there are texels, a camera wants level 0. */
  readonly edge: number;
  readonly feedback: boolean;
}

/** The level that a picture shows where a material samples a level that it gives. */
async function shownLevel(sampling: Sampling): Promise<number> {
  await using shown = await PictureScene.open();
  const { scene } = shown;
  const asset = plainAsset({ sizeInTilesLog2: 3 });
  const level = e.viewProperty("virtual_texture_output_level");
  const writer = new Material({
    name: "levels",
    domain: "virtual_texture",
    baseColor: e.append(e.multiply(level, 0.25), 0, 0),
  });
  const { baseColor } = e.runtimeVirtualTextureSample(asset, {
    mipMode: "level",
    level: sampling.level,
  });
  const cached = new Material({ name: "cached", baseColor, roughness: 1, specular: 0 });
  const mesh = gridMesh({ size: [WORLD, WORLD] });
  const middle = WORLD / 2;
  scene.addComponent(
    new StaticMeshComponent({
      material: writer,
      mesh,
      transform: { position: [middle, middle, 0] },
      drawInMainPass: "never",
      renderToVirtualTextures: [asset],
    }),
  );
  scene.addComponent(
    new StaticMeshComponent({
      material: cached,
      mesh,
      transform: { position: [middle, middle, 1] },
    }),
  );
  await scene.addVolume(
    new RuntimeVirtualTextureVolume(asset, {
      position: [middle, middle, 0],
      scale: [WORLD, WORLD, 8],
    }),
  );
  const { edge, feedback } = sampling;
  const picture = await shown.draw(fromAbove(edge), { ...NOON, feedback });
  const [red] = pixelAt(picture, middle + 0.3, middle + 0.3);
  const encoded = red! / 255;
  const linear = encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
  return linear / 0.25;
}

Deno.test("a level that a material gives is rendered where the camera's footprint wants finer ones", async () => {
  const shown = await shownLevel({ level: 2, edge: EDGE, feedback: true });
  assert.ok(Math.abs(shown - 2) < 0.1, `${shown}`);
});

Deno.test("one that is finer than the camera's footprint comes by feedback", async () => {
  const shown = await shownLevel({ level: 0, edge: EDGE / 4, feedback: true });
  assert.ok(Math.abs(shown) < 0.1, `${shown}`);
});

Deno.test("negative control: without feedback the footprint's level stands in for it", async () => {
  const shown = await shownLevel({ level: 0, edge: EDGE / 4, feedback: false });
  assert.ok(shown > 0.9, `${shown}`);
});
