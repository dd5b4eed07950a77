import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { FIELD_COLORS, fieldColor } from "../../examples/helpers/fields.ts";
import { PROJECT } from "../house/project.ts";

type Color = readonly [number, number, number];

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Tight rows of RGBA. */
  readonly data: Uint8Array;
}

/** The sky's linear light in sRGB, as the script clears to it. */
const SKY: Color = [174, 204, 234];

function linear(value: number): number {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

/** A colour without its brightness, which light and furrows change. */
function hue(color: Color): Color {
  const [r, g, b] = color.map(linear) as unknown as Color;
  const sum = Math.max(1e-6, r + g + b);
  return [r / sum, g / sum, b / sum];
}

function distance(a: Color, b: Color): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

function pixel({ width, data }: Pixels, x: number, y: number): Color {
  const at = 4 * (y * width + x);
  return [data[at]!, data[at + 1]!, data[at + 2]!];
}

/** Part of the ground's pixels that have the colour of a field. */
function fieldShare(pixels: Pixels): number {
  const fields = FIELD_COLORS.map(hue);
  let ground = 0;
  let matching = 0;
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const color = pixel(pixels, x, y);
      if (distance(color, SKY) < 6) continue;
      ground++;
      const own = hue(color);
      if (fields.some((field) => distance(own, field) < 0.02)) matching++;
    }
  }
  return matching / ground;
}

async function runExample(folder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--allow-write=${folder}`,
      "examples/render_loop.ts",
      folder,
    ],
    cwd: PROJECT,
    stdin: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("a custom render loop shows the fields in their places, sharp and within its budget", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "forge3d render loop " });
  try {
    const said = await runExample(folder);
    const used = Number(/([\d.]+) MiB used/.exec(said)?.[1]);
    assert.ok(used > 1 && used <= 24, said);
    const file = readFileSync(join(folder, "render_loop.png"));
    const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({
      resolveWithObject: true,
    });
    const pixels = { width: info.width, height: info.height, data: new Uint8Array(data) };
    assert.deepEqual([pixels.width, pixels.height], [640, 360]);

    // The middle of the picture shows the middle of the field that the camera comes down to.
    const goal = hue(fieldColor(26, 22));
    assert.ok(distance(hue(pixel(pixels, 320, 180)), goal) < 0.02);
    // Paths and the blends along them are the rest.
    const share = fieldShare(pixels);
    assert.ok(share > 0.85, `${share}`);
    // Furrows are 32 texels wide, a quarter darker in stored values: only fine levels show them.
    const greens = Array.from({ length: 40 }, (_, i) => linear(pixel(pixels, 300 + i, 180)[1]));
    assert.ok(Math.max(...greens) > 1.4 * Math.min(...greens));

    // Negative control: with its channels in another order the same picture fails.
    for (let at = 0; at < pixels.data.length; at += 4) {
      pixels.data.subarray(at, at + 3).set([
        ...pixels.data.subarray(at + 1, at + 3),
        pixels.data[at]!,
      ]);
    }
    assert.ok(distance(hue(pixel(pixels, 320, 180)), goal) > 0.1);
    assert.ok(fieldShare(pixels) < 0.5);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
