import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../helpers/temporary_folder.ts";
import { PROJECT } from "../house/project.ts";

interface Pixels {
  readonly width: number;
  /** Tight rows of RGBA. */
  readonly data: Uint8Array;
}

type Kind = "grass" | "road" | "leaf" | "red" | "white" | "sky" | "other";

/** What a pixel of an example's picture shows. */
function kindOf([r, g, b]: readonly number[]): Kind {
  if (b! > r! + 30 && b! > g! + 10) return "sky";
  if (r! > 2 * g! && r! > 2 * b!) return "red";
  if (r! > 1.1 * g! && g! > 1.3 * b! && r! > 90) return "leaf";
  if (g! > 1.15 * r! && g! > 1.3 * b!) return "grass";
  const spread = Math.max(r!, g!, b!) - Math.min(r!, g!, b!);
  if (spread < 25 && g! > 190) return "white";
  return spread < 25 && g! < 110 ? "road" : "other";
}

function pixelAt({ width, data }: Pixels, x: number, y: number): readonly number[] {
  return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
}

/** Pixels of each kind in a rectangle. */
function count(pixels: Pixels, [x, y, width, height]: readonly [number, number, number, number]) {
  const found = { grass: 0, road: 0, leaf: 0, red: 0, white: 0, sky: 0, other: 0 };
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      found[kindOf(pixelAt(pixels, column, row))]++;
    }
  }
  return found;
}

async function runExample(name: string, folder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      `--allow-write=${folder}`,
      `examples/${name}`,
      folder,
    ],
    cwd: PROJECT,
    stdin: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function readPicture(folder: string, name: string): Promise<Pixels> {
  const { data, info } = await sharp(join(folder, name)).ensureAlpha().raw()
    .toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [640, 360]);
  return { width: info.width, data: new Uint8Array(data) };
}

/** Pixels of a rectangle that differ clearly between two pictures. */
function changed(
  a: Pixels,
  b: Pixels,
  [x, y, width, height]: readonly [number, number, number, number],
): number {
  let pixels = 0;
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      const [one, other] = [pixelAt(a, column, row), pixelAt(b, column, row)];
      if (one.some((value, i) => Math.abs(value - other[i]!) > 20)) pixels++;
    }
  }
  return pixels;
}

Deno.test("runtime_virtual_texture.ts shows layers, road and leaves, and the edit where it was made", () =>
  withFolder(async (folder) => {
    const said = await runExample("runtime_virtual_texture.ts", folder);
    const tiles = [...said.matchAll(/: (\d+) tiles rendered/g)].map(([, text]) => Number(text));
    assert.equal(tiles.length, 3, said);
    assert.ok(tiles[1]! > 0 && tiles[1]! < tiles[0]!, `an edit renders fewer tiles: ${said}`);
    const before = await readPicture(folder, "rvt_before.png");
    const after = await readPicture(folder, "rvt_after.png");
    const whole = count(before, [0, 0, 640, 360]);
    assert.ok(whole.sky > 50_000 && whole.grass > 80_000, JSON.stringify(whole));
    assert.ok(whole.road > 2000, JSON.stringify(whole));
    assert.ok(
      count(before, [180, 120, 130, 75]).leaf > 500,
      "leaves lie where they were scattered",
    );
    assert.ok(count(before, [275, 250, 35, 35]).white > 300, "the puddle mirrors the sun");
    assert.ok(changed(before, after, [365, 195, 130, 80]) > 3000, "the hill is there");
    assert.ok(changed(before, after, [180, 180, 80, 60]) > 500, "the road has moved");
    assert.ok(
      changed(before, after, [0, 0, 640, 100]) < 50,
      "the sky and what is far are the same",
    );
    const direct = await readPicture(folder, "rvt_shaded_directly.png");
    const differs = changed(direct, after, [0, 0, 640, 360]);
    assert.ok(differs > 100 && differs < 7000, `tiles show what shading directly does: ${differs}`);
    assert.ok(changed(direct, before, [365, 195, 130, 80]) > 3000, "the edit is in both");
    const above = count(await readPicture(folder, "rvt_from_above.png"), [200, 60, 240, 240]);
    assert.ok(above.grass > 20_000 && above.road > 500 && above.leaf > 200, JSON.stringify(above));
    // Negative control: the same checks fail on the other picture.
    assert.ok(changed(before, before, [365, 195, 130, 80]) === 0);
    assert.ok(count(after, [0, 300, 100, 60]).leaf === 0);
  }));

Deno.test("rvt_own_pipeline.ts shows the pavement, and the target where it went last", () =>
  withFolder(async (folder) => {
    const said = await runExample("rvt_own_pipeline.ts", folder);
    const used = Number(/([\d.]+) MiB used/.exec(said)?.[1]);
    assert.ok(used > 1 && used <= 32, said);
    const picture = await readPicture(folder, "rvt_own_pipeline.png");
    const target = count(picture, [160, 180, 145, 105]);
    assert.ok(target.red > 3000 && target.white > 2000, JSON.stringify(target));
    assert.ok(count(picture, [0, 0, 640, 80]).sky > 51_000);
    // Where it came from, nothing of it is left.
    const rest = count(picture, [0, 290, 640, 70]);
    assert.equal(rest.red + rest.white, 0);
    assert.ok(rest.other > 20_000, JSON.stringify(rest));
  }));
