import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { DisposedError, OutOfRangeError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { encodePng } from "../../../src/sources/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
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
