import assert from "node:assert/strict";
import { MalformedFileError } from "../../src/errors.ts";
import { fileKind, memorySource, readPictureInfo } from "../../src/sources/mod.ts";

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
