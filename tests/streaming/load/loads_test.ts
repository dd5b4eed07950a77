import assert from "node:assert/strict";
import {
  BudgetError,
  FileError,
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { type LoadTextureOptions, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { FORMAT_ROWS, makeKtx2, noiseLevels } from "../../sources/ktx2/make_ktx2.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { checkPlaces } from "../pictures.ts";
import { ControlledSource, mapSource, never, pause } from "../sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0) * 1.001);
const options = { maxMemoryBytes: 4 * 2 ** 20, tileSize: 64 };

/** A file of noise with a full chain of levels. */
function ktx2(changes: Partial<Parameters<typeof makeKtx2>[0]> = {}): Uint8Array {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: 256, height: 256 };
  return makeKtx2({ row, ...size, levels: noiseLevels(row, size, 9), ...changes });
}

function withByte(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = file.slice();
  copy[at] = value;
  return copy;
}

type Failure = [
  name: string,
  input: Parameters<VirtualTextureSystem["loadTexture"]>[0],
  error: abstract new (...args: never[]) => Error,
  options?: LoadTextureOptions,
];

function failures(folder: string, maxTextureSize: number): Failure[] {
  const file = ktx2();
  const noTail = new ControlledSource();
  noTail.before = ({ level }) => {
    if (level === noTail.grid.tailLevel + 1) throw new Error("broken");
  };
  const shortTail = new ControlledSource();
  shortTail.inner.readTile = () => Promise.resolve(new Uint8Array(8));
  const large = mapSource({ width: 2 ** 16, height: 2 ** 16 });
  const huge = mapSource({ width: 2 ** 20, height: 2 ** 20 });
  const isBeyond = huge.grid.tileCount > maxTextureSize ** 2;
  Deno.writeFileSync(`${folder}/cut.ktx2`, file.subarray(0, 5000));
  Deno.writeFileSync(`${folder}/empty.ktx2`, new Uint8Array(0));
  Deno.writeTextFileSync(`${folder}/text.png`, "not a picture at all");
  return [
    ["missing", `${folder}/none.ktx2`, FileError],
    ["a folder", folder, FileError],
    ["a path with NUL", `${folder}/a\0b.ktx2`, Error],
    ["an empty path", "", Error],
    ["empty", `${folder}/empty.ktx2`, Error],
    ["cut off on disk", `${folder}/cut.ktx2`, MalformedFileError],
    ["cut off in memory", file.subarray(0, file.length - 300), MalformedFileError],
    ["cut in the header", file.subarray(0, 60), MalformedFileError],
    ["no picture", `${folder}/text.png`, Error],
    ["no bytes", new Uint8Array(0), Error],
    ["a broken header", withByte(file, 16, 3), MalformedFileError],
    ["faces", ktx2({ faces: 6 }), Error],
    ["an unsupported format", withByte(file, 12, 97), Error],
    ["a number", 7 as never, InvalidArgumentError],
    ["nothing", null as never, InvalidArgumentError],
    ["a web address", new URL("https://example.org/a.ktx2"), InvalidArgumentError],
    ["an unknown option", file, InvalidArgumentError, { colour: 1 } as never],
    ["an unknown format", file, OutOfRangeError, { preferredFormat: "BC9" }],
    ["a bad origin", file, InvalidArgumentError, { origin: [1, 2] }],
    ["no area", file, Error, { extent: [0, 5] }],
    ["a tail that cannot be read", noTail, Error],
    ["a tail of the wrong size", shortTail, MalformedFileError],
    ["a page table beyond the budget", large, BudgetError],
    // Some devices have textures that are large enough.
    ["a page table beyond the device", huge, isBeyond ? OutOfRangeError : BudgetError],
    ["cancelled before", mapSource(), DOMException, { signal: AbortSignal.abort() }],
    ["cancelled before, a file", file, DOMException, { signal: AbortSignal.abort() }],
  ];
}

Deno.test("a failed load is a typed error and leaves the system as it was", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using device = await requestDevice();
    const maxTextureSize = device.limits.maxTextureDimension2D!;
    using system = new VirtualTextureSystem(device, { ...options, cacheFolder: `${folder}/cache` });
    const texture = await system.loadTexture(mapSource());
    await system.update(camera);
    await system.flush();
    await device.submits.wait();
    const before = system.getMemoryInfo();
    const statistics = system.getStatistics();
    for (const [name, input, error, options] of failures(folder, maxTextureSize)) {
      await assert.rejects(system.loadTexture(input, options), error, name);
      await device.submits.wait();
      assert.deepEqual(system.getMemoryInfo(), before, name);
      assert.deepEqual(system.getStatistics(), statistics, name);
      assert.deepEqual(system.textures, [texture], name);
      device.assertAlive();
    }
    await checkEverything(system);
    const elsewhere = lookDown(300, 1700, heightOfLevel(1));
    assert.ok((await system.update(elsewhere)).tilesLoaded > 0, "it still streams");
    checkPlaces(await render(system, elsewhere), elsewhere, texture);
    await checkEverything(system);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an unsupported thing is an error that names it", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const unsupported = (changes: Parameters<typeof ktx2>[0]) =>
    assert.rejects(system.loadTexture(ktx2(changes)), UnsupportedError);
  await unsupported({
    layers: 3,
    levels: noiseLevels(FORMAT_ROWS["rgba8unorm"]!, {
      width: 256,
      height: 256,
    }, 9).map(({ stored }) => ({ stored: new Uint8Array(3 * stored.length) })),
  });
  checkMemory(system);
});

