import assert from "node:assert/strict";
import { constants, deflateSync, zstdCompressSync } from "node:zlib";
import { join } from "node:path";
import { type FileCheck, readFileInfo } from "../../../src/cli/vt/file_info.ts";
import { imageArguments } from "../../../src/cli/vt/image_arguments.ts";
import { listedNames } from "../../../src/cli/vt/listed_names.ts";
import { infoLine } from "../../../src/cli/vt/vt_info.ts";
import { memorySource, readKtx2, verifyKtx2 } from "../../../src/sources/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { FORMAT_ROWS, type Ktx2Parts, makeKtx2, noise } from "../../sources/ktx2/make_ktx2.ts";
import { BLOCK_FORMATS } from "../../sources/ktx2/vulkan_formats.ts";
import { makeArchive, SMALL } from "../../sources/tile_store/made_store.ts";

const TILES = { tileSize: 64, border: 4 };
const PARAMS = { [constants.ZSTD_c_checksumFlag]: 1 };
const PACK = {
  2: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes, { params: PARAMS })),
  3: (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes)),
};

/** A file of 16 × 16 texels whose levels are packed; `change` damages a packed level. */
function packed(
  scheme: 2 | 3,
  change: (stored: Uint8Array, level: number) => void,
  parts: Partial<Ktx2Parts> = {},
): Uint8Array {
  const row = parts.row ?? FORMAT_ROWS["rgba8unorm"]!;
  const levels = Array.from({ length: 5 }, (_, level) => {
    const content = noise((16 >> level) ** 2 * row.blockBytes, level + 1).map((byte) => byte & 3);
    const stored = PACK[scheme](content);
    change(stored, level);
    return { stored, uncompressedLength: content.length };
  });
  return makeKtx2({ row, width: 16, height: 16, levels, scheme, ...parts });
}

/** The last bytes of both are a checksum of the content. */
function spoil(wanted: number) {
  return (stored: Uint8Array, level: number) => {
    if (level === wanted) stored[stored.length - 2]! ^= 4;
  };
}

async function toldOf(bytes: Uint8Array, name: string, check: FileCheck = {}): Promise<string> {
  let told = "";
  await withFolder(async (folder) => {
    const path = join(folder, name);
    await Deno.writeFile(path, bytes);
    try {
      told = infoLine(await readFileInfo(path, TILES, check)).slice(path.length + 2);
    } catch (error) {
      told = `${(error as Error).name}: ${(error as Error).message.replaceAll(path, name)}`;
    }
  });
  return told;
}

Deno.test("with verify, a wrong checksum in any level is found, of formats that are not supported too", async () => {
  // Two unsigned integers of 8 bits.
  const uint = {
    ...FORMAT_ROWS["r16unorm"]!,
    vkFormat: 20,
    typeSize: 1,
    samples: [[0, 8, 0, 0, 1], [8, 8, 1, 0, 1]] as const,
  };
  for (const scheme of [2, 3] as const) {
    for (const parts of [{}, { row: uint }]) {
      const whole = packed(scheme, () => {}, parts);
      assert.match(await toldOf(whole, "a.ktx2", { isVerified: true }), /^ktx2 16 × 16; /);
      for (const level of [0, 2, 4]) {
        const bad = packed(scheme, spoil(level), parts);
        assert.match(await toldOf(bad, "a.ktx2"), /^ktx2 16 × 16; /, "the description is right");
        assert.match(
          await toldOf(bad, "a.ktx2", { isVerified: true }),
          new RegExp(`^MalformedFileError: Cannot inflate level ${level} of a.ktx2 as its data is`),
        );
      }
    }
  }
});

Deno.test("with verify, every level without supercompression is read, and progress grows to 1", async () => {
  const row = FORMAT_ROWS["r8unorm"]!;
  const stored = noise(4096 * 2048, 1);
  const file = makeKtx2({ row, width: 4096, height: 2048, levels: [{ stored }] });
  const inner = memorySource(file);
  const described = await readKtx2(inner);
  const seen: number[] = [];
  let read = 0;
  const counted = {
    ...inner,
    name: "a",
    read: (offset: number, length: number) => {
      read += length;
      return inner.read(offset, length);
    },
  };
  await verifyKtx2(counted, described, { onProgress: (fraction) => seen.push(fraction) });
  assert.equal(read, stored.length);
  assert.ok(seen.length >= 2 && seen.at(-1) === 1);
  assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
  const signal = AbortSignal.abort(new Error("stop"));
  await assert.rejects(verifyKtx2(counted, described, { signal }), /stop/);
});

