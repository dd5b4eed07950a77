import assert from "node:assert/strict";
import { read as readKtx2 } from "ktx-parse";
import sharp from "sharp";
import { bakePicture, type BakePictureOptions, type BakeReport } from "../../src/bake/mod.ts";
import {
  BakeError,
  FileError,
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../src/errors.ts";
import {
  encodeFloatTiff,
  ktx2TileSource,
  MemorySink,
  memorySource,
  openFileSource,
  openTileStore,
  readKtx2 as readOurKtx2,
} from "../../src/sources/mod.ts";
import { largestDifference } from "./compare_store.ts";
import { referenceMips } from "./reference_mips.ts";
import { madeRaster } from "../sources/picture/made_raster.ts";
import { namesIn, withFolder } from "../helpers/temporary_folder.ts";

const WIDTH = 173;
const HEIGHT = 90;

function pixels(): Uint8Array {
  return Uint8Array.from(
    { length: WIDTH * HEIGHT * 4 },
    (_, i) => i % 4 === 3 ? (i >> 4) & 255 : (i * 7 + Math.floor(i / (4 * WIDTH)) * 3) & 255,
  );
}

async function png(): Promise<Uint8Array> {
  const raw = { width: WIDTH, height: HEIGHT, channels: 4 } as const;
  return new Uint8Array(await sharp(pixels(), { raw }).png().toBuffer());
}

Deno.test("a picture becomes a tile store whose tiles equal the reference", () =>
  withFolder(async (folder) => {
    const input = `${folder}/picture.png`;
    const output = `${folder}/picture.pmtiles`;
    await Deno.writeFile(input, await png());
    const report = await bakePicture(null, input, { output, tileSize: 32, border: 4 });
    const { timeMs, ...rest } = report;
    assert.ok(timeMs > 0);
    const wanted: Omit<BakeReport, "timeMs"> = {
      output,
      container: "pmtiles",
      width: WIDTH,
      height: HEIGHT,
      levels: 8,
      tiles: 6 * 3 + 3 * 2 + 2 + 5,
      format: "rgba8unorm-srgb",
      colorSpace: "srgb",
      byteLength: (await Deno.stat(output)).size,
    };
    assert.deepEqual(rest, wanted);
    assert.deepEqual(namesIn(folder), ["picture.pmtiles", "picture.png"]);
    const store = await openTileStore(await openFileSource(output));
    assert.equal(store.description.source.name, "picture.png");
    const levels = referenceMips(pixels(), {
      width: WIDTH,
      height: HEIGHT,
      format: "rgba8unorm",
      srgb: true,
    });
    assert.ok(await largestDifference(store, levels, "rgba8unorm") <= 1);
    store.close();
  }));

Deno.test("a picture becomes a KTX2 file of whole levels, coarsest first", async () => {
  const sink = new MemorySink("picture.ktx2");
  const report = await bakePicture(null, await png(), { output: sink });
  const bytes = sink.bytes!;
  assert.equal(report.byteLength, bytes.byteLength);
  assert.equal(report.tiles, 0);
  const file = readKtx2(bytes);
  assert.deepEqual(
    [file.vkFormat, file.pixelWidth, file.pixelHeight, file.supercompressionScheme],
    [43, WIDTH, HEIGHT, 0],
  );
  assert.deepEqual(file.keyValue, { KTXorientation: "rd", KTXwriter: "forge3d" });
  const levels = referenceMips(pixels(), {
    width: WIDTH,
    height: HEIGHT,
    format: "rgba8unorm",
    srgb: true,
  });
  assert.equal(file.levels.length, levels.length);
  const index = new DataView(bytes.buffer);
  levels.forEach(({ values }, level) => {
    const { levelData } = file.levels[level]!;
    assert.equal(levelData.byteLength, values.length);
    for (let i = 0; i < values.length; i++) {
      const isHidden = levelData[i | 3] === 0;
      if (!isHidden) assert.ok(Math.abs(levelData[i]! - values[i]!) <= 1);
    }
    const offset = Number(index.getBigUint64(80 + 24 * level, true));
    assert.equal(offset % 4, 0);
    if (level > 0) {
      assert.ok(offset < Number(index.getBigUint64(80 + 24 * (level - 1), true)));
    }
  });
});

Deno.test("grey pictures of 8 and 16 bits keep their depth in both kinds of file", async () => {
  const grey = Uint8Array.from({ length: 64 * 40 }, (_, i) => i);
  const deep = Uint16Array.from({ length: 64 * 40 }, (_, i) => i * 25);
  const raw = { width: 64, height: 40, channels: 1 } as const;
  const made = [
    [await sharp(grey, { raw }).toColourspace("b-w").png().toBuffer(), "r8unorm", 15],
    [await sharp(deep, { raw }).toColourspace("grey16").png().toBuffer(), "r16unorm", 70],
  ] as const;
  for (const [file, format, vkFormat] of made) {
    const store = new MemorySink("picture.pmtiles");
    const input = new Uint8Array(file);
    assert.equal((await bakePicture(null, input, { output: store })).format, format);
    const whole = new MemorySink("picture.ktx2");
    assert.equal((await bakePicture(null, input, { output: whole })).format, format);
    assert.equal(readKtx2(whole.bytes!).vkFormat, vkFormat);
  }
});

Deno.test("both kinds of file stream the same tiles, of sRGB grey as what samplers decode", async () => {
  const grey = Uint8Array.from({ length: 61 * 45 }, (_, i) => (i * i) >> 3);
  const raw = { width: 61, height: 45, channels: 1 } as const;
  const greyPng = await sharp(grey, { raw }).toColourspace("b-w").png().toBuffer();
  for (const input of [await png(), new Uint8Array(greyPng)]) {
    const tiles = { tileSize: 16, border: 4 };
    const asStore = new MemorySink("picture.pmtiles");
    const asKtx2 = new MemorySink("picture.ktx2");
    await bakePicture(null, input, { output: asStore, ...tiles });
    await bakePicture(null, input, { output: asKtx2 });
    const store = await openTileStore(memorySource(asStore.bytes!, "picture.pmtiles"));
    const bytes = memorySource(asKtx2.bytes!, "picture.ktx2");
    const whole = ktx2TileSource(bytes, await readOurKtx2(bytes), tiles);
    const isGrey = store.format === "r8unorm";
    const format = isGrey ? "rgba8unorm-srgb" : store.format;
    assert.deepEqual([whole.format, whole.colorSpace], [format, store.colorSpace]);
    for (let tile = 0; tile < store.grid.tileCount; tile++) {
      const { level, x, y } = store.grid.addressOf(tile);
      const stored = await store.readTile(level, x, y);
      const colors = [...stored].flatMap((value) => [value, value, value, 255]);
      const wanted = isGrey ? Uint8Array.from(colors) : stored;
      assert.deepEqual(await whole.readTile(level, x, y), wanted);
    }
    whole.close();
    store.close();
  }
});

Deno.test("phases are reported in order, and the fraction ends at 1", async () => {
  const told: string[] = [];
  let last = 0;
  await bakePicture(null, await png(), {
    output: new MemorySink("picture.pmtiles"),
    onProgress: ({ phase, fraction }) => {
      if (told.at(-1) !== phase) told.push(phase);
      assert.ok(fraction >= last && fraction <= 1);
      last = fraction;
    },
  });
  assert.deepEqual(told, ["decode", "bake", "write"]);
  assert.ok(last > 1 - 1e-9);
});

Deno.test("a bake that is cancelled in any phase leaves nothing and keeps the old file", () =>
  withFolder(async (folder) => {
    const input = await png();
    for (const name of ["picture.pmtiles", "picture.ktx2"]) {
      const output = `${folder}/${name}`;
      await Deno.writeTextFile(output, "old");
      for (const phase of ["decode", "bake", "write"]) {
        const controller = new AbortController();
        const reason = new Error(`enough of ${phase}`);
        const isLast = name.endsWith("ktx2") && phase === "write";
        // A KTX2 file is complete when its last phase begins to report.
        const work = bakePicture(null, input, {
          output,
          tileSize: 8,
          signal: controller.signal,
          onProgress: (progress) => progress.phase === phase && controller.abort(reason),
        });
        if (isLast) await work;
        else {
          await assert.rejects(work, reason);
          assert.equal(await Deno.readTextFile(output), "old");
        }
        assert.deepEqual(namesIn(folder).filter((found) => /tmp|\.v$/.test(found)), []);
      }
      await Deno.remove(output);
    }
    const signal = AbortSignal.abort(new Error("enough"));
    const output = `${folder}/x.ktx2`;
    await assert.rejects(() => bakePicture(null, input, { output, signal }), /enough/);
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("a picture is never replaced by its own bake, whatever path or link names it", () =>
  withFolder(async (folder) => {
    const bytes = await png();
    const input = `${folder}/picture.ktx2`;
    await Deno.writeFile(input, bytes);
    await Deno.symlink(input, `${folder}/link.ktx2`);
    await Deno.link(input, `${folder}/other.pmtiles`);
    for (const name of ["picture.ktx2", "./picture.ktx2", "link.ktx2", "other.pmtiles"]) {
      await assert.rejects(
        () => bakePicture(null, input, { output: `${folder}/${name}`, format: "rgba8" }),
        /output must be another file than the picture/,
      );
    }
    assert.deepEqual(await Deno.readFile(input), bytes);
    assert.deepEqual(namesIn(folder), ["link.ktx2", "other.pmtiles", "picture.ktx2"]);
    await bakePicture(null, input, { output: `${folder}/new.ktx2`, format: "rgba8" });
  }));

Deno.test("bad input is refused with a typed error and leaves nothing", () =>
  withFolder(async (folder) => {
    const input = await png();
    const cut = input.subarray(0, input.byteLength >> 1);
    const output = `${folder}/picture.pmtiles`;
    const refused: [
      picture: string | Uint8Array,
      options: Partial<BakePictureOptions>,
      // deno-lint-ignore no-explicit-any -- any error class
      error: new (...args: any[]) => Error,
    ][] = [
      [`${folder}/none.png`, {}, FileError],
      [cut, {}, MalformedFileError],
      [new Uint8Array(9), {}, MalformedFileError],
      [input, { output: `${folder}/picture.png` }, OutOfRangeError],
      [input, { output: 3 as never }, InvalidArgumentError],
      [input, { output: `${folder}/none/picture.ktx2` }, BakeError],
      [input, { format: "bc9" }, OutOfRangeError],
      [input, { format: "bc7" }, UnsupportedError],
      [input, { format: "r8" }, UnsupportedError],
      [input, { quality: "best" as "high" }, OutOfRangeError],
      [input, { colorSpace: "lab" as "srgb" }, OutOfRangeError],
      [input, { tileSize: 1 }, OutOfRangeError],
      [input, { tileSize: 2.5 }, OutOfRangeError],
      [input, { tileSize: 5000 }, OutOfRangeError],
      [input, { border: 65 }, OutOfRangeError],
    ];
    for (const [picture, options, error] of refused) {
      await assert.rejects(() => bakePicture(null, picture, { output, ...options }), error);
    }
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("what a picture lacks for a format is said in bands and types of numbers", async () => {
  const rgb = { width: 4, height: 4, channels: 3 as const };
  const png = new Uint8Array(await sharp(new Uint8Array(48), { raw: rgb }).png().toBuffer());
  const output = new MemorySink("a.pmtiles");
  await assert.rejects(() => bakePicture(null, png, { output, format: "r8" }), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(
      error.message,
      /to r8 as it must have one band of uint8 or uint16: it has three bands of uint8$/,
    );
    return true;
  });
  const heights = await encodeFloatTiff({ width: 4, height: 4, data: new Float32Array(16) });
  await assert.rejects(
    () => bakePicture(null, heights, { output, format: "rgba8" }),
    /must have one, two or four bands of uint8 or uint16: it has one band of float32$/,
  );
  const deep = madeRaster({ samples: new Int16Array(48), width: 4, height: 4, bands: 3 });
  await assert.rejects(
    () => bakePicture(null, deep, { output, format: "rgba8" }),
    /: it has three bands of int16, read as four bands of float32$/,
  );
});
