import assert from "node:assert/strict";
import { MalformedFileError } from "../../../src/errors.ts";
import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import {
  ktx2TileSource,
  memorySource,
  openFileSource,
  openTileStore,
  readKtx2,
} from "../../../src/sources/mod.ts";
import { transcoders } from "../../../src/sources/ktx2/basis/transcoder_pool.ts";
import { type LoadTextureOptions, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import {
  encodeBasis,
  MODES,
  type Picture,
  psnr,
  samplePicture,
} from "../../sources/ktx2/basis/encode_basis.ts";
import { FORMAT_ROWS, makeKtx2 } from "../../sources/ktx2/make_ktx2.ts";

Deno.test.afterEach(() => transcoders.endIdleWorkers());

const WIDTH = 118;
const HEIGHT = 104;
const SIDE = 96;
const TILE = { tileSize: 64, border: 4 } as const;

/** What is drawn of a file. */
interface Drawn {
  /** A pixel for each texel. */
  readonly near: Uint8Array;
  /** A pixel for each 4 × 4 texels. */
  readonly far: Uint8Array;
  readonly format: TexelFormat;
  readonly info: string;
}

/** Loads a file and draws it. */
async function drawn(
  device: ForgeDevice,
  file: Uint8Array,
  { cacheFolder, load = {} }: {
    readonly cacheFolder: string;
    readonly load?: LoadTextureOptions;
  },
): Promise<Drawn> {
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, ...TILE, cacheFolder });
  const { format, info } = await system.loadTexture(file, { placement: "y_up", ...load });
  const pixels: Uint8Array[] = [];
  for (const texelsPerPixel of [1, 4]) {
    const height = texelsPerPixel * SIDE / 2 / Math.tan(Math.PI / 6);
    const camera = {
      position: [60, 52, height],
      view: lookAt([60, 52, height], [60, 52, 0]),
      projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 1e4 }),
      ...{ width: SIDE, height: SIDE, viewport: [SIDE, SIDE] },
    };
    await system.update(camera);
    assert.equal(await system.flush(), true);
    pixels.push(new Uint8Array((await render(system, camera)).data));
  }
  return { near: pixels[0]!, far: pixels[1]!, format, info };
}

/** What a pixel for each texel shows of a picture. */
function shown({ texels, width }: Picture): Uint8Array {
  const pixels = new Uint8Array(4 * SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    const from = 4 * ((y + 4) * width + 12);
    pixels.set(texels.subarray(from, from + 4 * SIDE), 4 * y * SIDE);
  }
  return pixels;
}

/** The picture as a file of texels. */
function plainFile({ texels, width, height }: Picture): Uint8Array {
  const row = FORMAT_ROWS["rgba8unorm-srgb"]!;
  return makeKtx2({ row, width, height, levels: [{ stored: texels }] });
}