Deno.test("with verify, every tile of a store is compared with its checksum", async () => {
  const store = await makeArchive({ ...SMALL, tileSize: 64, border: 4 });
  assert.match(await toldOf(store, "a.pmtiles", { isVerified: true }), /^tile store /);
  store[store.length - 20]! ^= 1;
  assert.match(await toldOf(store, "a.pmtiles"), /^tile store /);
  assert.match(
    await toldOf(store, "a.pmtiles", { isVerified: true }),
    /^SourceReadError: .*checksum/,
  );
});

Deno.test("a format number that Vulkan cannot have is malformed, one of a later extension unsupported", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const levels = [{ stored: noise(64, 1) }];
  for (const vkFormat of [0xfeedfeed, 0x7fffffff, 1001000000, 185, 1000000999, 2 ** 32 - 1]) {
    const file = makeKtx2({ row: { ...row, vkFormat }, width: 4, height: 4, levels });
    assert.match(
      await toldOf(file, "a.ktx2"),
      /^MalformedFileError: .* vkFormat must be a format of/,
    );
  }
  const later = makeKtx2({ row: { ...row, vkFormat: 1000999003 }, width: 4, height: 4, levels });
  assert.match(await toldOf(later, "a.ktx2"), /not supported: format unknown \(1000999003\)$/);
});

Deno.test("vt info says where levels that are missing cannot be made", async () => {
  const { row } = BLOCK_FORMATS.find(({ name }) => name === "ASTC_4x4_UNORM_BLOCK")!;
  const levels = [8, 4, 2, 1].map((edge) => ({ stored: noise(16 * Math.ceil(edge / 4) ** 2, 1) }));
  const told = (count: number) =>
    toldOf(makeKtx2({ row, width: 8, height: 8, levels: levels.slice(0, count) }), "a.ktx2");
  assert.match(await told(3), /; not supported: astc-4x4-unorm without all of its levels$/);
  assert.doesNotMatch(await told(4), /not supported/);
});

Deno.test("vt info tells of images, and checks one that is chosen", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const file = (parts: Partial<Ktx2Parts>, images: number) =>
    makeKtx2({ row, width: 4, height: 4, levels: [{ stored: noise(64 * images, 1) }], ...parts });
  const cubes = file({ layers: 3, faces: 6 }, 18);
  const line = await toldOf(cubes, "a.ktx2");
  assert.match(line, /3 layers \(--layer 0 to 2\); 6 faces \(--face 0 to 5\); 1 of 3 levels/);
  assert.doesNotMatch(line, /not supported/);
  assert.match(await toldOf(file({ depth: 5 }, 5), "a.ktx2"), /5 slices \(--slice 0 to 4\)/);
  assert.doesNotMatch(await toldOf(file({ layers: 1 }, 1), "a.ktx2"), /--layer/);
  assert.match(await toldOf(cubes, "a.ktx2", { image: { layer: 2, face: 1 } }), /^ktx2/);
  const wrong: [Uint8Array, string, FileCheck["image"] & object, RegExp][] = [
    [cubes, "a.ktx2", { layer: 3, face: 0 }, /^OutOfRangeError: .*layer must be/],
    [cubes, "a.ktx2", { layer: 1 }, /^UnsupportedError: .*choose face from 0 to 5$/],
    [await makeArchive(SMALL), "a.pmtiles", { face: 1 }, /^OutOfRangeError: .*must be left out/],
  ];
  for (const [bytes, name, image, message] of wrong) {
    assert.match(await toldOf(bytes, name, { image }), message);
  }
  assert.deepEqual(imageArguments({ layer: "2", slice: "0" }, "Cannot"), { layer: 2, slice: 0 });
  for (const text of ["-1", "1.5", "", "two", "99999999999"]) {
    assert.throws(() => imageArguments({ face: text }, "Cannot"), {
      name: "OutOfRangeError",
      message: `Cannot as --face must be an integer from 0 on: current value is ${text}`,
    });
  }
});

async function names(...parts: readonly string[]): Promise<string[]> {
  const stream = ReadableStream.from(parts.map((part) => new TextEncoder().encode(part)));
  return await Array.fromAsync(listedNames(stream));
}

Deno.test("names on standard input are lines, or end with NUL", async () => {
  assert.deepEqual(await names("a b.ktx2\n", "\n-c.ktx2\r\nd"), ["a b.ktx2", "-c.ktx2", "d"]);
  assert.deepEqual(await names("a\nb\0c \0", "d\r\0"), ["a\nb", "c ", "d\r"]);
  assert.deepEqual(await names("a", "b", "c"), ["abc"]);
  assert.deepEqual(await names(), []);
  assert.deepEqual(await names("\n\n"), []);
  const bytes = new TextEncoder().encode("é\nü\n");
  const stream = ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte)));
  assert.deepEqual(await Array.fromAsync(listedNames(stream)), ["é", "ü"]);
});
