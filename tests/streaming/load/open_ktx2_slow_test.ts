import assert from "node:assert/strict";
import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import { BlockEncoder, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import {
  buildMipChain,
  formatInfo,
  isBlockCompressed,
  type TexelFormat,
  type TexelLayout,
} from "../../../src/texels/mod.ts";
import {
  FORMAT_ROWS,
  type FormatRow,
  makeKtx2,
  type SampleRow,
} from "../../sources/ktx2/make_ktx2.ts";

const WIDTH = 301;
const HEIGHT = 203;

/** A smooth picture in stored values, so that filtering and encoding change little. */
function colorAt(u: number, v: number): [number, number, number, number] {
  return [
    Math.round(60 + 150 * u),
    Math.round(200 - 140 * v),
    Math.round(128 + 60 * Math.sin(3 * (u + v))),
    255,
  ];
}

/** Bytes of one level in a format, from RGBA8. */
async function encoded(
  device: ForgeDevice,
  format: TexelFormat,
  level: { texels: Uint8Array; width: number; height: number },
): Promise<Uint8Array> {
  const { texels, width, height } = level;
  if (isBlockCompressed(format)) {
    return await new BlockEncoder(device).encode(format, texels, width, height);
  }
  const count = width * height;
  if (format === "r8unorm") return texels.filter((_, i) => i % 4 === 0);
  if (format === "r16unorm") {
    const wide = new Uint16Array(count);
    for (let i = 0; i < count; i++) wide[i] = texels[4 * i]! * 257;
    return new Uint8Array(wide.buffer);
  }
  return texels;
}

/** A KTX2 file of the picture with some levels. */
async function fileOf(device: ForgeDevice, format: TexelFormat, levelCount: number) {
  const base = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      base.set(colorAt((x + 0.5) / WIDTH, (y + 0.5) / HEIGHT), 4 * (y * WIDTH + x));
    }
  }
  const { colorSpace } = formatInfo(format);
  const layout: TexelLayout = { storage: "unorm8", channels: 4, colorSpace };
  const chain = buildMipChain(base, { width: WIDTH, height: HEIGHT, layout, levelCount });
  const levels = [];
  for (const level of chain) {
    const texels = level.texels as Uint8Array;
    levels.push({ stored: await encoded(device, format, { ...level, texels }) });
  }
  return makeKtx2({ row: FORMAT_ROWS[format]!, width: WIDTH, height: HEIGHT, levels });
}

/** What a pixel must show of a picture's colour in a format. */
function shown(format: TexelFormat, color: readonly number[]): readonly number[] {
  const { channels } = formatInfo(format);
  if (channels === 1) return [color[0]!, color[0]!, color[0]!];
  return channels === 2 ? [color[0]!, color[1]!, 0] : color.slice(0, 3);
}

/** Streams a file from two heights and compares what is drawn with the picture. */
async function worstDifference(
  device: ForgeDevice,
  bytes: Uint8Array,
  options: {
    format: TexelFormat;
    preferredFormat?: string;
    cacheFolder: string;
    /** Compares with the picture so many texels aside. */
    asideTexels?: number;
  },
): Promise<{ worst: number; info: string; format: TexelFormat }> {
  const { cacheFolder, format, asideTexels = 0 } = options;
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, cacheFolder });
  const texture = await system.loadTexture(bytes, {
    preferredFormat: options.preferredFormat ?? null,
    placement: "y_up",
  });
  let worst = 0;
  for (const height of [90, 1500]) {
    const eye = [140, 100, height];
    const camera = {
      position: eye,
      view: lookAt(eye, [140, 100, 0]),
      projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 1e4 }),
      width: 96,
      height: 96,
      viewport: [96, 96],
    };
    await system.update(camera);
    assert.ok(system.peakMemory <= system.getMemoryInfo().totalBudget);
    const picture = await render(system, camera);
    const unitsPerPixel = 2 * height * Math.tan(Math.PI / 6) / 96;
    for (let py = 3; py < 96; py += 6) {
      for (let px = 3; px < 96; px += 6) {
        const u = (140 + (px + 0.5 - 48) * unitsPerPixel) / WIDTH;
        const v = (HEIGHT - 100 + (py + 0.5 - 48) * unitsPerPixel) / HEIGHT;
        const margin = 4 * unitsPerPixel / HEIGHT;
        if (Math.min(u, v, 1 - u, 1 - v) < margin) continue;
        const wanted = shown(format, colorAt(u + asideTexels / WIDTH, v));
        for (let c = 0; c < 3; c++) {
          const value = picture.data[4 * (py * 96 + px) + c]!;
          worst = Math.max(worst, Math.abs(value - wanted[c]!));
        }
      }
    }
  }
  return { worst, info: texture.info, format: texture.format };
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const format of Object.keys(FORMAT_ROWS) as TexelFormat[]) {
  for (const [name, levelCount] of [["full", 9], ["partial", 3], ["single", 1]] as const) {
    Deno.test(`KTX2 ${format} with a ${name} chain is streamed and looks right`, async () => {
      await inFolder(async (cacheFolder) => {
        using device = await requestDevice();
        const bytes = await fileOf(device, format, levelCount);
        const result = await worstDifference(device, bytes, { format, cacheFolder });
        // Block encoders may be a few steps off; a wrong address would be off by tens.
        const bound = isBlockCompressed(format) ? 14 : 5;
        assert.ok(result.worst <= bound, `${result.worst} of 255`);
        assert.equal(result.info.includes("baked"), levelCount < 9, result.info);
      });
    });
  }
}