async function inFolder(run: (cacheFolder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PICTURE = samplePicture(WIDTH, HEIGHT);
const COLOR = [0, 1, 2];
/** Least likeness of what is drawn to the picture, in decibels. */
const LIKENESS = { ETC1S: 26, UASTC: 36 } as const;

Deno.test("files of both forms are drawn as the picture, near and far, in each format", async () => {
  using device = await requestDevice();
  const cases = [
    ["ETC1S", "BC7", "bc7-rgba-unorm-srgb"],
    ["ETC1S", "RGBA8", "rgba8unorm-srgb"],
    ["UASTC", "BC1", "bc1-rgba-unorm-srgb"],
  ] as const;
  await inFolder(async (cacheFolder) => {
    const plain = await drawn(device, plainFile(PICTURE), { cacheFolder });
    for (const [form, preferredFormat, format] of cases) {
      const file = await encodeBasis(PICTURE, { mode: MODES[form], mips: false });
      const made = await drawn(device, file, { cacheFolder, load: { preferredFormat } });
      assert.equal(made.format, format);
      assert.match(made.info, new RegExp(`${form}, sRGB, .*, transcoded to ${format}, levels 1`));
      const near = psnr(made.near, shown(PICTURE), COLOR);
      assert.ok(near > LIKENESS[form] - 1, `${form} as ${format}: ${near} dB`);
      const far = psnr(made.far, plain.far, COLOR);
      assert.ok(far > LIKENESS[form], `${form} as ${format}, far: ${far} dB`);
      // Negative control: what is near does not look like what is far.
      assert.ok(psnr(made.near, plain.far, COLOR) < 20);
    }
  });
});

Deno.test("a GPU gets BC7, a CPU and a device without BC get RGBA8, without being asked", async () => {
  const file = await encodeBasis(PICTURE, { mode: MODES.UASTC, mips: false });
  const adapter = await navigator.gpu.requestAdapter();
  const without = adoptDevice(await adapter!.requestDevice());
  const owner = await requestDevice();
  await inFolder(async (cacheFolder) => {
    try {
      const made = [await drawn(without, file, { cacheFolder })];
      for (const isFallbackAdapter of [true, false]) {
        Object.defineProperty(owner.gpu, "adapterInfo", {
          value: { isFallbackAdapter },
          configurable: true,
        });
        using device = adoptDevice(owner.gpu);
        made.push(await drawn(device, file, { cacheFolder }));
      }
      const formats = ["rgba8unorm-srgb", "rgba8unorm-srgb", "bc7-rgba-unorm-srgb"];
      assert.deepEqual(made.map(({ format }) => format), formats);
      for (const { near } of made) assert.ok(psnr(near, shown(PICTURE), COLOR) > LIKENESS.UASTC);
    } finally {
      without.close();
      without.gpu.destroy();
      owner.close();
    }
  });
});

Deno.test("the cache holds the transcoded blocks bit for bit, once", async () => {
  using device = await requestDevice();
  const bytes = await encodeBasis(PICTURE, { mode: MODES.ETC1S });
  await inFolder(async (cacheFolder) => {
    for (let time = 0; time < 2; time++) {
      await drawn(device, bytes, { cacheFolder, load: { preferredFormat: "BC7" } });
    }
    const stores = [...Deno.readDirSync(cacheFolder)].filter(({ name }) => /pmtiles$/.test(name));
    assert.equal(stores.length, 1);
    const store = await openTileStore(await openFileSource(`${cacheFolder}/${stores[0]!.name}`));
    const source = memorySource(bytes);
    const format = "bc7-rgba-unorm-srgb";
    const tiles = ktx2TileSource(source, await readKtx2(source), { ...TILE, format });
    for (const { level, tilesX, tilesY } of tiles.grid.levels) {
      for (let y = 0; y < tilesY; y++) {
        for (let x = 0; x < tilesX; x++) {
          assert.deepEqual(await store.readTile(level, x, y), await tiles.readTile(level, x, y));
        }
      }
    }
    tiles.close();
    store.close();
  });
});

Deno.test("a damaged file leaves the system and the cache as they were", async () => {
  using device = await requestDevice();
  const bytes = await encodeBasis(PICTURE, { mode: MODES.ETC1S });
  const { supercompressionGlobalData } = (await readKtx2(memorySource(bytes))).header;
  // Behind the table of images, in the code books.
  bytes.fill(255, supercompressionGlobalData.offset + 20 + 20 * 7, -1);
  await inFolder(async (cacheFolder) => {
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, ...TILE, cacheFolder });
    const before = system.getMemoryInfo();
    await assert.rejects(system.loadTexture(bytes), MalformedFileError);
    assert.deepEqual(system.getMemoryInfo(), before);
    assert.equal([...system.textures].length, 0);
    assert.deepEqual([...Deno.readDirSync(cacheFolder)], []);
  });
});

Deno.test("a load that is cancelled while it transcodes rejects with the signal's reason", async () => {
  using device = await requestDevice();
  const bytes = await encodeBasis(PICTURE, { mode: MODES.UASTC });
  await inFolder(async (cacheFolder) => {
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, ...TILE, cacheFolder });
    const abort = new AbortController();
    const reason = new Error("no longer wanted");
    const onProgress = () => abort.abort(reason);
    await assert.rejects(system.loadTexture(bytes, { signal: abort.signal, onProgress }), reason);
    assert.equal([...system.textures].length, 0);
  });
});
