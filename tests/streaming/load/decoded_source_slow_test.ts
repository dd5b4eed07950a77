import assert from "node:assert/strict";
import { bakeRows } from "../../../src/bake/mod.ts";
import { OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { type Picture, render } from "../../../src/scene/mod.ts";
import { MemorySink, proceduralTileSource, type TileSource } from "../../../src/sources/mod.ts";
import { type LoadTextureOptions, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { differenceBeyondWeights, HAS_EXACT_WEIGHTS } from "../../helpers/filter_precision.ts";
import { patternRows } from "../../bake/synthetic_rows.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { ControlledSource, mapSource } from "../sources.ts";

const options = { maxMemoryMb: 16, tileSize: 64 };
/** One view at level 0, one between levels. */
const CAMERAS = [lookDown(300, 300, heightOfLevel(0)), lookDown(250, 280, heightOfLevel(1) * 1.4)];

/** A device with these features alone. */
async function deviceWith(...requiredFeatures: string[]): Promise<ForgeDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  const gpu = await adapter!.requestDevice({
    requiredFeatures: requiredFeatures as GPUFeatureName[],
  });
  return adoptDevice(gpu);
}

/** Runs work on a device with these features alone, and destroys it. */
async function onDevice<T>(
  features: readonly string[],
  work: (device: ForgeDevice) => Promise<T>,
): Promise<T> {
  const device = await deviceWith(...features);
  try {
    return await work(device);
  } finally {
    device.close();
    device.gpu.destroy();
  }
}

async function pictures(
  device: ForgeDevice,
  input: TileSource | Uint8Array,
  load: LoadTextureOptions = {},
): Promise<{ made: Picture[]; format: TexelFormat; info: string }> {
  using system = new VirtualTextureSystem(device, options);
  const { format, info } = await system.loadTexture(input, load);
  const made = [];
  for (const camera of CAMERAS) {
    await system.update(camera);
    assert.equal(await system.flush(), true);
    made.push(await render(system, camera));
  }
  return { made, format, info };
}

function largestDifference(a: readonly Picture[], b: readonly Picture[]): number {
  return Math.max(...a.map(({ data }, i) => differenceBeyondWeights(data, b[i]!.data)));
}

/** GPUs interpolate the colours of BC1 with few bits: 5 of 255 measured on one. */
const BC1_COLORS = HAS_EXACT_WEIGHTS ? 1 : 6;

/** Format of the source, format on a device without BC, and what precision leaves open. */
const FORMATS: [TexelFormat, TexelFormat, number][] = [
  ["bc1-rgba-unorm-srgb", "rgba8unorm-srgb", BC1_COLORS],
  ["bc3-rgba-unorm", "rgba8unorm", BC1_COLORS],
  ["bc4-r-unorm", "r8unorm", 1],
  // Hardware keeps more than 8 bits.
  ["bc5-rg-unorm", "rgba8unorm", 2],
  ["bc7-rgba-unorm", "rgba8unorm", 1],
  ["bc7-rgba-unorm-srgb", "rgba8unorm-srgb", 1],
];

for (const [stored, decoded, bound] of FORMATS) {
  Deno.test(`${stored} shows the same picture on a device without BC, decoded on the CPU`, async () => {
    const source = () => mapSource({ width: 600, height: 600, format: stored });
    using device = await requestDevice();
    const wanted = await pictures(device, source());
    assert.equal(wanted.format, stored);
    const found = await onDevice([], (plain) => pictures(plain, source()));
    assert.equal(found.format, decoded);
    assert.ok(found.info.includes(`${stored} decoded to ${decoded} on the CPU`), found.info);
    const largest = largestDifference(wanted.made, found.made);
    assert.ok(largest <= bound, `${largest} of 255`);
    const other = await onDevice(
      [],
      (plain) => pictures(plain, mapSource({ width: 600, height: 600, format: stored, seed: 1 })),
    );
    const control = largestDifference(wanted.made, other.made);
    assert.ok(control > 4 * bound, `negative control: another texture is ${control} off`);
  });
}

Deno.test("a BC7 tile store loads on a device without BC, whatever its error would have named", async () => {
  const rows = patternRows({ width: 600, height: 600, format: "rgba8unorm", colorSpace: "srgb" });
  const sink = new MemorySink("made.pmtiles");
  using device = await requestDevice();
  await bakeRows(device, [{ level: 0, rows }], {
    output: sink,
    grid: new TileGrid(600, 600, 64),
    firstLevel: 0,
    format: "bc7",
    identity: { name: "made" },
  });
  const store = sink.bytes!;
  const wanted = await pictures(device, store);
  await assert.rejects(pictures(device, store, { preferredFormat: "rgba8" }), (error: Error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /preferredFormat cannot change .* holds bc7-rgba-unorm-srgb/);
    return true;
  });
  await assert.rejects(pictures(device, store, { quality: "low" }), {
    name: "UnsupportedError",
    message: /quality cannot change its tiles.*leave quality out/,
  });
  await assert.rejects(pictures(device, store, { colorSpace: "linear" }), {
    name: "UnsupportedError",
    message: /colorSpace cannot change its own colour space, srgb: leave colorSpace out/,
  });
  await pictures(device, store, { colorSpace: "srgb" });
  await onDevice([], async (plain) => {
    for (const preferredFormat of [null, "rgba8", "BC7"]) {
      const found = await pictures(plain, store, { preferredFormat });
      assert.equal(found.format, "rgba8unorm-srgb");
      assert.ok(largestDifference(wanted.made, found.made) <= 1);
    }
    await assert.rejects(pictures(plain, store, { preferredFormat: "R8" }), UnsupportedError);
  });
});

