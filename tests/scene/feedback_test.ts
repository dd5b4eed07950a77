import { deepEqual, equal, ok } from "node:assert/strict";
import { lookAt, orthographic, perspective } from "../../src/geometry/mod.ts";
import {
  FEEDBACK_CELL_PIXELS,
  feedbackPixel,
  type ForgeDevice,
  type SampleFilter,
} from "../../src/gpu/mod.ts";
import { render, type RenderCamera } from "../../src/scene/mod.ts";
import { drawWithFeedback, takeFeedback } from "./draw_feedback.ts";
import { randomContents } from "./level_contents.ts";
import { type ResidentTexture, withResident } from "./resident_texture.ts";

const SIZE = 512;
const TILE_SIZE = 64;
const contents = randomContents(SIZE, SIZE, "rgba8unorm");

/** One texel a pixel, the whole texture. */
const FLAT: RenderCamera = {
  view: lookAt([SIZE / 2, SIZE / 2, 1], [SIZE / 2, SIZE / 2, 0]),
  projection: orthographic({
    left: -SIZE / 2,
    right: SIZE / 2,
    bottom: -SIZE / 2,
    top: SIZE / 2,
    near: 0,
    far: 2,
  }),
  width: SIZE,
  height: SIZE,
};

/** For a picture of one cell, each pixel of which shows a tile of its own. */
const ONE_CELL = { contents: randomContents(64, 64, "rgba8unorm"), tileSize: 8, border: 4 };
/** Level 0 although a pixel covers 8 texels: 64 tiles, one for each pixel. */
const ONE_CELL_BIAS = -3;
const ONE_CELL_CAMERA: RenderCamera = {
  view: lookAt([32, 32, 1], [32, 32, 0]),
  projection: orthographic({ left: -32, right: 32, bottom: -32, top: 32, near: 0, far: 2 }),
  width: 8,
  height: 8,
};

const TILTED: RenderCamera = {
  view: lookAt([256, -40, 90], [256, 190, 0], { up: [0, 0, 1] }),
  projection: perspective({ fovYDegrees: 50, aspect: 4 / 3, near: 1, far: Infinity }),
  width: 320,
  height: 240,
};

/** Draws with feedback in the pass itself. */
function drawReporting(
  device: ForgeDevice,
  texture: ResidentTexture,
  options: { camera: RenderCamera; filter: SampleFilter; uv?: string },
): void {
  const { camera, filter, uv = "uv" } = options;
  drawWithFeedback(device, texture, { camera, filter, sample: `vt_sample(${uv}, pixel)` });
}

const PASSES = {
  "in the pass that draws": async (
    device: ForgeDevice,
    texture: ResidentTexture,
    camera: RenderCamera,
  ) => await drawReporting(device, texture, { camera, filter: "trilinear" }),
  "in a small pass": async (
    device: ForgeDevice,
    texture: ResidentTexture,
    camera: RenderCamera,
  ) => void await render({ device, textures: [texture] }, camera),
};

for (const [where, draw] of Object.entries(PASSES)) {
  Deno.test(`feedback ${where} counts one pixel in 64 of each tile`, async () => {
    await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
      texture.writeFrame(3);
      await draw(device, texture, FLAT);
      const counts = await takeFeedback(device, texture);
      const { tilesX, tilesY } = texture.grid.level(0);
      equal(counts.size, tilesX * tilesY);
      for (const [key, count] of counts) {
        equal(texture.grid.levelOf(key), 0);
        equal(count, TILE_SIZE * TILE_SIZE / FEEDBACK_CELL_PIXELS);
      }
    });
  });

  Deno.test(`feedback ${where} comes from the pixel whose turn it is, and from every pixel within 64 frames`, async () => {
    await withResident(ONE_CELL, async (device, texture) => {
      const seen = new Set<number>();
      for (let frame = 100; frame < 164; frame++) {
        texture.writeFrame(frame);
        texture.binding.writeSettings({ lodBias: ONE_CELL_BIAS });
        await draw(device, texture, ONE_CELL_CAMERA);
        const counts = await takeFeedback(device, texture);
        // The world's y grows upwards in the picture.
        const pixel = feedbackPixel(frame);
        const tile = texture.grid.tileIndexOf(0, pixel & 7, 7 - (pixel >> 3));
        deepEqual([...counts], [[tile, 1]], `in frame ${frame}`);
        seen.add(tile);
      }
      equal(seen.size, 64);
    });
  });
}

Deno.test("a small pass reports what the large one does", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    let differing = 0;
    let all = 0;
    for (let frame = 0; frame < 4; frame++) {
      texture.writeFrame(frame);
      texture.binding.writeSettings({ lodBias: 0.25 });
      drawReporting(device, texture, { camera: TILTED, filter: "trilinear" });
      const large = await takeFeedback(device, texture);
      await render({ device, textures: [texture] }, TILTED);
      const small = await takeFeedback(device, texture);
      for (const key of new Set([...large.keys(), ...small.keys()])) {
        differing += Math.abs((large.get(key) ?? 0) - (small.get(key) ?? 0));
        all += large.get(key) ?? 0;
      }
    }
    // Differences across 8 pixels are not those across one where perspective bends the plane.
    ok(all > 1000 && differing / all < 0.15, `${differing} of ${all}`);
  });
});

Deno.test("the bias shifts the wanted tiles by levels", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    for (const lodBias of [1, 2, 3]) {
      texture.binding.writeSettings({ lodBias: lodBias + 0.01 });
      drawReporting(device, texture, { camera: FLAT, filter: "trilinear" });
      const levels = new Set<number>();
      for (const key of (await takeFeedback(device, texture)).keys()) {
        levels.add(texture.grid.levelOf(key));
      }
      deepEqual([...levels], [lodBias]);
    }
  });
});

Deno.test("a constant coordinate wants nothing", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    for (const filter of ["bilinear", "trilinear", "anisotropic"] as const) {
      const uv = "vec2<f32>(0.3, 0.7)";
      drawReporting(device, texture, { camera: FLAT, filter, uv });
      equal((await takeFeedback(device, texture)).size, 0);
      // One derivative is enough to tell a level.
      drawReporting(device, texture, { camera: FLAT, filter, uv: "vec2<f32>(uv.x, 0.7)" });
      ok((await takeFeedback(device, texture)).size > 0);
    }
  });
});

Deno.test("render writes no feedback when asked not to", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    await render({ device, textures: [texture] }, FLAT, { feedback: false });
    equal((await takeFeedback(device, texture)).size, 0);
  });
});
