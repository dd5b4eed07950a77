import assert from "node:assert/strict";
import { createDefaultContainer, read as parseWithLibrary, write } from "ktx-parse";
import { FileError, UnsupportedError } from "../../../src/errors.ts";
import { memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import type { ByteSource } from "../../../src/sources/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { FORMAT_ROWS, makeKtx2, noise, noiseLevels } from "./make_ktx2.ts";

const SIZE = { width: 37, height: 20 };

Deno.test("the description of a file is read, for every format that tiles can have", async () => {
  for (const [format, row] of Object.entries(FORMAT_ROWS)) {
    const levels = noiseLevels(row, SIZE, 4);
    const bytes = makeKtx2({
      row,
      ...SIZE,
      levels,
      flags: 1,
      keyValues: [["KTXorientation", "ru\0"], ["KTXwriter", "me\0"]],
    });
    const file = await readKtx2(memorySource(bytes, "a.ktx2"));
    assert.equal(file.texelFormat, format as TexelFormat);
    assert.equal(file.colorSpace, row.srgb ? "srgb" : "linear");
    assert.equal(file.premultiplied, true);
    assert.equal(file.unsupported, null);
    assert.equal(file.size, bytes.length);
    assert.deepEqual([file.width, file.height], [37, 20]);
    assert.deepEqual(file.levels.map(({ width, height }) => [width, height]), [
      [37, 20],
      [18, 10],
      [9, 5],
      [4, 2],
    ]);
    file.levels.forEach(({ offset, length }, level) =>
      assert.deepEqual(bytes.slice(offset, offset + length), levels[level]!.stored)
    );
    assert.equal(new TextDecoder().decode(file.keyValues.get("KTXorientation")), "ru\0");
    assert.deepEqual([file.orientation, file.swizzle], ["ru", "rgba"]);
    assert.match(file.describe(), /, orientation ru(, premultiplied alpha)?, /);
  }
});

Deno.test("files agree with another reader and writer of the format", async () => {
  const row = FORMAT_ROWS["bc7-rgba-unorm-srgb"]!;
  const levels = noiseLevels(row, SIZE, 3);
  const ours = makeKtx2({ row, ...SIZE, levels });
  const container = parseWithLibrary(ours);
  const file = await readKtx2(memorySource(ours));
  assert.equal(container.vkFormat, file.header.vkFormat);
  assert.equal(container.dataFormatDescriptor[0]!.colorModel, file.descriptor.model);
  container.levels.forEach(({ levelData }, level) =>
    assert.deepEqual(new Uint8Array(levelData), levels[level]!.stored)
  );
  const theirs = write({
    ...createDefaultContainer(),
    ...container,
    keyValue: { KTXwriter: "another" },
  });
  assert.equal((await readKtx2(memorySource(theirs))).describe(), file.describe());
});

Deno.test("a description names kind, size, format, levels, scheme and unsupported features", async () => {
  const rgba = FORMAT_ROWS["rgba8unorm"]!;
  const bc7 = FORMAT_ROWS["bc7-rgba-unorm-srgb"]!;
  const describe = async (parts: Partial<Parameters<typeof makeKtx2>[0]>) => {
    const full = { row: rgba, width: 8, height: 8, levels: noiseLevels(rgba, SIZE, 0), ...parts };
    return (await readKtx2(memorySource(makeKtx2(full)))).describe();
  };
  assert.equal(
    await describe({ row: bc7, levels: noiseLevels(bc7, { width: 8, height: 8 }, 4) }),
    "KTX2 2D 8 × 8, BC7_SRGB_BLOCK, 4 levels, no supercompression",
  );
  assert.equal(
    await describe({ faces: 6, levels: [{ stored: noise(1536, 1) }], levelCount: 0 }),
    "KTX2 cube map 8 × 8, R8G8B8A8_UNORM, linear, 1 level, mips wanted, no supercompression",
  );
  assert.equal(
    await describe({ scheme: 0x10002, levels: [{ stored: noise(9, 1), uncompressedLength: 256 }] }),
    "KTX2 2D 8 × 8, R8G8B8A8_UNORM, linear, 1 level, supercompression vendor scheme 0x10002, " +
      "not supported: supercompression vendor scheme 0x10002",
  );
  assert.match(
    await describe({ row: { ...rgba, vkFormat: 1000999000 }, levels: [{ stored: noise(256, 1) }] }),
    /not supported: format unknown \(1000999000\)$/,
  );
});

Deno.test("reading a description never reads the levels", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: 512, height: 512 };
  const bytes = makeKtx2({ row, ...size, levels: noiseLevels(row, size, 10) });
  const inner = memoryOf(bytes);
  const reads: [number, number][] = [];
  const source: ByteSource = {
    ...inner,
    read: (offset, length, options) => {
      reads.push([offset, length]);
      return inner.read(offset, length, options);
    },
  };
  const file = await readKtx2(source);
  const firstLevel = file.levels.at(-1)!.offset;
  assert.ok(reads.every(([offset, length]) => offset + length <= firstLevel));
  assert.ok(reads.reduce((sum, [, length]) => sum + length, 0) <= firstLevel);
});

Deno.test("a section that is too large to read is refused by name", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const bytes = makeKtx2({
    row,
    width: 1,
    height: 1,
    levels: [{ stored: noise(4, 1) }],
    keyValues: [],
  });
  new DataView(bytes.buffer).setUint32(52, 17 * 1024 * 1024, true);
  const source = { ...memoryOf(bytes), size: () => Promise.resolve(2 ** 30) };
  await assert.rejects(readKtx2(source), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.feature, /descriptor of 17825792 bytes/);
    return true;
  });
});

/** A source whose methods can be replaced. */
function memoryOf(bytes: Uint8Array): ByteSource {
  const inner = memorySource(bytes);
  return {
    name: inner.name,
    size: () => inner.size(),
    read: (offset, length, options) => inner.read(offset, length, options),
    close: () => inner.close(),
  };
}

/** Folder of sample files with a manifest.json of their verdicts, where there is one. */
const FIXTURES = Deno.env.get("FORGE3D_KTX2_FIXTURES");

interface FixtureEntry {
  readonly file: string;
  readonly verdict: string;
}

function fixtures(): FixtureEntry[] {
  if (!FIXTURES) return [];
  return JSON.parse(Deno.readTextFileSync(`${FIXTURES}/manifest.json`));
}

Deno.test({
  name:
    "sample files of the format's own test suite are accepted or refused as it says (needs FORGE3D_KTX2_FIXTURES)",
  ignore: fixtures().length === 0,
  async fn() {
    for (const { file, verdict } of fixtures()) {
      const bytes = await Deno.readFile(`${FIXTURES}/${file}`);
      const reading = readKtx2(memorySource(bytes, file));
      if (verdict === "invalid") {
        await assert.rejects(reading, { name: "MalformedFileError" }, file);
      } else {
        assert.ok((await reading).describe().length > 0, file);
      }
    }
  },
});

Deno.test("an error of the source reaches the caller as it is", async () => {
  const failure = new FileError("file-unreadable", "x", "Cannot read x");
  const source: ByteSource = {
    name: "broken",
    size: () => Promise.resolve(1000),
    read: () => Promise.reject(failure),
    close() {},
  };
  await assert.rejects(readKtx2(source), failure);
});