Deno.test("a load that is cancelled while its tail is read changes nothing", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const before = system.getMemoryInfo();
  for (const heeds of [true, false]) {
    const source = new ControlledSource();
    source.before = (_, signal) =>
      heeds
        ? new Promise((_, reject) =>
          signal!.addEventListener("abort", () => reject(signal!.reason))
        )
        : pause(20);
    const abort = new AbortController();
    const loading = system.loadTexture(source, { signal: abort.signal });
    await pause();
    abort.abort(new Error("enough"));
    await assert.rejects(loading, /enough/);
    assert.ok(source.closed);
    assert.deepEqual(system.getMemoryInfo(), before);
  }
});

Deno.test("a load that waits for a slow file holds no other load or update up", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const slow = new ControlledSource();
  slow.before = never;
  const abort = new AbortController();
  slow.before = (_, signal) =>
    new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
  const loading = system.loadTexture(slow, { signal: abort.signal });
  const texture = await system.loadTexture(mapSource());
  assert.ok((await system.update(camera)).tilesLoaded > 0);
  await system.unloadTexture(texture);
  abort.abort();
  await assert.rejects(loading);
  checkMemory(system);
});

Deno.test("KTX2 bytes and paths of several formats stream beside each other", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, options);
    const size = { width: 300, height: 200 };
    for (const format of ["rgba8unorm", "bc7-rgba-unorm-srgb", "r8unorm"] as const) {
      const row = FORMAT_ROWS[format]!;
      const file = makeKtx2({ row, ...size, levels: noiseLevels(row, size, 9) });
      Deno.writeFileSync(`${folder}/${format}.ktx2`, file);
      for (
        const input of [
          file,
          `${folder}/${format}.ktx2`,
          new URL(`file://${folder}/${format}.ktx2`),
        ]
      ) {
        const texture = await system.loadTexture(input);
        assert.equal(texture.format, format);
      }
    }
    system.updateNow(lookDown(150, 100, heightOfLevel(0)));
    assert.equal(await system.flush(), true);
    assert.equal(system.textures.length, 9);
    await checkEverything(system);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("systems that come and go leave nothing on the device", async () => {
  using device = await requestDevice();
  const systems: VirtualTextureSystem[] = [];
  for (let round = 0; round < 5; round++) {
    const system = new VirtualTextureSystem(device, options);
    systems.push(system);
    await system.loadTexture(mapSource());
    await system.loadTexture(mapSource({ format: "bc1-rgba-unorm" }));
    await system.update(camera);
    await render(system, camera);
    system.updateNow(camera);
    system.close();
  }
  await device.submits.wait();
  for (const system of systems) {
    const { usedMemory, atlasSlotsTotal, activeTiles } = system.getMemoryInfo();
    assert.deepEqual([usedMemory, atlasSlotsTotal, activeTiles], [0, 0, 0]);
  }
  await pause();
  device.assertAlive();
});
