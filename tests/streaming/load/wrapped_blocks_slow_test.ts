import { zstdCompressSync } from "node:zlib";
import { type LevelContents, randomContents } from "../../scene/level_contents.ts";
import { FORMAT_ROWS, makeKtx2 } from "../../sources/ktx2/make_ktx2.ts";
import { ktx2Of, testWrapped, type WrapCase } from "./wrap_cases.ts";

/** What is encoded anew differs by 1 here. */
const CASES: Readonly<Record<string, WrapCase>> = {
  "a KTX2 file of whole blocks, whose last levels are baked": {
    wrap: ["repeat", "clamp"],
    contents: randomContents(192, 100, "bc7-rgba-unorm"),
    input: ktx2Of,
    most: 3,
    info: /levels 5 to 7 baked to bc7-rgba-unorm/,
  },
  "a supercompressed KTX2 file, whose blocks are stored as far as they are whole": {
    wrap: ["repeat", "clamp"],
    contents: randomContents(192, 100, "bc7-rgba-unorm"),
    input: packedKtx2Of,
    most: 3,
    info: /levels 5 and on baked to bc7-rgba-unorm/,
  },
  "a KTX2 file of blocks that reach beyond its edge, and is baked": {
    wrap: ["clamp", "repeat"],
    contents: smooth(64, 90),
    input: ktx2Of,
    most: 3,
    info: /levels 0 and on baked to bc1-rgba-unorm/,
  },
};

function packedKtx2Of({ format, width, height, levels }: LevelContents): Uint8Array {
  const packed = levels.map((stored) => ({
    stored: new Uint8Array(zstdCompressSync(stored)),
    uncompressedLength: stored.length,
  }));
  return makeKtx2({ row: FORMAT_ROWS[format]!, width, height, levels: packed, scheme: 2 });
}

/** Blocks of one colour each, neighbours alike. */
function smooth(width: number, height: number): LevelContents {
  const made = randomContents(width, height, "bc1-rgba-unorm");
  const levels = made.levels.map((bytes) =>
    bytes.map((_, i) => i % 8 < 4 ? [0x84, 0x10, 0x84, 0x10][i % 8 % 4]! + (i >> 7) % 8 : 0)
  );
  return { ...made, levels };
}

for (const [name, one] of Object.entries(CASES)) testWrapped(name, one);