for (const levelCount of [9, 1]) {
  Deno.test(`BC1 without alpha has no holes, with ${levelCount} levels in the file`, async () => {
    await inFolder(async (cacheFolder) => {
      using device = await requestDevice();
      // Blocks in three-colour mode, every texel the fourth colour: black, opaque in this format.
      const block = Uint8Array.of(0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
      const levels = Array.from({ length: levelCount }, (_, level) => {
        const columns = Math.ceil(Math.max(1, WIDTH >> level) / 4);
        const rows = Math.ceil(Math.max(1, HEIGHT >> level) / 4);
        const stored = new Uint8Array(8 * columns * rows);
        for (let at = 0; at < stored.length; at += 8) stored.set(block, at);
        return { stored };
      });
      const withAlpha = FORMAT_ROWS["bc1-rgba-unorm-srgb"]!;
      const [[offset, bits, , lower, upper]] = withAlpha.samples as [SampleRow];
      const color: SampleRow = [offset, bits, 0, lower, upper];
      const row: FormatRow = { ...withAlpha, vkFormat: 132, samples: [color] };
      const bytes = makeKtx2({ row, width: WIDTH, height: HEIGHT, levels });
      using system = new VirtualTextureSystem(device, {
        maxMemoryMb: 8,
        tileSize: 64,
        cacheFolder,
      });
      await system.loadTexture(bytes);
      for (const height of [40, 2000]) {
        const position = [150, 100, height];
        const camera = { position, view: lookAt(position, [150, 100, 0]), viewport: [32, 32] };
        await system.update(camera);
        const picture = await render(system, { ...camera, width: 32, height: 32 });
        const middle = 4 * (16 * 32 + 16);
        assert.deepEqual([...picture.data.subarray(middle, middle + 4)], [0, 0, 0, 255]);
        assert.ok(system.peakMemory <= system.getMemoryInfo().totalBudget);
      }
    });
  });
}

Deno.test("a preferred format is honoured: to BC7, from BC7, and an unknown one is refused", async () => {
  await inFolder(async (cacheFolder) => {
    using device = await requestDevice();
    const rgba = await fileOf(device, "rgba8unorm-srgb", 9);
    const toBlocks = await worstDifference(device, rgba, {
      format: "rgba8unorm-srgb",
      preferredFormat: "BC7",
      cacheFolder,
    });
    assert.equal(toBlocks.format, "bc7-rgba-unorm-srgb");
    assert.ok(toBlocks.worst <= 10, `${toBlocks.worst}`);
    const bc7 = await fileOf(device, "bc7-rgba-unorm-srgb", 9);
    const toTexels = await worstDifference(device, bc7, {
      format: "bc7-rgba-unorm-srgb",
      preferredFormat: "rgba8",
      cacheFolder,
    });
    assert.equal(toTexels.format, "rgba8unorm-srgb");
    assert.ok(toTexels.worst <= 10, `${toTexels.worst}`);
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, cacheFolder });
    await assert.rejects(system.loadTexture(rgba, { preferredFormat: "JPEG2000" }), {
      argument: "preferredFormat",
    });
    assert.equal(system.textures.length, 0);
    await system.loadTexture(rgba, { colorSpace: "srgb", quality: "low" });
  });
});

Deno.test("negative control: a picture one tile aside is further off than any bound here", async () => {
  await inFolder(async (cacheFolder) => {
    using device = await requestDevice();
    const bytes = await fileOf(device, "rgba8unorm", 9);
    const result = await worstDifference(device, bytes, {
      format: "rgba8unorm",
      asideTexels: 64,
      cacheFolder,
    });
    assert.ok(result.worst > 14, `${result.worst}`);
  });
});
