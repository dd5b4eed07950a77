/**
 * Vulkan's formats: descriptors and values of texels, written by hand from the specifications. Shares
 * no code with the library.
 *
 * @module
 */

import type { TexelFormat } from "../../../src/texels/mod.ts";
import type { FormatRow, SampleRow } from "./make_ktx2.ts";

/** A format, and what is to become of it. */
export interface VulkanFormat {
  readonly name: string;
  readonly row: FormatRow;
  /** Format in which tiles come. */
  readonly format: TexelFormat;
  /** Red, green, blue and alpha of the texel at a byte, as a sampler reads them; null for blocks. */
  readonly valueAt: ((view: DataView, at: number) => number[]) | null;
}

const SIGNED = 0x40;
const FLOAT = 0x80;
const LINEAR = 0x10;
const ALL = 0xffffffff;
const ONE = 0x3f800000;
const MINUS_ONE = 0xbf800000;

type Kind = "UNORM" | "SNORM" | "SRGB" | "SFLOAT";

function sampleOf(
  kind: Kind,
  channel: number,
  [offset, bits]: readonly [number, number],
): SampleRow {
  const most = 2 ** (bits - 1) - 1;
  switch (kind) {
    case "UNORM":
      return [offset, bits, channel, 0, 2 ** bits - 1];
    case "SRGB":
      return [offset, bits, channel === 15 ? channel | LINEAR : channel, 0, 2 ** bits - 1];
    case "SNORM":
      return [offset, bits, channel | SIGNED, -most >>> 0, most];
    case "SFLOAT":
      return [offset, bits, channel | SIGNED | FLOAT, MINUS_ONE, ONE];
  }
}

