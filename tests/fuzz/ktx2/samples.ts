/**
 * Valid KTX2 files of many kinds, and the numbers in them.
 *
 * @module
 */

import { constants, deflateSync, zstdCompressSync } from "node:zlib";
import {
  FORMAT_ROWS,
  type FormatRow,
  type Ktx2Parts,
  levelLength,
  makeKtx2,
  noise,
} from "../../sources/ktx2/make_ktx2.ts";
import { basis, R32F, UASTC, VALID } from "../../sources/ktx2/sample_parts.ts";
import { type Field, fieldRow, type Sample } from "../inputs/fields.ts";
import type { Choices } from "../inputs/mutate.ts";

const HEADER = [
  "vkFormat",
  "typeSize",
  "pixelWidth",
  "pixelHeight",
  "pixelDepth",
  "layerCount",
  "faceCount",
  "levelCount",
  "supercompressionScheme",
  "dfdByteOffset",
  "dfdByteLength",
  "kvdByteOffset",
  "kvdByteLength",
];

/** Every number of a file that a field can name. */
export function ktx2Fields(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const levels = Math.max(1, view.getUint32(40, true));
  const fields = [
    ...fieldRow(HEADER, 12, 4),
    ...fieldRow(["sgdByteOffset", "sgdByteLength"], 64, 8),
  ];
  for (let level = 0; level < levels; level++) {
    const names = ["byteOffset", "byteLength", "uncompressedByteLength"];
    fields.push(...fieldRow(names.map((name) => `${name} of level ${level}`), 80 + 24 * level, 8));
  }
  const [dfd, dfdLength] = [view.getUint32(48, true), view.getUint32(52, true)];
  fields.push(
    ...fieldRow(["dfdTotalSize", "dfd vendor and type"], dfd, 4),
    ...fieldRow(["dfd version", "dfd block size"], dfd + 8, 2),
    ...fieldRow(["model", "primaries", "transfer", "flags"], dfd + 12, 1),
    ...fieldRow(["block x", "block y", "block z", "block w"], dfd + 16, 1),
    ...fieldRow([0, 1, 2, 3, 4, 5, 6, 7].map((plane) => `bytes of plane ${plane}`), dfd + 20, 1),
  );
  for (let at = dfd + 28, i = 0; at + 16 <= dfd + dfdLength; at += 16, i++) {
    fields.push(
      ...fieldRow([`bit offset of sample ${i}`], at, 2),
      ...fieldRow([`bit length of sample ${i}`, `channel of sample ${i}`], at + 2, 1),
      ...fieldRow(
        ["position", "lower", "upper"].map((name) => `${name} of sample ${i}`),
        at + 4,
        4,
      ),
    );
  }
  const [kvd, kvdLength] = [view.getUint32(56, true), view.getUint32(60, true)];
  for (let at = kvd; kvdLength > 0 && at + 4 <= kvd + kvdLength;) {
    const length = view.getUint32(at, true);
    fields.push({ name: `length of entry at ${at}`, at, bytes: 4 });
    for (let i = 0; i < length; i += 3) {
      fields.push({ name: `byte ${i} of entry at ${at}`, at: at + 4 + i, bytes: 1 });
    }
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const [sgd, sgdLength] = [view.getUint32(64, true), view.getUint32(72, true)];
  for (let at = sgd; at + 4 <= sgd + sgdLength; at += 4) {
    fields.push({ name: `word ${(at - sgd) / 4} of the global data`, at, bytes: 4 });
  }
  return fields;
}

/** First byte of the levels. */
function bodyStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let first = bytes.length;
  for (let level = 0; level < Math.max(1, view.getUint32(40, true)); level++) {
    first = Math.min(first, Number(view.getBigUint64(80 + 24 * level, true)));
  }
  return first;
}

const ROWS: readonly FormatRow[] = [...Object.values(FORMAT_ROWS), R32F];
const KEY_VALUES: readonly (readonly [string, string])[] = [
  ["KTXorientation", "rd\0"],
  ["KTXorientation", "ru\0"],
  ["KTXswizzle", "rgba\0"],
  ["KTXswizzle", "bgr1\0"],
  ["KTXwriter", "a test\0"],
  ["KTXwriterScParams", "--quick\0"],
  ["custom", "anything"],
  ["other", ""],
];

