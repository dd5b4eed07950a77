/**
 * What files say of the channels of their texels, as it is seen.
 *
 * @module
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  type LevelRegion,
  openRegionSource,
  proceduralTileSource,
} from "../../../src/sources/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import {
  type LoadTextureOptions,
  type StreamedTexture,
  type TextureInput,
  VirtualTextureSystem,
} from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import {
  FORMAT_ROWS,
  type Ktx2Parts,
  makeKtx2,
  noiseLevels,
} from "../../sources/ktx2/make_ktx2.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";

const EDGE = 64;
const SIZE = { width: EDGE, height: EDGE };
const PREMULTIPLIED = 1;

/** A file of one level whose texels take turns, as on a chess board. */
function chess(
  format: TexelFormat,
  [even, odd]: readonly (readonly number[])[],
  over: Partial<Ktx2Parts> = {},
): Uint8Array {
  const texels = Array.from(
    { length: EDGE * EDGE },
    (_, i) => ((i % EDGE) + Math.floor(i / EDGE)) % 2 === 0 ? even! : odd!,
  );
  const stored = Uint8Array.from(texels.flat());
  return makeKtx2({ row: FORMAT_ROWS[format]!, ...SIZE, levels: [{ stored }], ...over });
}

function swizzled(swizzle: string): Partial<Ktx2Parts> {
  return { keyValues: [["KTXswizzle", `${swizzle}\0`]] };
}

interface Seen {
  /** The middle of the picture at a level: red, green, blue and alpha. */
  readonly colors: readonly number[][];
  readonly texture: StreamedTexture;
}

/** Colours in the middle of a texture at levels 0 and 1. */
async function seen(input: TextureInput, options: LoadTextureOptions = {}): Promise<Seen> {
  const result: Seen[] = [];
  await withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: 64, cacheFolder });
    const texture = await system.loadTexture(input, options);
    const colors: number[][] = [];
    for (const level of [0, 1]) {
      // At level 0 a pixel is a texel, whose middle is the pixel's.
      const camera = lookDown(EDGE / 2, EDGE / 2, heightOfLevel(level, [32, 32]), [32, 32]);
      await system.update(camera, { timeBudgetMs: null });
      await system.flush();
      const { data, width, height } = await render(system, camera, { texture });
      const at = 4 * (width * (height / 2) + width / 2);
      colors.push([...data.subarray(at, at + 4)]);
    }
    result.push({ colors, texture });
  });
  return result[0]!;
}

function near(found: readonly number[], wanted: readonly number[], most = 1): void {
  const far = found.some((value, i) => Math.abs(value - wanted[i]!) > most);
  assert.ok(!far, `${found} is not ${wanted}`);
}

Deno.test("channels come from where a file says, of every kind of source", async () => {
  const color = [220, 60, 20, 130];
  const value = { r: 220, g: 60, b: 20, a: 130, 0: 0, 1: 255 } as Record<string, number>;
  for (const swizzle of ["bgra", "rrr1", "gbar", "01a1", "rgba", "aaa1"]) {
    const { colors, texture } = await seen(chess("rgba8unorm", [color, color], swizzled(swizzle)));
    assert.equal(texture.swizzle, swizzle);
    for (const found of colors) near(found, [...swizzle].map((channel) => value[channel]!));
  }
});

Deno.test("a grey file whose channels are swizzled shows them, and as grey where they are not", async () => {
  const grey = (swizzle: string) =>
    seen(chess("r8unorm", [[90], [90]], swizzled(swizzle))).then(({ colors }) => colors[0]!);
  near(await grey("rrr1"), [90, 90, 90, 255]);
  near(await grey("r001"), [90, 0, 0, 255]);
  near(await grey("111r"), [255, 255, 255, 90]);
  near(await grey("rgba"), [90, 90, 90, 255]);
});

Deno.test("levels that are made weigh colours by the channel that alpha comes from", async () => {
  // Alpha in green: what is transparent there has no part in the mean of red and blue.
  const texels = [[200, 255, 40, 0], [10, 0, 250, 255]];
  const { colors: [, mean] } = await seen(chess("rgba8unorm", texels, swizzled("rbag")));
  near(mean!, [200, 40, 0, 128]);
  const { colors: [, plain] } = await seen(chess("rgba8unorm", texels, swizzled("rgb1")));
  near(plain!, [105, 128, 145, 255]);
});

Deno.test("premultiplied colours are filtered as they are, and pictures show them straight", async () => {
  const texels = [[255, 0, 0, 255], [0, 0, 0, 0]];
  const file = chess("rgba8unorm-srgb", texels, { flags: PREMULTIPLIED });
  const { colors: [, mean], texture } = await seen(file);
  assert.ok(texture.premultiplied);
  assert.match(texture.info, /premultiplied alpha/);
  // Half the light, 188 in sRGB, of half the cover: all of it where it covers.
  near(mean!, [255, 0, 0, 128]);
  const dim = chess("rgba8unorm", [[64, 32, 0, 128], [64, 32, 0, 128]], { flags: PREMULTIPLIED });
  for (const found of (await seen(dim)).colors) near(found, [128, 64, 0, 128], 2);
  const straight = chess("rgba8unorm", [[64, 32, 0, 128], [64, 32, 0, 128]]);
  const control = await seen(straight);
  assert.ok(!control.texture.premultiplied);
  near(control.colors[0]!, [64, 32, 0, 128]);
});

