import assert from "node:assert/strict";
import { lookAt, perspective } from "../../src/geometry/mod.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { type Picture, render } from "../../src/scene/mod.ts";
import { proceduralTileSource } from "../../src/sources/mod.ts";
import { type LoadTextureOptions, VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { difference, readGolden, testGolden } from "./golden.ts";

const WIDTH = 300;
const HEIGHT = 400;
const INK = [30, 60, 160];
const PAPER = [240, 230, 200];

/** Whether a texel of level 0 belongs to the letter: stem on the left, bars at the top. */
function isInk(column: number, row: number): boolean {
  const x = column / WIDTH;
  const y = row / HEIGHT;
  const stem = x > 0.2 && x < 0.36 && y > 0.1 && y < 0.9;
  const top = x > 0.2 && x < 0.85 && y > 0.1 && y < 0.22;
  const middle = x > 0.2 && x < 0.65 && y > 0.42 && y < 0.54;
  return stem || top || middle;
}

function letterSource() {
  return proceduralTileSource((level, column, row, out, at) => {
    const scale = 2 ** level;
    out.set(isInk((column + 0.5) * scale, (row + 0.5) * scale) ? INK : PAPER, at);
    out[at + 3] = 255;
  }, {
    name: "letter F",
    width: WIDTH,
    height: HEIGHT,
    tileSize: 64,
    border: 4,
    format: "rgba8unorm-srgb",
  });
}

/** A right-handed camera straight above the middle, y up. */
function cameraFromAbove() {
  const position = [WIDTH / 2, HEIGHT / 2, 420];
  return {
    position,
    view: lookAt(position, [WIDTH / 2, HEIGHT / 2, 0], { up: [0, 1, 0] }),
    projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 1000 }),
    width: 256,
    height: 256,
    viewport: [256, 256],
  };
}

async function drawLetter(placement: LoadTextureOptions): Promise<Picture> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  await system.loadTexture(letterSource(), placement);
  const camera = cameraFromAbove();
  await system.update(camera);
  const picture = await render(system, camera);
  assert.ok(system.peakMemory <= system.getMemoryInfo().totalBudget);
  return picture;
}

/** Whether the pixel at a place of the drawn sheet (0..1 from its upper left corner) is ink. */
function inkAt(picture: Picture, u: number, v: number): boolean {
  // The sheet's middle is the picture's; 420 away, 60° high, 256 pixels are 485 units.
  const scale = 256 / (2 * 420 * Math.tan(Math.PI / 6));
  const x = Math.round(128 + (u - 0.5) * WIDTH * scale);
  const y = Math.round(128 + (v - 0.5) * HEIGHT * scale);
  const red = picture.data[4 * (y * picture.width + x)]!;
  return Math.abs(red - INK[0]!) < Math.abs(red - PAPER[0]!);
}

Deno.test("placement y_up shows the letter F upright from above", async () => {
  const picture = await drawLetter({ placement: "y_up" });
  assert.ok(inkAt(picture, 0.28, 0.8), "the stem's foot is at the lower left");
  assert.ok(inkAt(picture, 0.8, 0.16), "the top bar reaches to the upper right");
  assert.ok(!inkAt(picture, 0.8, 0.8) && !inkAt(picture, 0.8, 0.48));
});

testGolden("letter_f_y_up", () => drawLetter({ placement: "y_up" }));

Deno.test("the default placement has rows grow with y, so that from above the F is upside down", async () => {
  const picture = await drawLetter({});
  assert.ok(inkAt(picture, 0.28, 0.2), "the stem's foot is at the upper left");
  assert.ok(inkAt(picture, 0.8, 0.84), "the top bar reaches to the lower right");
  assert.ok(!inkAt(picture, 0.8, 0.2));
});

testGolden("letter_f_rows_down", () => drawLetter({}));

Deno.test("negative control: the two placements are not mistaken for each other", async () => {
  const up = await readGolden("letter_f_y_up");
  const down = await readGolden("letter_f_rows_down");
  const { max, pixels } = difference(up!.data, down!.data, up!);
  assert.ok(max > 100 && pixels > 1000, `${max} ${pixels}`);
});

Deno.test("by default a camera at (x, y, h) looks at texel (x, y) from a height of h", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, tileSize: 64 });
  // One texel wide marks at known places.
  const source = proceduralTileSource((_level, column, row, out, at) => {
    out.set(column >= 200 && column < 208 && row >= 120 && row < 128 ? INK : PAPER, at);
    out[at + 3] = 255;
  }, { width: 512, height: 512, tileSize: 64, border: 4, format: "rgba8unorm-srgb" });
  await system.loadTexture(source);
  const position = [204, 124, 50];
  const camera = {
    position,
    view: lookAt(position, [204, 124, 0], { up: [0, 1, 0] }),
    width: 64,
    height: 64,
    viewport: [64, 64],
  };
  await system.update(camera);
  const picture = await render(system, camera);
  assert.deepEqual([...picture.data.subarray(4 * (32 * 64 + 32), 4 * (32 * 64 + 32) + 3)], INK);
  assert.deepEqual([...picture.data.subarray(0, 3)], PAPER);
  assert.ok(system.peakMemory <= system.getMemoryInfo().totalBudget);
});
