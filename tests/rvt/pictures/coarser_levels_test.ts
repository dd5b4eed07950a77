import assert from "node:assert/strict";
import {
  expressions as e,
  gridMesh,
  Material,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../../src/mod.ts";
import { fromAbove, NOON, PictureScene, pixelAt, plainAsset, WORLD } from "./picture_scene.ts";

/** Texels of the texture along an edge: as many as the picture has pixels. */
const EDGE = 512;
/** Two levels coarser than the camera's footprint, and finer than the pinned one. */
const LEVEL = 2;

/** The level that a picture shows where a material samples {@linkcode LEVEL}. */
async function shownLevel({ feedback }: { readonly feedback: boolean }): Promise<number> {
  await using shown = await PictureScene.open();
  const { scene } = shown;
  const asset = plainAsset({ sizeInTilesLog2: 3 });
  const level = e.viewProperty("virtual_texture_output_level");
  const writer = new Material({
    name: "levels",
    domain: "virtual_texture",
    baseColor: e.append(e.multiply(level, 0.25), 0, 0),
  });
  const { baseColor } = e.runtimeVirtualTextureSample(asset, { mipMode: "level", level: LEVEL });
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
  const picture = await shown.draw(fromAbove(EDGE), { ...NOON, feedback });
  const [red] = pixelAt(picture, middle + 0.3, middle + 0.3);
  const encoded = red! / 255;
  const linear = encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
  return linear / 0.25;
}

Deno.test("a level that a material gives is rendered where the camera's footprint wants finer ones", async () => {
  const shown = await shownLevel({ feedback: true });
  assert.ok(Math.abs(shown - LEVEL) < 0.1, `${shown}`);
});

Deno.test("negative control: without feedback the pinned level stands in for it", async () => {
  const shown = await shownLevel({ feedback: false });
  assert.ok(Math.abs(shown - (LEVEL + 1)) < 0.1, `${shown}`);
});
