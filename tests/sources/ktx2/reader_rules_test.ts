import assert from "node:assert/strict";
import { MalformedFileError } from "../../../src/errors.ts";
import { memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import {
  FORMAT_ROWS,
  type FormatRow,
  type Ktx2Parts,
  makeKtx2,
  noise,
  noiseLevels,
} from "./make_ktx2.ts";

const RGBA8 = FORMAT_ROWS["rgba8unorm"]!;
const BC7 = FORMAT_ROWS["bc7-rgba-unorm-srgb"]!;
const BC3 = FORMAT_ROWS["bc3-rgba-unorm-srgb"]!;
const R8 = FORMAT_ROWS["r8unorm"]!;

/** Colour and alpha of ETC1S, as BasisLZ has them. */
const ETC1S: FormatRow = {
  vkFormat: 0,
  typeSize: 1,
  model: 163,
  blockEdge: 4,
  blockBytes: 8,
  srgb: true,
  samples: [[0, 64, 0, 0, 0xffffffff]],
};
const UASTC: FormatRow = {
  ...ETC1S,
  model: 166,
  blockBytes: 16,
  samples: [[0, 128, 3, 0, 0xffffffff]],
};
/** An array of floats that may carry `KTXmapRange`. */
const R32F: FormatRow = {
  ...R8,
  vkFormat: 100,
  typeSize: 4,
  blockBytes: 4,
  samples: [[0, 32, 0xc0, 0xbf800000, 0x3f800000]],
};
const D16: FormatRow = {
  ...R8,
  vkFormat: 124,
  typeSize: 2,
  blockBytes: 2,
  samples: [[0, 16, 14, 0, 65535]],
};
const YUV422: FormatRow = {
  ...R8,
  vkFormat: 1000156000,
  model: 2,
  blockBytes: 4,
  samples: [[0, 8, 0, 0, 255], [8, 8, 1, 0, 255], [16, 8, 0, 0, 255], [24, 8, 2, 0, 255]],
};
const ASTC_HDR: FormatRow = {
  ...BC7,
  vkFormat: 1000066000,
  model: 162,
  srgb: false,
  samples: [[0, 128, 0xc0, 0xbf800000, 0x3f800000]],
};

const SIZE = { width: 20, height: 12 };

function parts(row: FormatRow, over: Partial<Ktx2Parts> = {}): Ktx2Parts {
  const size = { width: over.width ?? SIZE.width, height: over.height ?? SIZE.height };
  return { row, ...size, levels: noiseLevels(row, size, 3), ...over };
}

function floats(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** BasisLZ global data of three images; words are those of the tables. */
function basisData(image: number[] = [0, 0, 8, 0, 0], header: number[] = [0, 0, 0, 0, 0]) {
  const words = [...header, ...image, 0, 0, 8, 0, 0, 0, 0, 8, 0, 0];
  return new Uint8Array(Uint32Array.from(words).buffer);
}

function basis(over: Partial<Ktx2Parts> = {}): Ktx2Parts {
  const levels = [1, 2, 3].map((seed) => ({ stored: noise(8, seed), uncompressedLength: 0 }));
  return parts(ETC1S, { scheme: 1, levels, globalData: basisData(), ...over });
}

/** UASTC HDR 6x6 intermediate of one level; the slice begins with type, width and height. */
function hdr(over: { table?: number[]; slice?: number[]; parts?: Partial<Ktx2Parts> } = {}) {
  const row = { ...ETC1S, model: 168, blockEdge: 6, blockBytes: 16, srgb: false };
  const slice = over.slice ?? [0xabcd, 20, 12, 0];
  return parts({ ...row, samples: [[0, 128, 0x80, 0, 0x3f800000]] }, {
    scheme: 4,
    levels: [{
      stored: new Uint8Array(Uint16Array.from(slice).buffer),
      uncompressedLength: 0,
    }],
    globalData: new Uint8Array(Uint32Array.from(over.table ?? [0, 8, 0xabcd]).buffer),
    ...over.parts,
  });
}

async function read(bytes: Uint8Array) {
  return await readKtx2(memorySource(bytes, "test.ktx2"));
}

/** A file made from parts, with 32-bit words, bytes or 64-bit words changed by place. */
type Patch = (view: DataView, at: { descriptor: number; keyValues: number }) => void;

function patched(from: Ktx2Parts, patch: Patch): Uint8Array {
  const bytes = makeKtx2(from);
  const view = new DataView(bytes.buffer);
  patch(view, { descriptor: view.getUint32(48, true), keyValues: view.getUint32(56, true) });
  return bytes;
}

function word(index: number, value: number): Patch {
  return (view) => view.setUint32(12 + 4 * index, value, true);
}

function descriptorByte(offset: number, value: number): Patch {
  return (view, { descriptor }) => view.setUint8(descriptor + offset, value);
}

/** Adds to a 64-bit field of the level index. */
function levelField(level: number, field: 0 | 1 | 2, change: number): Patch {
  return (view) => {
    const at = 80 + 24 * level + 8 * field;
    view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(change), true);
  };
}

function keyValue(key: string, value: string | Uint8Array, row: FormatRow = RGBA8): Ktx2Parts {
  return parts(row, { keyValues: [[key, value]] });
}

const VALID: Record<string, Ktx2Parts> = {
  "RGBA8, three levels": parts(RGBA8),
  "one level": parts(BC7, { levels: noiseLevels(BC7, SIZE, 1) }),
  "full chain": parts(BC7, { levels: noiseLevels(BC7, SIZE, 5) }),
  "a level count of 0": parts(RGBA8, { levels: noiseLevels(RGBA8, SIZE, 1), levelCount: 0 }),
  "R8 with padding between levels": parts(R8, { width: 21, height: 13 }),
  "no key/value data": parts(RGBA8, { keyValues: [] }),
  "2 MiB behind the data": parts(RGBA8, { padding: 2 * 1024 * 1024 }),
  "cube map": parts(RGBA8, {
    width: 4,
    height: 4,
    faces: 6,
    levels: [{ stored: noise(4 * 4 * 4 * 6, 1) }],
  }),
  "array": parts(RGBA8, { layers: 2, levels: [{ stored: noise(20 * 12 * 4 * 2, 1) }] }),
  "3D": parts(RGBA8, { depth: 2, levels: [{ stored: noise(20 * 12 * 4 * 2, 1) }] }),
  "1D": parts(RGBA8, { height: 0, levels: [{ stored: noise(80, 1) }] }),
  "vendor's scheme": parts(RGBA8, {
    scheme: 0x10001,
    levels: [{ stored: noise(7, 1), uncompressedLength: 20 * 12 * 4 }],
  }),
  "BasisLZ": basis(),
  "UASTC": parts(UASTC),
  "UASTC HDR 6x6 intermediate": hdr(),
  "all reserved keys of a 2D texture": parts(RGBA8, {
    keyValues: [
      ["KTXorientation", "rd\0"],
      ["KTXswizzle", "rgb1\0"],
      ["KTXwriter", "a test\0"],
      ["KTXwriterScParams", "--none\0"],
      ["custom", "anything"],
    ],
  }),
  "a range of floats": keyValue("KTXmapRange", floats(2, -1), R32F),
  "an unknown extension format": {
    ...parts({ ...RGBA8, vkFormat: 1000999000 }),
  },
  "non-linear colour in a UNORM format": parts({
    ...BC3,
    vkFormat: 137,
    samples: [[0, 64, 0x1f, 0, 0xffffffff], BC3.samples[1]!],
  }, { transfer: 18 }),
};

for (const [name, from] of Object.entries(VALID)) {
  Deno.test(`a valid file is read: ${name}`, async () => {
    const file = await read(makeKtx2(from));
    assert.equal(file.levels.length, from.levels.length);
    assert.ok(file.describe().startsWith("KTX2 "));
  });
}

/** Files that break one rule each, and what the message has to say. */
const BROKEN: [name: string, bytes: () => Uint8Array, message: RegExp][] = [
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
  ["scheme", () => patched(parts(RGBA8), word(8, 5)), /supercompressionScheme/],
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

for (const [name, bytes, message] of BROKEN) {
  Deno.test(`a broken rule is a malformed file: ${name}`, async () => {
    await assert.rejects(read(bytes()), (error) => {
      assert.ok(error instanceof MalformedFileError, String(error));
      assert.equal(error.path, "test.ktx2");
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot read KTX2 file test\.ktx2 as /);
      return true;
    });
  });
}

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
