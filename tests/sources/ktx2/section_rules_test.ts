import assert from "node:assert/strict";
import { makeKtx2, noise } from "./make_ktx2.ts";
import {
  ASTC_HDR,
  basis,
  basisData,
  type BrokenFile,
  D16,
  ETC1S,
  floats,
  hdr,
  keyValue,
  parts,
  patched,
  R32F,
  read,
  RGBA8,
  testBrokenFiles,
  UASTC,
  VALID,
} from "./sample_parts.ts";

/** Files that each break one rule of the sections after the level index. */
const BROKEN: readonly BrokenFile[] = [
  ["key with byte order mark", () => makeKtx2(keyValue("\ufeffkey", "x")), /byte order mark/],
  ["key that is not UTF-8", () =>
    patched(keyValue("key", "x"), (view, { keyValues }) => {
      view.setUint8(keyValues + 4, 0xc0);
    }), /not UTF-8/],
  ["key twice", () => makeKtx2(parts(RGBA8, { keyValues: [["a", "1"], ["a", "2"]] })), /once/],
  [
    "keys out of order",
    () => makeKtx2(parts(RGBA8, { keyValues: [["b", "1"], ["a", "2"]] })),
    /out of order/,
  ],
  [
    "padding after a value",
    () => patched(keyValue("key", "xy"), (view, { keyValues }) => view.setUint8(keyValues + 11, 1)),
    /zero/,
  ],
  ["unknown reserved key", () => makeKtx2(keyValue("KTXnews", "x")), /reserved/],
  ["unknown reserved key, small letters", () => makeKtx2(keyValue("ktxNews", "x")), /reserved/],
  ["key of an object's own", () => makeKtx2(keyValue("KTXtoString", "x")), /reserved/],
  ["orientation's end", () => makeKtx2(keyValue("KTXorientation", "rd")), /NUL/],
  ["orientation's length", () => makeKtx2(keyValue("KTXorientation", "rdi\0")), /one letter each/],
  ["orientation's letters", () => makeKtx2(keyValue("KTXorientation", "dr\0")), /one letter each/],
  ["swizzle's length", () => makeKtx2(keyValue("KTXswizzle", "rgb\0")), /KTXswizzle/],
  ["swizzle's letters", () => makeKtx2(keyValue("KTXswizzle", "rgbx\0")), /KTXswizzle/],
  ["swizzle of depths", () => makeKtx2(keyValue("KTXswizzle", "rrrr\0", D16)), /D16_UNORM/],
  ["writer's end", () => makeKtx2(keyValue("KTXwriter", "me")), /NUL/],
  [
    "writer's text",
    () => makeKtx2(keyValue("KTXwriter", Uint8Array.of(0xe2, 0x28, 0xa1, 0))),
    /UTF-8/,
  ],
  [
    "parameters without writer",
    () => makeKtx2(keyValue("KTXwriterScParams", "x\0")),
    /come with KTXwriter/,
  ],
  [
    "GL format with a format",
    () => makeKtx2(keyValue("KTXglFormat", new Uint8Array(12))),
    /UNDEFINED/,
  ],
  [
    "GL format's size",
    () => makeKtx2(keyValue("KTXglFormat", new Uint8Array(8), UASTC)),
    /12 bytes/,
  ],
  [
    "GL format of blocks",
    () => makeKtx2(keyValue("KTXglFormat", new Uint8Array(12).fill(1), UASTC)),
    /must be 0/,
  ],
  [
    "DXGI format with a format",
    () => makeKtx2(keyValue("KTXdxgiFormat__", new Uint8Array(4))),
    /UNDEFINED/,
  ],
  [
    "DXGI format's size",
    () => makeKtx2(keyValue("KTXdxgiFormat__", new Uint8Array(3), UASTC)),
    /4 bytes/,
  ],
  [
    "Metal format with a format",
    () => makeKtx2(keyValue("KTXmetalPixelFormat", new Uint8Array(4))),
    /UNDEFINED/,
  ],
  [
    "Metal format's size",
    () => makeKtx2(keyValue("KTXmetalPixelFormat", new Uint8Array(5), UASTC)),
    /4 bytes/,
  ],
  ["animation's size", () => makeKtx2(keyValue("KTXanimData", new Uint8Array(8))), /12 bytes/],
  [
    "animation without layers",
    () => makeKtx2(keyValue("KTXanimData", new Uint8Array(12))),
    /array/,
  ],
  [
    "incomplete cube's size",
    () => makeKtx2(keyValue("KTXcubemapIncomplete", new Uint8Array(2))),
    /1 bytes/,
  ],
  [
    "incomplete cube of no faces",
    () => makeKtx2(keyValue("KTXcubemapIncomplete", Uint8Array.of(0))),
    /1 to 5 faces/,
  ],
  [
    "incomplete cube of all faces",
    () => makeKtx2(keyValue("KTXcubemapIncomplete", Uint8Array.of(63))),
    /1 to 5 faces/,
  ],
  [
    "incomplete cube that is not square",
    () => makeKtx2(keyValue("KTXcubemapIncomplete", Uint8Array.of(1))),
    /square/,
  ],
  ["incomplete cube's layers", () =>
    makeKtx2({
      ...VALID["array"]!,
      keyValues: [["KTXcubemapIncomplete", Uint8Array.of(7)]],
    }), /multiple of 3/],
  ["animation of an incomplete cube", () =>
    makeKtx2(parts(RGBA8, {
      width: 4,
      height: 4,
      layers: 2,
      levels: [{ stored: noise(128, 1) }],
      keyValues: [["KTXanimData", new Uint8Array(12)], ["KTXcubemapIncomplete", Uint8Array.of(1)]],
    })), /together/],
  ["ASTC mode", () => makeKtx2(keyValue("KTXastcDecodeMode", "rgba8\0", ASTC_HDR)), /"rgb9e5" or/],
  [
    "ASTC mode of floats",
    () => makeKtx2(keyValue("KTXastcDecodeMode", "unorm8\0", ASTC_HDR)),
    /must not be "unorm8"/,
  ],
  ["range's size", () => makeKtx2(keyValue("KTXmapRange", floats(1), R32F)), /8 bytes/],
  ["range of integers", () => makeKtx2(keyValue("KTXmapRange", floats(1, 0))), /floats/],
  ["range's scale", () => makeKtx2(keyValue("KTXmapRange", floats(NaN, 0), R32F)), /finite scale/],
  [
    "range's offset",
    () => makeKtx2(keyValue("KTXmapRange", floats(1, Infinity), R32F)),
    /finite offset/,
  ],

  ["BasisLZ header", () => makeKtx2(basis({ globalData: noise(16, 1) })), /at least 20 bytes/],
  [
    "BasisLZ size",
    () => makeKtx2(basis({ globalData: basisData(undefined, [0, 4, 0, 0, 0]) })),
    /must take 84 bytes/,
  ],
  ["BasisLZ extended data", () => {
    const data = basisData(undefined, [0, 0, 0, 0, 4]);
    return makeKtx2(basis({ globalData: Uint8Array.from([...data, 0, 0, 0, 0]) }));
  }, /extendedByteLength/],
  [
    "BasisLZ flags",
    () => makeKtx2(basis({ globalData: basisData([1, 0, 8, 0, 0]) })),
    /imageFlags/,
  ],
  [
    "BasisLZ P-frame",
    () => makeKtx2(basis({ globalData: basisData([2, 0, 8, 0, 0]) })),
    /KTXanimData/,
  ],
  [
    "BasisLZ colour of no bytes",
    () => makeKtx2(basis({ globalData: basisData([0, 0, 0, 0, 0]) })),
    /no bytes/,
  ],
  [
    "BasisLZ colour past the level",
    () => makeKtx2(basis({ globalData: basisData([0, 1, 8, 0, 0]) })),
    /must end by byte 8/,
  ],
  [
    "BasisLZ alpha past the level",
    () => makeKtx2(basis({ globalData: basisData([0, 0, 8, 4, 8]) })),
    /must end by byte 8/,
  ],
  [
    "BasisLZ alpha without a sample",
    () => makeKtx2(basis({ globalData: basisData([0, 0, 4, 4, 4]) })),
    /must not have an alpha/,
  ],
  ["BasisLZ sample without alpha", () => {
    const second: [number, number, number, number, number] = [64, 64, 15, 0, 0xffffffff];
    const row = { ...ETC1S, samples: [...ETC1S.samples, second] };
    return makeKtx2(basis({ row, planeBytes: [8, 8] }));
  }, /must have an alpha/],
  ["HDR table", () => makeKtx2(hdr({ table: [0, 8] })), /must take 12 bytes/],
  ["HDR slice of no bytes", () => makeKtx2(hdr({ table: [0, 0, 0xabcd] })), /no bytes/],
  ["HDR slice past the level", () => makeKtx2(hdr({ table: [4, 8, 0xabcd] })), /must end by byte/],
  ["HDR slice of 4 bytes", () => makeKtx2(hdr({ table: [0, 4, 0xabcd] })), /at least 6 bytes/],
  ["HDR slice type", () => makeKtx2(hdr({ table: [0, 8, 0xabcf] })), /slice type/],
  ["HDR slice type in the data", () => makeKtx2(hdr({ slice: [0xabce, 20, 12, 0] })), /of type/],
  ["HDR slice size", () => makeKtx2(hdr({ slice: [0xabcd, 20, 13, 0] })), /20 × 12 texels/],
];

testBrokenFiles(BROKEN);

Deno.test("a range with a format that is not supported is no fault of the file", async () => {
  const uint = {
    ...RGBA8,
    vkFormat: 41,
    samples: RGBA8.samples.map(([offset, bits, channel]) => [offset, bits, channel, 0, 1] as const),
  };
  const file = await read(makeKtx2(keyValue("KTXmapRange", floats(1, 0), uint)));
  assert.equal(file.unsupported, "format R8G8B8A8_UINT");
});