const HALVES = [[255, 255, 255, 255], [0, 0, 0, 255]];

Deno.test("a KTX2 file is read in the colour space that is asked for, and its levels filtered in it", async () => {
  const plain = chess("rgba8unorm", HALVES);
  const encoded = chess("rgba8unorm-srgb", HALVES);
  const cases = [
    [plain, undefined, "rgba8unorm", 128],
    [plain, "linear", "rgba8unorm", 128],
    [plain, "srgb", "rgba8unorm-srgb", 188],
    [encoded, undefined, "rgba8unorm-srgb", 188],
    [encoded, "srgb", "rgba8unorm-srgb", 188],
    [encoded, "linear", "rgba8unorm", 128],
  ] as const;
  for (const [file, colorSpace, format, mean] of cases) {
    const { colors, texture } = await seen(file, colorSpace === undefined ? {} : { colorSpace });
    assert.deepEqual([texture.format, texture.colorSpace], [
      format,
      format.includes("srgb") ? "srgb" : "linear",
    ]);
    near(colors[1]!, [mean, mean, mean, 255]);
    const isOwn = colorSpace === undefined || (file === encoded) === (colorSpace === "srgb");
    assert.equal(texture.info.includes(`read as ${colorSpace} as colorSpace asks`), !isOwn);
  }
  // WebGPU has no grey of sRGB: it becomes colours.
  const grey = await seen(chess("r8unorm", [[255], [0]]), { colorSpace: "srgb" });
  assert.equal(grey.texture.format, "rgba8unorm-srgb");
  near(grey.colors[1]!, [188, 188, 188, 255]);
});

Deno.test("blocks are kept in another colour space, and formats without a variant are refused", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64 });
  const fileOf = (format: TexelFormat) => {
    const row = FORMAT_ROWS[format]!;
    return makeKtx2({ row, ...SIZE, levels: noiseLevels(row, SIZE, 7) });
  };
  for (const name of ["bc1-rgba-unorm", "bc3-rgba-unorm", "bc7-rgba-unorm"] as const) {
    for (const [stored, format] of [[name, `${name}-srgb`], [`${name}-srgb`, name]] as const) {
      const colorSpace = format === name ? "linear" : "srgb";
      const texture = await system.loadTexture(fileOf(stored), { colorSpace });
      assert.deepEqual([texture.format, texture.colorSpace], [format, colorSpace]);
      assert.doesNotMatch(texture.info, /baked/);
    }
  }
  const loaded = system.textures.length;
  for (const format of ["bc4-r-unorm", "bc5-rg-unorm", "r16unorm"] as const) {
    await assert.rejects(() => system.loadTexture(fileOf(format), { colorSpace: "srgb" }), {
      code: "unsupported",
      message:
        /colorSpace must be linear, since \S+ has no variant of values in srgb: leave colorSpace out/,
    });
    await system.loadTexture(fileOf(format), { colorSpace: "linear" });
  }
  assert.equal(system.textures.length, loaded + 3);
});

Deno.test("regions of the caller may be premultiplied, and are filtered and shown so", async () => {
  const texels = [[255, 0, 0, 255], [0, 0, 0, 0]];
  const read = ({ x, y, width, height }: LevelRegion) =>
    Uint8Array.from(
      Array.from({ length: width * height }, (_, i) =>
        texels[(x + (i % width) + y + Math.floor(i / width)) % 2]!).flat(),
    );
  const options = { ...SIZE, format: "rgba8unorm", tileSize: 64, levels: 1 } as const;
  const { colors, texture } = await seen(
    await openRegionSource(read, { ...options, premultiplied: true }),
  );
  assert.ok(texture.premultiplied);
  near(colors[1]!, [255, 0, 0, 128]);
  await assert.rejects(
    () => openRegionSource(read, { ...options, premultiplied: 1 as never }),
    /premultiplied must be true or false/,
  );
});

Deno.test("sources that say what cannot be are refused, and change nothing", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64 });
  const cases: [appearance: unknown, message: RegExp][] = [
    [5, /appearance must be an object/],
    [{ turned: true }, /there is no option turned/],
    [{ orientation: "up" }, /orientation must be one of rd, ru, ld, lu/],
    [{ orientation: 3 }, /orientation/],
    [{ swizzle: "rgbx" }, /swizzle must be four of r, g, b, a, 0 and 1: current value is "rgbx"/],
    [{ swizzle: ["r"] }, /swizzle/],
    [{ premultiplied: "yes" }, /premultiplied/],
    [{ transfer: 1 }, /transfer/],
    [{ primaries: null }, /primaries/],
  ];
  for (const [appearance, message] of cases) {
    const source = proceduralTileSource(() => {}, {
      ...{ ...SIZE, tileSize: 64, border: 4, format: "rgba8unorm", name: "own" },
    });
    const saying = Object.defineProperty(source, "appearance", { value: appearance });
    await assert.rejects(() => system.loadTexture(saying), message);
  }
  assert.equal(system.textures.length, 0);
});
