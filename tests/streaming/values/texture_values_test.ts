import { deflateSync } from "node:zlib";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { DisposedError, OutOfRangeError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { encodePng } from "../../../src/sources/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { makeKtx2, noise } from "../../sources/ktx2/make_ktx2.ts";
import { formatNamed } from "../load/plain_device.ts";
import { valueSource } from "../value_source.ts";

async function withSystem(test: (system: VirtualTextureSystem) => Promise<void>): Promise<void> {
  await withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, cacheFolder });
    await test(system);
  });
}

/** A grey picture of 16 bits, dark but for its last texel. */
function darkPng(): Promise<Uint8Array<ArrayBuffer>> {
  const data = Uint8Array.from({ length: 2 * 80 * 50 }, (_, i) => i % 2 === 0 ? 0 : (i >> 1) % 200);
  data.fill(255, data.length - 2);
  return encodePng({ width: 80, height: 50, layout: "grey16", data });
}

Deno.test("ranges are those of the channels that are sampled, values those that are stored", () =>
  withSystem(async (system) => {
    const source = valueSource((x, _y, band) => (band === 0 ? x : 1000 + x), {
      ...{ width: 64, height: 64, format: "rg32float", hasHoles: false },
      appearance: { swizzle: "gr11" },
    });
    const texture = await system.loadTexture(source);
    deepEqual(await texture.valueAt(7, 2), [7, 1007]);
    deepEqual(await texture.valueRange("minmax"), [[1000, 1063], [0, 63], [0, 1], [0, 1]]);
  }));

Deno.test("values of tiles are read, with ranges in units of what is sampled", () =>
  withSystem(async (system) => {
    const source = valueSource((x, y) => (x === 3 ? NaN : x + 100 * y), {
      ...{ width: 100, height: 70, hasHoles: true, valueScale: 10 },
    });
    const texture = await system.loadTexture(source);
    deepEqual([texture.taps, texture.valueScale], [["holes"], 10]);
    deepEqual(await texture.valueAt(7, 2), [2070]);
    ok(Number.isNaN((await texture.valueAt(3, 0))[0]));
    const region = await texture.readRegion([98, 1, 2, 2]);
    deepEqual([...region.data], [1980, 1990, 2980, 2990]);
    deepEqual(await texture.valueRange([0, 50]), [[0, 5]]);
    deepEqual(await texture.valueRange("minmax"), [[0, 6999]]);
    await rejects(texture.valueAt(100, 0), OutOfRangeError);
    await rejects(texture.valueRange([[0, 1], [0, 1]]), OutOfRangeError);
  }));

Deno.test("values of pictures are those of the file, until they are unloaded", () =>
  withSystem(async (system) => {
    const texture = await system.loadTexture(await darkPng());
    equal(texture.valueScale, 65535);
    deepEqual(await texture.valueAt(5, 1), [85]);
    const { data, bands } = await texture.readRegion([78, 49, 2, 1]);
    ok(data instanceof Uint16Array && bands === 1);
    deepEqual([...data], [(49 * 80 + 78) % 200, 65535]);
    const [[low, high]] = await texture.valueRange("percentiles") as [[number, number]];
    deepEqual([Math.round(65535 * low), Math.round(65535 * high)], [3, 195]);
    deepEqual(await texture.valueRange("minmax"), [[0, 1]]);
    await system.unloadTexture(texture);
    await rejects(texture.valueAt(0, 0), DisposedError);
  }));

Deno.test("holes are for floats alone", () =>
  withSystem(async (system) => {
    const options = { width: 100, height: 70, hasHoles: true, format: "r8unorm" } as const;
    await rejects(system.loadTexture(valueSource(() => 1, options)), OutOfRangeError);
    const odd = { width: 100, height: 70, hasHoles: 1 as unknown as boolean };
    await rejects(system.loadTexture(valueSource(() => 1, odd)), { name: "InvalidArgumentError" });
  }));

Deno.test("16 bits of KTX2 files keep their integers, whether they are baked or not", () =>
  withSystem(async (system) => {
    for (const scheme of ["none", "zlib"] as const) {
      const { row } = formatNamed("R16_UNORM");
      const size = { width: 96, height: 64 };
      const stored = noise(2 * size.width * size.height, 5);
      const level = scheme === "none" ? { stored } : {
        stored: new Uint8Array(deflateSync(stored)),
        uncompressedLength: stored.length,
      };
      const options = { row, ...size, levels: [level], scheme: scheme === "none" ? 0 : 3 };
      const texture = await system.loadTexture(makeKtx2(options));
      equal(texture.valueScale, 65535, texture.info);
      ok(texture.taps[0] !== "holes", "integers have none");
      const { data } = await texture.readRegion([0, 0, size.width, size.height]);
      deepEqual(data, new Uint16Array(stored.buffer, stored.byteOffset, stored.length / 2));
      deepEqual(await texture.valueRange([0, 65535]), [[0, 1]]);
    }
  }));

Deno.test("floats that may be holes are tapped so, unless it is known that none are", () =>
  withSystem(async (system) => {
    const size = { width: 100, height: 70 };
    for (const [hasHoles, tap] of [[undefined, "holes"], [true, "holes"], [false, "filtered"]]) {
      const source = valueSource((x) => x, { ...size, hasHoles: hasHoles as boolean | undefined });
      deepEqual((await system.loadTexture(source)).taps, [tap]);
    }
    const bytes = valueSource((x) => x, { ...size, format: "r8unorm" });
    deepEqual((await system.loadTexture(bytes)).taps, ["filtered"]);
  }));