/** 16-bit grey that grows to the right. */
function greySource(): TileSource {
  return proceduralTileSource((level, column, row, out, at) => {
    new DataView(out.buffer).setUint16(at, Math.min(65535, (column * 97 << level) + row), true);
  }, { width: 600, height: 600, tileSize: 64, border: 4, format: "r16unorm" });
}

Deno.test("16-bit tiles become floats on a device without R16, filtered with or without the sampler", async () => {
  const filtered = await onDevice(
    ["float32-filterable"],
    (plain) => pictures(plain, greySource()),
  );
  assert.equal(filtered.format, "r32float");
  const loaded = await onDevice([], (plain) => pictures(plain, greySource()));
  assert.equal(loaded.format, "r32float");
  assert.match(loaded.info, /r16unorm decoded to r32float.*\(4 bytes a texel instead of 2\)/);
  assert.ok(largestDifference(filtered.made, loaded.made) <= 1);
  using device = await requestDevice();
  if (!device.supports("r16unorm")) return console.log("the adapter has no R16 to compare with");
  const wanted = await pictures(device, greySource());
  assert.ok(largestDifference(wanted.made, filtered.made) <= 1);
});

Deno.test("a device that can hold neither form is told which feature is missing", async () => {
  await onDevice([], async (plain) => {
    const source = proceduralTileSource(() => {}, {
      ...{ width: 600, height: 600, tileSize: 64, border: 4, format: "astc-4x4-unorm" },
    });
    await assert.rejects(pictures(plain, source), (error: Error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, /cannot sample astc-4x4-unorm.*feature texture-compression-astc/);
      return true;
    });
  });
});

Deno.test("tiles of another length are a malformed source where they are decoded, too", async () => {
  await onDevice([], async (plain) => {
    const source = mapSource({ width: 600, height: 600, format: "bc7-rgba-unorm" });
    const { readTile } = source;
    source.readTile = async (...tile) => (await readTile.apply(source, tile)).subarray(16);
    await assert.rejects(pictures(plain, source), { name: "MalformedFileError" });
  });
});

Deno.test("impossible tile sources are refused, naming source, value and range", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const before = system.getMemoryInfo();
  const made = (changes: Record<string, unknown>): TileSource =>
    Object.create(
      new ControlledSource(),
      Object.fromEntries(
        Object.entries({ name: "my map", ...changes }).map(([key, value]) => [key, { value }]),
      ),
    );
  const impossible: [source: TileSource, argument: string, message: RegExp][] = [
    ...[48, 100, 32, 2048, 1].map((tileSize): [TileSource, string, RegExp] => [
      made({ grid: new TileGrid(2048, 2048, tileSize) }),
      "tileSize",
      new RegExp(`"my map".*a power of 2 from 64 to 1024: current value is ${tileSize}$`),
    ]),
    ...[1, 3, 10, 16, -2, 4.5, NaN].map((border): [TileSource, string, RegExp] => [
      made({ border }),
      "border",
      new RegExp(`"my map".*one of 0, 2, 4, 6, 8: current value is ${border}$`),
    ]),
    [made({ format: "bc9" }), "format", /bc7-rgba-unorm.*current value is bc9/],
    [made({ colorSpace: "lab" }), "colorSpace", /one of srgb, linear: current value is lab/],
  ];
  for (const [source, argument, message] of impossible) {
    await assert.rejects(system.loadTexture(source), (error: OutOfRangeError) => {
      assert.ok(error instanceof OutOfRangeError, String(error));
      assert.equal(error.argument, argument);
      assert.match(error.message, message);
      return true;
    });
  }
  const lacking: [changes: Record<string, unknown>, argument: string][] = [
    [{ grid: undefined }, "grid"],
    [{ grid: { ...mapSource().grid } }, "grid"],
    [{ name: 3 }, "name"],
    [{ close: null }, "input"],
    [{ border: "4" }, "border"],
    [{ format: 7 }, "format"],
    [{ info: null }, "info"],
    [{ counters: undefined }, "counters"],
  ];
  for (const [changes, argument] of lacking) {
    await assert.rejects(system.loadTexture(made(changes)), {
      name: "InvalidArgumentError",
      argument,
    });
  }
  await assert.rejects(system.loadTexture(made({ readTile: 3 })), { argument: "input" });
  await assert.rejects(system.loadTexture(mapSource(), { preferredFormat: "BC7" }), {
    name: "UnsupportedError",
    message: /preferredFormat cannot change the format of its tiles, rgba8unorm: leave/,
  });
  assert.deepEqual(system.getMemoryInfo(), before);
  await system.loadTexture(made({}));
});

Deno.test("sources of every border that is allowed are loaded", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  for (const border of [0, 2, 4, 6, 8]) {
    const texture = await system.loadTexture(mapSource({ border, seed: border }));
    await system.update(CAMERAS[0]!);
    assert.equal(await system.flush(), true);
    assert.ok(await system.unloadTexture(texture) === undefined);
  }
});
