import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { readFileInfo } from "../../../src/cli/vt/file_info.ts";
import { infoLine } from "../../../src/cli/vt/vt_info.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { FORMAT_ROWS, makeKtx2, noiseLevels } from "../../sources/ktx2/make_ktx2.ts";
import { basis, parts, RGBA8 } from "../../sources/ktx2/sample_parts.ts";
import { makeArchive, SAMPLE_2_PLANES, SMALL } from "../../sources/tile_store/made_store.ts";
import { madeRaster } from "../../sources/picture/made_raster.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

function ktx2(): Uint8Array {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: 100, height: 60 };
  return makeKtx2({ row, ...size, levels: noiseLevels(row, size, 7) });
}

/** Kind of a failure and the file that it names, or "fine". */
async function verdict(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "fine";
  } catch (error) {
    const { code, path, message } = error as { code: string; path: string; message: string };
    return `${code} ${path}: ${message}`;
  }
}

Deno.test("vt info and loading give the same verdict on every file, with the same message", () =>
  withFolder(async (folder) => {
    const create = { width: 90, height: 70, channels: 3 as const, background: "#963" };
    const png = new Uint8Array(await sharp({ create }).png().toBuffer());
    const store = await makeArchive({ ...SMALL, tileSize: 64, border: 4 });
    const text = new TextEncoder();
    const pointer = text.encode("version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    const files: Record<string, Uint8Array> = {
      "whole.ktx2": ktx2(),
      "whole.pmtiles": store,
      "whole.png": png,
      "picture.ktx2": png,
      "texture.png": ktx2(),
      "store.jpg": store,
      "three.ktx2": Uint8Array.of(1, 2, 3),
      "three.pmtiles": Uint8Array.of(1, 2, 3),
      "three.png": Uint8Array.of(1, 2, 3),
      "three": Uint8Array.of(1, 2, 3),
      "empty.ktx2": new Uint8Array(0),
      "empty.png": new Uint8Array(0),
      "cut.ktx2": ktx2().subarray(0, 70),
      "magic.ktx2": ktx2().subarray(0, 12),
      "cut.pmtiles": store.subarray(0, 200),
      "pointer.ktx2": pointer,
      "pointer.png": pointer,
      "text.pmtiles": text.encode("no tile store"),
      "text.jpg": text.encode("no picture at all"),
      "moving.gif": text.encode("GIF89a"),
      "page.ktx2": text.encode("<!DOCTYPE html><html></html>"),
      "page.png": text.encode("<html></html>"),
      "error.pmtiles": text.encode('<?xml version="1.0"?><Error/>'),
      "packed.ktx2": Uint8Array.of(0x1f, 0x8b, 8, 0, 0),
      "direct.ktx2": text.encode("DDS |"),
      "map.pmtiles": store.map((byte, at) => at === 99 ? 2 : byte),
    };
    using device = await requestDevice();
    const cacheFolder = join(folder, "cache");
    using system = new VirtualTextureSystem(device, { tileSize: 64, cacheFolder, maxMemoryMb: 16 });
    const fine: string[] = [];
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.writeFile(path, bytes);
      const told = await verdict(readFileInfo(path, { tileSize: 64, border: 4 }));
      assert.equal(await verdict(system.loadTexture(path)), told, name);
      if (told === "fine") fine.push(name);
      else assert.match(told, /^(malformed-file|unsupported) /, name);
    }
    assert.deepEqual(fine, Object.keys(files).slice(0, 6));
    const missing = join(folder, "none.ktx2");
    const told = await verdict(readFileInfo(missing, { tileSize: 64, border: 4 }));
    assert.match(told, /^file-not-found/);
    assert.equal(await verdict(system.loadTexture(missing)), told);
  }));

Deno.test("vt info tells what a file of Basis Universal is transcoded to, and what it takes then", () =>
  withFolder(async (folder) => {
    const path = join(folder, "basis.ktx2");
    const facts = async (bytes: Uint8Array) => {
      await Deno.writeFile(path, bytes);
      return await readFileInfo(path, { tileSize: 64, border: 4 });
    };
    const info = await facts(makeKtx2(basis()));
    assert.equal(info.format, "ETC1S");
    assert.deepEqual(info.transcoded_to, ["bc7-rgba-unorm-srgb", "rgba8unorm-srgb"]);
    assert.equal(info.memory!.tile, 72 * 72);
    assert.match(
      infoLine(info),
      /; transcoded to bc7-rgba-unorm-srgb, without block compression to rgba8/,
    );
    const texels = await facts(makeKtx2(parts(RGBA8)));
    assert.deepEqual(texels.transcoded_to, []);
    assert.doesNotMatch(infoLine(texels), /transcoded/);
  }));

Deno.test("vt info tells what is unusual of a tile store", () =>
  withFolder(async (folder) => {
    const path = join(folder, "planes.pmtiles");
    await Deno.writeFile(
      path,
      await makeArchive(SAMPLE_2_PLANES, (tile) => tile % 2 ? null : tile),
    );
    const info = await readFileInfo(path, { tileSize: 64, border: 4 });
    assert.deepEqual([info.levels, info.full_levels], [4, 6]);
    assert.deepEqual(info.store, {
      version: 2,
      planes: [
        { format: "bc1-rgba-unorm-srgb", color_space: "srgb", premultiplied_alpha: true },
        { format: "bc5-rg-unorm", color_space: "linear", premultiplied_alpha: false },
        { format: "r16unorm", color_space: "linear", premultiplied_alpha: false },
      ],
      first_level: 0,
      last_level: "tile",
      wrap: { x: "repeat", y: "clamp" },
      holes: true,
      values: null,
    });
    // 12 × 12 texels: 9 blocks of 8 and of 16 bytes, and 2 bytes a texel.
    assert.equal(info.memory!.tile, 72 + 144 + 288);
    const line = infoLine(info);
    assert.match(line, /store version 2; 3 planes: bc1-rgba-unorm-srgb \(srgb\), bc5-rg-unorm/);
    assert.match(line, /premultiplied alpha; wrap repeat × clamp; tiles may be absent; not supp/);
    await Deno.writeFile(path, await makeArchive(SMALL));
    const plain = infoLine(await readFileInfo(path, { tileSize: 64, border: 4 }));
    assert.doesNotMatch(plain, /\d planes|alpha|wrap|absent/);
    const bands = [
      { min: -3, max: 7.5, p2: 0, p98: 7, holes: 12 },
      { min: null, max: null, p2: null, p98: null, holes: 99 },
      { min: 0, max: 1, p2: 0, p98: 1, holes: 0 },
    ];
    const values = { sampleType: "float32", scale: 1, bands } as const;
    const measured = infoLine({ ...info, store: { ...info.store!, values } });
    assert.match(
      measured,
      /; values \(float32\): -3 to 7\.5 and 12 texels without, none, 0 to 1(;|$)/,
    );
  }));

Deno.test("vt info names every format that a load bakes a picture to, this device's among them", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: 64, cacheFolder: folder });
    const made = { samples: new Uint16Array(3 * 64), width: 8, height: 8, bands: 3 };
    const files = {
      "deep.tif": madeRaster(made),
      "colors.tif": madeRaster({ ...made, samples: new Uint8Array(3 * 64) }),
      "heights.tif": madeRaster({ ...made, samples: new Int16Array(64), bands: 1 }),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.writeFile(path, bytes);
      const { scheme } = await readFileInfo(path, { tileSize: 64, border: 4 });
      const { formats: [format] } = await system.loadTexture(path);
      assert.ok(scheme.split(/[ (]+/).includes(format!), `${name}: ${scheme}, but ${format}`);
    }
  }));