function keyValuesOf(choices: Choices): [string, string][] {
  const chosen = new Map<string, string>();
  for (let i = choices.below(4); i > 0; i--) chosen.set(...choices.one(KEY_VALUES));
  if (chosen.has("KTXwriterScParams")) chosen.set("KTXwriter", "a test\0");
  return [...chosen].sort(([a], [b]) => a < b ? -1 : 1);
}

function zstd(content: Uint8Array, choices: Choices): Uint8Array {
  const params = { [constants.ZSTD_c_checksumFlag]: choices.below(2) };
  if (choices.chance(0.7)) return new Uint8Array(zstdCompressSync(content, { params }));
  const parts: Uint8Array[] = [];
  const count = 1 + choices.below(5);
  for (let i = 0; i < count; i++) {
    if (choices.chance(0.3)) parts.push(Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9));
    const cut = (at: number) => Math.floor(content.length * at / count);
    parts.push(zstdCompressSync(content.subarray(cut(i), cut(i + 1)), { params }));
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** How many images a file has: most have one. */
function shapeOf(choices: Choices): Pick<Ktx2Parts, "layers" | "faces" | "depth"> {
  if (choices.chance(0.6)) return {};
  const layers = choices.chance(0.5) ? { layers: 1 + choices.below(3) } : {};
  if (choices.chance(0.4)) return { ...layers, faces: 6 };
  return choices.chance(0.6) ? { ...layers, depth: 1 + choices.below(4) } : layers;
}

/** Parts of a valid file of any streamable format, size, number of images and scheme. */
export function texturedParts(choices: Choices): Ktx2Parts {
  const row = choices.one(ROWS);
  // One in ten takes more than decompressors give in one step.
  const most = choices.chance(0.1) ? 150 : 40;
  const shape = shapeOf(choices);
  const width = 1 + choices.below(most);
  const height = shape.faces === 6 ? width : 1 + choices.below(most);
  const full = Math.floor(Math.log2(Math.max(width, height))) + 1;
  const wantsMips = row.blockEdge === 1 && choices.chance(0.1);
  const count = wantsMips ? 1 : choices.chance(0.5) ? full : 1 + choices.below(full);
  const scheme = choices.one([0, 0, 2, 3]);
  const levels = Array.from({ length: count }, (_, level) => {
    const images = (shape.layers ?? 1) * (shape.faces ?? 1) *
      Math.max(1, (shape.depth ?? 1) >> level);
    const length = images *
      levelLength(row, Math.max(1, width >> level), Math.max(1, height >> level));
    const content = noise(length, choices.below(1000)).map((byte) => byte & 31);
    const stored = scheme === 2
      ? zstd(content, choices)
      : scheme === 3
      ? new Uint8Array(deflateSync(content))
      : content;
    return { stored, uncompressedLength: length };
  });
  return {
    row,
    width,
    height,
    levels,
    scheme,
    ...(wantsMips ? { levelCount: 0 } : {}),
    flags: choices.below(2),
    // A volume has a third axis.
    keyValues: keyValuesOf(choices).map(([key, value]) =>
      key === "KTXorientation" && shape.depth ? [key, value.replace("\0", "o\0")] : [key, value]
    ),
    ...shape,
    padding: choices.one([0, 0, 3, 100]),
  };
}

const OTHERS: readonly Ktx2Parts[] = [
  ...Object.entries(VALID).filter(([name]) => !name.startsWith("2 MiB")).map(([, parts]) => parts),
  basis(),
  { ...VALID["UASTC"]!, row: UASTC },
];

/** A file that is valid, with what can be changed in it. */
export function sampleOf(name: string, bytes: Uint8Array): Sample {
  return { name, bytes, fields: ktx2Fields(bytes), headerBytes: bodyStart(bytes) };
}

/** A valid file. */
export function ktx2Sample(choices: Choices): Sample {
  const isTextured = choices.chance(0.75);
  const parts = isTextured ? texturedParts(choices) : choices.one(OTHERS);
  const bytes = makeKtx2(parts);
  const { row, width, height, scheme = 0 } = parts;
  const name = `vkFormat ${row.vkFormat}, ${width} × ${height}, ${parts.levels.length} levels, ` +
    `scheme ${scheme}`;
  return sampleOf(name, bytes);
}
