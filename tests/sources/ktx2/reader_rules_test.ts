import assert from "node:assert/strict";
import { MalformedFileError } from "../../../src/errors.ts";
import { makeKtx2, noise } from "./make_ktx2.ts";
import {
  basis,
  BC3,
  BC7,
  type BrokenFile,
  D16,
  descriptorByte,
  ETC1S,
  hdr,
  keyValue,
  levelField,
  parts,
  patched,
  R32F,
  R8,
  read,
  RGBA8,
  testBrokenFiles,
  UASTC,
  VALID,
  word,
  YUV422,
} from "./sample_parts.ts";

for (const [name, from] of Object.entries(VALID)) {
  Deno.test(`a valid file is read: ${name}`, async () => {
    const file = await read(makeKtx2(from));
    assert.equal(file.levels.length, from.levels.length);
    assert.ok(file.describe().startsWith("KTX2 "));
  });
}

/** Files that break one rule each. */
const BROKEN: readonly BrokenFile[] = [
  ["identifier", () => patched(parts(RGBA8), (view) => view.setUint8(5, 0x31)), /identifier/],
  ["scaled format", () => patched(parts(RGBA8), word(0, 39)), /R8G8B8A8_USCALED/],
  ["planar format", () => patched(parts(RGBA8), word(0, 1000156002)), /does not allow/],
  ["format number", () => patched(parts(RGBA8), word(0, 185)), /vkFormat must be/],
  ["typeSize of blocks", () => patched(parts(BC7), word(1, 4)), /typeSize must be 1/],
  ["typeSize without format", () => patched(parts(UASTC), word(1, 4)), /typeSize must be 1/],
  ["typeSize of texels", () => patched(parts(R32F), word(1, 1)), /typeSize must be 4/],
  ["width", () => patched(parts(RGBA8), word(2, 0)), /pixelWidth/],
  ["height of blocks", () => patched(parts(BC7), word(3, 0)), /pixelHeight/],
  ["height of UASTC", () => patched(parts(UASTC), word(3, 0)), /pixelHeight/],
  ["height of BasisLZ", () => patched(basis(), word(3, 0)), /pixelHeight/],
  ["depth without height", () => makeKtx2(parts(RGBA8, { height: 0, depth: 2 })), /pixelHeight/],
  ["depth of depths", () => patched(parts(D16), word(4, 2)), /pixelDepth must be 0/],
  ["depth of cube maps", () => makeKtx2({ ...VALID["cube map"]!, depth: 4 }), /cube map must be 0/],
  ["square faces", () => patched(parts(RGBA8), word(6, 6)), /square/],
  ["face count", () => patched(parts(RGBA8), word(6, 2)), /faceCount/],
  ["level count of blocks", () => patched(parts(BC7), word(7, 0)), /levelCount/],
  ["level count of UASTC", () => patched(parts(UASTC), word(7, 0)), /./],
  [
    "too many levels",
    () => makeKtx2(parts(RGBA8, { levelCount: 6 })),
    /levelCount must be at most/,
  ],
  ["absurd level count", () => patched(parts(RGBA8), word(7, 0xffffffff)), /levelCount/],
  ["depth of 3D blocks", () => patched(parts(BC7), word(0, 1000288000)), /pixelDepth/],
  ["scheme", () => patched(parts(RGBA8), word(8, 7)), /supercompressionScheme/],
  ["format with BasisLZ", () => patched(basis(), word(0, 37)), /UNDEFINED with BasisLZ/],
  ["no descriptor", () => patched(parts(RGBA8), word(9, 0)), /no data format descriptor/],
  ["descriptor offset", () => patched(parts(RGBA8), word(9, 156)), /descriptor must begin/],
  ["descriptor length", () => patched(parts(RGBA8), word(10, 88)), /must begin at|must end at/],
  ["key/value offset", () => patched(parts(RGBA8), word(11, 246)), /key\/value data must begin/],
  ["key/value offset alone", () => patched(parts(RGBA8), word(12, 0)), /an offset and no length/],
  [
    "global data without need",
    () => makeKtx2(parts(RGBA8, { globalData: noise(8, 1) })),
    /no global data/,
  ],
  ["global data missing", () => {
    return patched(basis(), (view) => {
      view.setBigUint64(64, 0n, true);
      view.setBigUint64(72, 0n, true);
    });
  }, /must have global data/],
  [
    "global data offset",
    () => patched(basis(), (view) => view.setUint32(64, view.getUint32(64, true) + 4, true)),
    /begin at/,
  ],
  [
    "global data offset alone",
    () => patched(basis(), (view) => view.setUint32(72, 0, true)),
    /an offset and no length/,
  ],

  ["level order by size", () => patched(parts(RGBA8), levelField(1, 2, 4000)), /not be larger/],
  ["level order by place", () => patched(parts(RGBA8), levelField(1, 0, 4000)), /must lie before/],
  ["level place", () => patched(parts(RGBA8), levelField(0, 0, 4)), /must begin at/],
  ["level alignment", () => patched(parts(R8), levelField(2, 0, 1)), /must begin at/],
  ["level length", () => patched(parts(RGBA8), levelField(0, 1, -4)), /byteLength of level 0/],
  ["level of no bytes", () => patched(parts(RGBA8), levelField(0, 1, -960)), /must have bytes/],
  ["level behind the end", () => patched(parts(RGBA8), levelField(0, 1, 4)), /within the file/],
  ["level at 2^63", () => patched(parts(RGBA8), levelField(0, 1, 2 ** 62)), /within the file/],
  [
    "uncompressed length",
    () => patched(parts(RGBA8), levelField(0, 2, 4)),
    /uncompressedByteLength of level 0/,
  ],
  ["uncompressed length of Zstandard", () =>
    makeKtx2(parts(RGBA8, {
      scheme: 2,
      levels: [{ stored: noise(9, 1), uncompressedLength: 20 * 12 * 4 + 1 }],
    })), /uncompressedByteLength of level 0 must be 960/],
  ["uncompressed length of UASTC", () =>
    makeKtx2(parts(UASTC, {
      scheme: 2,
      levels: [{ stored: noise(9, 1), uncompressedLength: 256 }],
    })), /uncompressedByteLength of level 0 must be 240/],
  ["uncompressed length of BasisLZ", () =>
    makeKtx2(basis({
      levels: [0, 0, 8].map((uncompressedLength) => ({
        stored: noise(8, 1),
        uncompressedLength,
      })).reverse(),
    })), /must be 0 with BasisLZ/],
  ["padding between levels", () =>
    patched(parts(R8, { width: 21, height: 13 }), (view) => {
      const last = Number(view.getBigUint64(80 + 48, true) + view.getBigUint64(80 + 56, true));
      view.setUint8(last, 1);
    }), /padding .* must be zero/],

  ["descriptor's own length", () => patched(parts(RGBA8), descriptorByte(0, 96)), /own length/],
  ["block of 4 bytes", () => patched(parts(RGBA8), descriptorByte(10, 4)), /must take 8 to/],
  ["block past the end", () => patched(parts(RGBA8), descriptorByte(10, 200)), /must take 8 to/],
  ["block of 25 bytes", () => patched(parts(RGBA8), descriptorByte(10, 25)), /24 \+ 16 n/],
  ["rest of a block", () =>
    patched(parts(RGBA8), (view, { descriptor }) => {
      view.setUint8(descriptor + 10, 72);
      view.setUint8(descriptor + 82, 12);
    }), /middle of a block/],
  ["descriptor type", () => patched(parts(RGBA8), descriptorByte(6, 2)), /not the basic one/],
  ["descriptor version", () => patched(parts(RGBA8), descriptorByte(8, 3)), /version/],
  ["transfer function", () => patched(parts(RGBA8), descriptorByte(14, 20)), /transfer function/],
  ["primaries", () => patched(parts(RGBA8), descriptorByte(13, 12)), /primaries/],
  ["sRGB format, linear colour", () => patched(parts(BC7), descriptorByte(14, 1)), /must be sRGB/],
  [
    "UNORM format, sRGB colour",
    () => patched(parts(RGBA8), descriptorByte(14, 2)),
    /must not be sRGB/,
  ],
  ["colour model of texels", () => patched(parts(R8), descriptorByte(12, 3)), /must be RGBSDA/],
  ["colour model of blocks", () => patched(parts(BC7), descriptorByte(12, 131)), /must be BC7/],
  ["colour model of 4:2:2", () => patched(parts(YUV422), descriptorByte(12, 1)), /must be YUVSDA/],
  ["colour model of BasisLZ", () => patched(basis(), descriptorByte(12, 166)), /ETC1S/],
  ["channel", () => patched(parts(RGBA8), descriptorByte(31, 4)), /channel of RGBSDA/],
  ["channel of blocks", () => patched(parts(BC7), descriptorByte(31, 1)), /channel of BC7/],
  ["swapped channels", () => patched(parts(RGBA8), descriptorByte(31, 1)), /channel of sample 0/],
  ["bit offset", () => patched(parts(RGBA8), descriptorByte(28, 8)), /bitOffset of sample 0/],
  ["bit length", () => patched(parts(RGBA8), descriptorByte(30, 6)), /bitCount of sample 0/],
  ["qualifiers", () => patched(parts(RGBA8), descriptorByte(31, 0x40)), /qualifiers of sample 0/],
  ["linear colour sample", () => patched(parts(BC3), descriptorByte(47, 0x10)), /as linear/],
  ["alpha that is not linear", () => patched(parts(BC3), descriptorByte(31, 0x0f)), /qualifiers/],
  ["position", () => patched(parts(RGBA8), descriptorByte(32, 1)), /position of sample 0/],
  ["lower", () => patched(parts(RGBA8), descriptorByte(36, 1)), /lower of sample 0/],
  ["upper", () => patched(parts(RGBA8), descriptorByte(40, 1)), /upper of sample 0/],
  [
    "number of samples",
    () => makeKtx2(parts({ ...RGBA8, samples: RGBA8.samples.slice(0, 3) })),
    /4 samples: it has 3/,
  ],
  ["bytes of planes", () => patched(parts(RGBA8), descriptorByte(20, 3)), /planes/],
  ["second plane", () => patched(parts(BC7), descriptorByte(21, 16)), /planes/],
  ["block of UASTC", () => patched(parts(UASTC), descriptorByte(16, 4)), /4 × 4 × 1 × 1/],
  ["planes of UASTC", () => patched(parts(UASTC), descriptorByte(20, 8)), /planes/],
  ["samples of UASTC", () => makeKtx2(parts({ ...UASTC, samples: [] })), /1 sample: it has 0/],
  ["bits of UASTC", () => patched(parts(UASTC), descriptorByte(30, 63)), /bitCount/],
  ["upper of UASTC", () => patched(parts(UASTC), descriptorByte(40, 0)), /upper/],
  [
    "samples of BasisLZ",
    () => makeKtx2(basis({ row: { ...ETC1S, samples: [] } })),
    /1 or 2 samples/,
  ],
  ["block of BasisLZ", () => patched(basis(), descriptorByte(17, 7)), /4 × 4 × 1 × 1/],
  ["planes of BasisLZ", () => patched(basis(), descriptorByte(21, 8)), /planes/],
  ["bits of BasisLZ", () => patched(basis(), descriptorByte(30, 127)), /bitCount/],
  [
    "samples of no format",
    () => makeKtx2(parts({ ...R8, vkFormat: 0, samples: [] })),
    /no samples/,
  ],
  [
    "planes of no format",
    () => makeKtx2(parts({ ...R8, vkFormat: 0 }, { planeBytes: [1, 1] })),
    /one plane/,
  ],

  [
    "key/value entry past the end",
    () => patched(parts(RGBA8), (view, { keyValues }) => view.setUint32(keyValues, 999, true)),
    /2 to/,
  ],
  [
    "key/value entry of 1 byte",
    () => patched(parts(RGBA8), (view, { keyValues }) => view.setUint32(keyValues, 1, true)),
    /2 to/,
  ],
  [
    "rest of an entry",
    () => patched(parts(RGBA8), (view, { keyValues }) => view.setUint32(keyValues, 9, true)),
    /./,
  ],
  [
    "key without end",
    () => patched(keyValue("abc", ""), (view, { keyValues }) => view.setUint8(keyValues + 7, 65)),
    /term/,
  ],
  ["empty key", () => makeKtx2(keyValue("", "x")), /is empty/],
];

testBrokenFiles(BROKEN);

Deno.test("a file that is cut off anywhere is malformed", async () => {
  for (const from of [parts(RGBA8), basis(), hdr()]) {
    const bytes = makeKtx2(from);
    for (let length = 0; length < bytes.length; length++) {
      await assert.rejects(read(bytes.subarray(0, length)), MalformedFileError, `at ${length}`);
    }
  }
});

Deno.test("any single byte that changes gives a file or a typed error, never anything else", async () => {
  for (const from of [parts(BC3), basis(), hdr()]) {
    const bytes = makeKtx2(from);
    const end = bytes.length - from.levels.reduce((sum, { stored }) => sum + stored.length, 0);
    for (let at = 0; at < end; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = bytes.slice();
        changed[at]! ^= flip;
        try {
          (await read(changed)).describe();
        } catch (error) {
          assert.ok(error instanceof MalformedFileError, `byte ${at}: ${error}`);
        }
      }
    }
  }
});