/** Linear light of an encoded value (IEC 61966-2-1). */
export function light(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function readValue(view: DataView, at: number, { kind, bytes }: { kind: Kind; bytes: number }) {
  if (kind === "SFLOAT") return bytes === 2 ? view.getFloat16(at, true) : view.getFloat32(at, true);
  if (kind === "SNORM") {
    return bytes === 1
      ? Math.max(-1, view.getInt8(at) / 127)
      : Math.max(-1, view.getInt16(at, true) / 32767);
  }
  return bytes === 1 ? view.getUint8(at) / 255 : view.getUint16(at, true) / 65535;
}

/** A format whose channels have whole bytes, in the order of their letters. */
function plain(
  name: string,
  vkFormat: number,
  { letters, bytes, kind, format, typeSize = bytes }: {
    letters: string;
    bytes: number;
    kind: Kind;
    format: TexelFormat;
    typeSize?: number;
  },
): VulkanFormat {
  const channels = [...letters].map((letter) => letter === "A" ? 15 : "RGB".indexOf(letter));
  const samples = channels.map((channel, i) => sampleOf(kind, channel, [8 * bytes * i, 8 * bytes]));
  const srgb = kind === "SRGB";
  const blockBytes = bytes * letters.length;
  return {
    name,
    row: { vkFormat, typeSize, model: 1, blockEdge: 1, blockBytes, srgb, samples },
    format,
    valueAt(view, at) {
      const color = [0, 0, 0, 1];
      for (const [i, channel] of channels.entries()) {
        const value = readValue(view, at + bytes * i, { kind, bytes });
        color[Math.min(3, channel)] = srgb && channel < 15 ? light(value) : value;
      }
      // Grey that is encoded becomes a grey colour.
      return name === "R8_SRGB" ? [color[0]!, color[0]!, color[0]!, 1] : color;
    },
  };
}

function words(
  name: string,
  vkFormat: number,
  rest: {
    samples: readonly SampleRow[];
    format: TexelFormat;
    valueOf: (word: number) => number[];
  },
): VulkanFormat {
  const { samples, format, valueOf } = rest;
  return {
    name,
    row: { vkFormat, typeSize: 4, model: 1, blockEdge: 1, blockBytes: 4, srgb: false, samples },
    format,
    valueAt: (view, at) => valueOf(view.getUint32(at, true)),
  };
}

function smallFloat(bits: number, mantissaBits: number): number {
  const exponent = bits >> mantissaBits;
  const part = (bits & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  if (exponent === 31) return part === 0 ? Infinity : NaN;
  return exponent === 0 ? part * 2 ** -14 : (1 + part) * 2 ** (exponent - 15);
}

function blocks(
  name: string,
  vkFormat: number,
  { model, blockBytes, samples, format, edge = 4 }: {
    model: number;
    blockBytes: number;
    samples: readonly SampleRow[];
    format: TexelFormat;
    edge?: number;
  },
): VulkanFormat {
  const srgb = name.includes("SRGB");
  const row = { vkFormat, typeSize: 1, model, blockEdge: edge, blockBytes, srgb, samples };
  return { name, row, format, valueAt: null };
}

/** Samples of blocks: first bit and channel of each, and what their values are. */
function blockSamples(
  bits: number,
  places: readonly (readonly [offset: number, channel: number])[],
  kind: Kind | "UFLOAT" = "UNORM",
): SampleRow[] {
  return places.map(([offset, channel]): SampleRow => {
    const alpha = kind === "SRGB" && channel === 15 ? channel | LINEAR : channel;
    if (kind === "SNORM") return [offset, bits, channel | SIGNED, 0x80000000, 0x7fffffff];
    if (kind === "SFLOAT") return [offset, bits, channel | SIGNED | FLOAT, MINUS_ONE, ONE];
    if (kind === "UFLOAT") return [offset, bits, channel | FLOAT, 0, ONE];
    return [offset, bits, alpha, 0, ALL];
  });
}

const BYTES = [
  ["R8", "R", 9, ["r8unorm", "r8snorm", "rgba8unorm-srgb"]],
  ["R8G8", "RG", 16, ["rg8unorm", "rg8snorm", "rgba8unorm-srgb"]],
  ["R8G8B8", "RGB", 23, ["rgba8unorm", "rgba8snorm", "rgba8unorm-srgb"]],
  ["B8G8R8", "BGR", 30, ["rgba8unorm", "rgba8snorm", "rgba8unorm-srgb"]],
  ["R8G8B8A8", "RGBA", 37, ["rgba8unorm", "rgba8snorm", "rgba8unorm-srgb"]],
  ["B8G8R8A8", "BGRA", 44, ["rgba8unorm", "rgba8snorm", "rgba8unorm-srgb"]],
] as const;

const WIDE = [
  ["R16", "R", 70, ["r16unorm", "r32float", "r16float"]],
  ["R16G16", "RG", 77, ["rg16unorm", "rg32float", "rg16float"]],
  ["R16G16B16", "RGB", 84, ["rgba16unorm", "rgba32float", "rgba16float"]],
  ["R16G16B16A16", "RGBA", 91, ["rgba16unorm", "rgba32float", "rgba16float"]],
] as const;

const ten = (word: number, at: number) => ((word >>> at) & 1023) / 1023;
const tenSamples = (first: number, last: number): SampleRow[] => [
  [0, 10, first, 0, 1023],
  [10, 10, 1, 0, 1023],
  [20, 10, last, 0, 1023],
  [30, 2, 15, 0, 3],
];

/** Every uncompressed format that can be read. */
export const PLAIN_FORMATS: readonly VulkanFormat[] = [
  ...BYTES.flatMap(([layout, letters, first, formats]) =>
    (["UNORM", "SNORM", "SRGB"] as const).map((kind, i) =>
      // Scaled and integer kinds lie between.
      plain(`${layout}_${kind}`, first + [0, 1, 6][i]!, {
        ...{ letters, bytes: 1, kind, format: formats[i]! },
      })
    )
  ),
  ...(["UNORM", "SNORM", "SRGB"] as const).map((kind, i) =>
    plain(`A8B8G8R8_${kind}_PACK32`, 51 + [0, 1, 6][i]!, {
      ...{ letters: "RGBA", bytes: 1, kind, typeSize: 4, format: BYTES[4][3][i]! },
    })
  ),
  ...WIDE.flatMap(([layout, letters, first, formats]) =>
    (["UNORM", "SNORM", "SFLOAT"] as const).map((kind, i) =>
      plain(`${layout}_${kind}`, first + [0, 1, 6][i]!, {
        ...{ letters, bytes: 2, kind, format: formats[i]! },
      })
    )
  ),
  ...([
    ["R32", "R", 100, "r32float"],
    ["R32G32", "RG", 103, "rg32float"],
    ["R32G32B32", "RGB", 106, "rgba32float"],
    ["R32G32B32A32", "RGBA", 109, "rgba32float"],
  ] as const).map(([layout, letters, vkFormat, format]) =>
    plain(`${layout}_SFLOAT`, vkFormat, { letters, bytes: 4, kind: "SFLOAT", format })
  ),
  words("A2R10G10B10_UNORM_PACK32", 58, {
    samples: tenSamples(2, 0),
    format: "rgb10a2unorm",
    valueOf: (word) => [ten(word, 20), ten(word, 10), ten(word, 0), (word >>> 30) / 3],
  }),
  words("A2B10G10R10_UNORM_PACK32", 64, {
    samples: tenSamples(0, 2),
    format: "rgb10a2unorm",
    valueOf: (word) => [ten(word, 0), ten(word, 10), ten(word, 20), (word >>> 30) / 3],
  }),
  words("B10G11R11_UFLOAT_PACK32", 122, {
    samples: [[0, 11, FLOAT, 0, ONE], [11, 11, FLOAT | 1, 0, ONE], [22, 10, FLOAT | 2, 0, ONE]],
    format: "rg11b10ufloat",
    valueOf: (word) => [
      ...[smallFloat(word & 2047, 6), smallFloat((word >>> 11) & 2047, 6)],
      ...[smallFloat(word >>> 22, 5), 1],
    ],
  }),
  words("E5B9G9R9_UFLOAT_PACK32", 123, {
    samples: [0, 1, 2].flatMap((c): SampleRow[] => [
      [9 * c, 9, c, 0, 8448],
      [27, 5, c | 0x20, 15, 31],
    ]),
    format: "rgb9e5ufloat",
    valueOf: (word) => {
      const scale = 2 ** ((word >>> 27) - 24);
      return [...[0, 9, 18].map((at) => ((word >>> at) & 511) * scale), 1];
    },
  }),
];

function pair(
  name: string,
  vkFormat: number,
  { model, blockBytes, places, format }: {
    model: number;
    blockBytes: number;
    places: readonly (readonly [number, number])[];
    format: TexelFormat;
  },
): VulkanFormat[] {
  const bits = places.length === 1 || places[1]![0] === 0 ? 8 * blockBytes : 64;
  return [
    blocks(`${name}_UNORM_BLOCK`, vkFormat, {
      ...{ model, blockBytes, format, samples: blockSamples(bits, places) },
    }),
    blocks(`${name}_SRGB_BLOCK`, vkFormat + 1, {
      ...{ model, blockBytes, samples: blockSamples(bits, places, "SRGB") },
      format: `${format}-srgb` as TexelFormat,
    }),
  ];
}

function signs(
  name: string,
  vkFormat: number,
  { model, blockBytes, formats }: {
    model: number;
    blockBytes: number;
    formats: readonly [TexelFormat, TexelFormat];
  },
): VulkanFormat[] {
  const places = blockBytes === 8 ? [[0, 0]] as const : [[0, 0], [64, 1]] as const;
  return (["UNORM", "SNORM"] as const).map((kind, i) =>
    blocks(`${name}_${kind}_BLOCK`, vkFormat + i, {
      ...{ model, blockBytes, format: formats[i]!, samples: blockSamples(64, places, kind) },
    })
  );
}

/** Every compressed format that can be read. */
export const BLOCK_FORMATS: readonly VulkanFormat[] = [
  ...pair("BC1_RGB", 131, {
    ...{ model: 128, blockBytes: 8, places: [[0, 0]], format: "bc1-rgba-unorm" },
  }),
  ...pair("BC1_RGBA", 133, {
    ...{ model: 128, blockBytes: 8, places: [[0, 1]], format: "bc1-rgba-unorm" },
  }),
  ...pair("BC2", 135, {
    ...{ model: 129, blockBytes: 16, places: [[0, 15], [64, 0]], format: "bc2-rgba-unorm" },
  }),
  ...pair("BC3", 137, {
    ...{ model: 130, blockBytes: 16, places: [[0, 15], [64, 0]], format: "bc3-rgba-unorm" },
  }),
  ...signs("BC4", 139, { model: 131, blockBytes: 8, formats: ["bc4-r-unorm", "bc4-r-snorm"] }),
  ...signs("BC5", 141, { model: 132, blockBytes: 16, formats: ["bc5-rg-unorm", "bc5-rg-snorm"] }),
  ...(["UFLOAT", "SFLOAT"] as const).map((kind, i) =>
    blocks(`BC6H_${kind}_BLOCK`, 143 + i, {
      ...{ model: 133, blockBytes: 16, samples: blockSamples(128, [[0, 0]], kind) },
      format: i === 0 ? "bc6h-rgb-ufloat" : "bc6h-rgb-float",
    })
  ),
  ...pair("BC7", 145, {
    ...{ model: 134, blockBytes: 16, places: [[0, 0]], format: "bc7-rgba-unorm" },
  }),
  ...pair("ETC2_R8G8B8", 147, {
    ...{ model: 161, blockBytes: 8, places: [[0, 2]], format: "etc2-rgb8unorm" },
  }),
  ...pair("ETC2_R8G8B8A1", 149, {
    ...{ model: 161, blockBytes: 8, places: [[0, 2], [0, 15]], format: "etc2-rgb8a1unorm" },
  }),
  ...pair("ETC2_R8G8B8A8", 151, {
    ...{ model: 161, blockBytes: 16, places: [[0, 15], [64, 2]], format: "etc2-rgba8unorm" },
  }),
  ...signs("EAC_R11", 153, {
    model: 161,
    blockBytes: 8,
    formats: ["eac-r11unorm", "eac-r11snorm"],
  }),
  ...signs("EAC_R11G11", 155, {
    ...{ model: 161, blockBytes: 16, formats: ["eac-rg11unorm", "eac-rg11snorm"] },
  }),
  ...pair("ASTC_4x4", 157, {
    ...{ model: 162, blockBytes: 16, places: [[0, 0]], format: "astc-4x4-unorm" },
  }),
  ...pair("ASTC_8x8", 171, {
    ...{ model: 162, blockBytes: 16, places: [[0, 0]], format: "astc-8x8-unorm" },
  }).map((made) => ({ ...made, row: { ...made.row, blockEdge: 8 } })),
];
