import assert from "node:assert/strict";
import { MalformedFileError, UnsupportedError } from "../../src/errors.ts";
import {
  fileKind,
  memorySource,
  openTileStore,
  readKtx2,
  readPictureInfo,
} from "../../src/sources/mod.ts";
import { rawArchive } from "./tile_store/raw_archive.ts";

const KTX2 = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 13, 10, 26, 10];
const PNG = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];
const POINTER = new TextEncoder().encode(
  `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d".repeat(32)}\nsize 12345\n`,
);

function kind(bytes: ArrayLike<number>, name = "a.bin"): Promise<string> {
  return fileKind(memorySource(Uint8Array.from(bytes), name));
}

Deno.test("the kind of a file follows from its content, not its name", async () => {
  for (const name of ["a.ktx2", "a.pmtiles", "a.png", "a"]) {
    assert.equal(await kind(KTX2, name), "ktx2");
    assert.equal(await kind(new TextEncoder().encode("PMTiles\x03"), name), "tile store");
    assert.equal(await kind(PNG, name), "picture");
    assert.equal(await kind([0xff, 0xd8, 0xff, 0xe0], name), "picture");
    assert.equal(await kind([0x49, 0x49, 0x2a, 0], name), "picture");
    assert.equal(await kind([0x4d, 0x4d, 0, 0x2a], name), "picture");
    assert.equal(await kind(new TextEncoder().encode("RIFF"), name), "picture");
  }
  assert.equal(await kind(new TextEncoder().encode("GIF89a"), "a.gif"), "picture");
});

Deno.test("files that are empty, or not what their names claim, are malformed", async () => {
  const bad: [bytes: ArrayLike<number>, name: string, message: RegExp][] = [
    [[], "a.png", /Cannot read a\.png as it is empty/],
    [[], "a.ktx2", /Cannot read a\.ktx2 as it is empty/],
    [
      [1, 2, 3],
      "a.ktx2",
      /KTX2 file a\.ktx2 as it must begin .* 3 bytes and begins with 01 02 03$/,
    ],
    [KTX2.slice(0, 7), "A.KTX2", /KTX2 file A\.KTX2 .* 7 bytes/],
    [[1], "a.pmtiles", /tile store a\.pmtiles as it must begin with "PMTiles"/],
    [POINTER, "a.pmtiles", /a\.pmtiles as it is a Git LFS pointer.*: run git lfs pull/],
    [POINTER, "a.jpg", /a\.jpg as it is a Git LFS pointer/],
  ];
  for (const [bytes, name, message] of bad) {
    await assert.rejects(kind(bytes, name), (error: Error) => {
      assert.ok(error instanceof MalformedFileError);
      assert.match(error.message, message);
      return true;
    });
  }
});

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

/** Characters as bytes. */
function raw(content: string): Uint8Array {
  return Uint8Array.from(content, (character) => character.charCodeAt(0));
}

const FOREIGN: Record<string, [start: Uint8Array, isMalformed: boolean, message: RegExp]> = {
  "Git LFS pointer": [POINTER, true, /is a Git LFS pointer, .*: run git lfs pull$/],
  "HTML": [text("<!DOCTYPE html>\n<html lang=en>"), true, /is an HTML page.*: download it again$/],
  "HTML after a comment": [text("\ufeff \n<!-- a\n-->\n<html>"), true, /is an HTML page/],
  "HTML in XML": [text('<?xml version="1.0"?>\n<!doctype HTML>'), true, /is an HTML page/],
  "XML": [
    text('<?xml version="1.0"?><Error><Code>AccessDenied</Code>'),
    true,
    /is an XML document/,
  ],
  "XML without head": [text("<ListBucketResult xmlns='a'>"), true, /is an XML document/],
  "KTX 1": [raw("\xabKTX 11\xbb\r\n\x1a\n"), false, /is a KTX 1 file, .*: convert it to KTX 2/],
  "DDS": [raw("DDS |\0\0\0"), false, /is a DDS file/],
  "gzip": [raw("\x1f\x8b\x08\0\0"), false, /is a gzip file, .*: unpack it, as with gunzip$/],
  "Zstandard": [raw("\x28\xb5\x2f\xfd\x04"), false, /is a Zstandard file/],
  "ZIP": [raw("PK\x03\x04\x14"), false, /is a ZIP archive/],
  "Basis": [raw("sB\x13\0\x4d"), false, /is a Basis file/],
};

Deno.test("what came in place of a file is named, whatever it is called and however it is opened", async () => {
  for (const [what, [start, isMalformed, message]] of Object.entries(FOREIGN)) {
    for (const name of ["a.ktx2", "a.pmtiles", "a.png", "a"]) {
      const source = memorySource(start, name);
      const ways = [
        () => fileKind(source),
        () => readPictureInfo(start),
        () => readKtx2(source),
        // It closes what it cannot open.
        () => openTileStore(memorySource(start, name)),
      ];
      for (const open of ways) {
        await assert.rejects(open, (error: Error) => {
          assert.ok(error instanceof (isMalformed ? MalformedFileError : UnsupportedError), what);
          assert.match(error.message, message, what);
          return true;
        });
      }
    }
  }
});

Deno.test("text that is none of these is shown as it is, and SVG is a picture", async () => {
  await assert.rejects(
    kind(text('{"error": 404}'), "a.ktx2"),
    /begins with "\{\\"error\\": 404\}"$/,
  );
  await assert.rejects(kind(text("sBx"), "a.ktx2"), /begins with "sBx"$/);
  assert.equal(await kind(text('<?xml version="1.0"?>\n<svg xmlns="a"/>')), "picture");
  assert.equal(await kind(text("a < b")), "picture");
});

Deno.test("PMTiles archives of maps are named", async () => {
  const types = [
    "",
    "vector tiles \\(MVT\\)",
    "PNG",
    "JPEG",
    "WebP",
    "AVIF",
    "vector tiles \\(MLT\\)",
  ];
  for (const [type, named] of types.entries()) {
    if (type === 0) continue;
    const archive = rawArchive({
      root: new Uint8Array(9),
      metadata: new Uint8Array(5),
      maxZoom: 3,
    });
    archive[99] = type;
    // Vector tiles are compressed.
    archive[98] = 2;
    await assert.rejects(openTileStore(memorySource(archive, "map.pmtiles")), (error: Error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(
        error.message,
        new RegExp(`map\\.pmtiles as it is a PMTiles archive of ${named}`),
      );
      return true;
    });
  }
});

Deno.test("pictures that are opened directly report a Git LFS pointer too", async () => {
  await assert.rejects(readPictureInfo(POINTER), /run git lfs pull/);
  const path = await Deno.makeTempFile({ suffix: ".png" });
  try {
    await Deno.writeFile(path, POINTER);
    await assert.rejects(readPictureInfo(path), /run git lfs pull/);
  } finally {
    await Deno.remove(path);
  }
});
