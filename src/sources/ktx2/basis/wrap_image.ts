/**
 * Wraps one image, or some of its rows of blocks, in a KTX2 file of its own.
 *
 * The transcoder takes files alone. In one of these it finds what it needs and nothing else: no other
 * images, no supercompression but BasisLZ, and a descriptor that it knows, whatever primaries, transfer
 * function or metadata the file has.
 *
 * @module
 */

import { MODEL } from "../rules/color_model.ts";
import { SCHEME } from "../rules/supercompression.ts";
import { vkFormatNumber } from "../rules/vk_format.ts";
import type { BasisForm } from "./basis_form.ts";

/** One image of a level. */
export interface BasisImage {
  readonly form: BasisForm;
  /** Width in texels. */
  readonly width: number;
  /** Height in texels. */
  readonly height: number;
  /** Bytes of its slices, colour before alpha; of the UASTC forms there is one. */
  readonly slices: readonly Uint8Array[];
  /** Of BasisLZ, the code books and tables of the file, with the header before them. */
  readonly codeBooks?: CodeBooks;
}

/** What all images of a BasisLZ file are decoded with (KTX 2.0, "BasisLZ Global Data"). */
export interface CodeBooks {
  /** The 20 bytes at the beginning of the global data. */
  readonly header: Uint8Array;
  /** Endpoints, selectors and tables, one after the other. */
  readonly content: Uint8Array;
}

const IDENTIFIER = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER_BYTES = 80;
const LEVEL_BYTES = 24;
const DESCRIPTOR_BYTES = 28;
const SAMPLE_BYTES = 16;
/** Version 1.3 of the Data Format Specification. */
const DESCRIPTOR_VERSION = 2;
const TRANSFER_LINEAR = 1;
const PRIMARIES_BT709 = 1;
/** The most that a level's place must be a multiple of. */
const ALIGNMENT = 16;
const ALL_BITS = 0xffffffff;
const ONE = 0x3f800000;
const FLOAT = 0x80;
/** Type of a slice of UASTC HDR 6x6, at its beginning and in the global data. */
const SLICE_TYPE_BYTES = 2;

/** What the header and the descriptor say of a form. */
interface FormFacts {
  readonly vkFormat: number;
  readonly scheme: number;
  readonly model: number;
  readonly blockTexels: number;
  /** Bits of a slice's block. */
  readonly bits: number;
  /** Channel of each slice, with its qualifiers. */
  readonly channels: readonly number[];
  readonly upper: number;
}

const UASTC_RGBA = 3;
const ALPHA = 15;

const FACTS: Readonly<Record<BasisForm, FormFacts>> = Object.freeze({
  "ETC1S": {
    ...{ vkFormat: 0, scheme: SCHEME.BASIS_LZ, model: MODEL.ETC1S, blockTexels: 4 },
    ...{ bits: 64, channels: [0, ALPHA], upper: ALL_BITS },
  },
  "UASTC": {
    ...{ vkFormat: 0, scheme: SCHEME.NONE, model: MODEL.UASTC, blockTexels: 4 },
    ...{ bits: 128, channels: [UASTC_RGBA], upper: ALL_BITS },
  },
  "UASTC HDR 4x4": {
    vkFormat: vkFormatNumber("ASTC_4x4_SFLOAT_BLOCK")!,
    ...{ scheme: SCHEME.NONE, model: MODEL.UASTC_HDR_4X4, blockTexels: 4 },
    ...{ bits: 128, channels: [FLOAT], upper: ONE },
  },
  "UASTC HDR 6x6": {
    ...{ vkFormat: 0, scheme: SCHEME.UASTC_HDR_6X6_INTERMEDIATE, model: MODEL.UASTC_HDR_6X6 },
    ...{ blockTexels: 6, bits: 128, channels: [FLOAT], upper: ONE },
  },
});

/** The file, of one level and one image. */
export function wrapImage(image: BasisImage): Uint8Array<ArrayBuffer> {
  const facts = FACTS[image.form];
  const globalData = globalDataOf(image);
  const descriptor = descriptorOf(image, facts);
  const descriptorAt = HEADER_BYTES + LEVEL_BYTES;
  const globalAt = alignUp(descriptorAt + descriptor.byteLength, 8);
  const levelAt = alignUp(globalAt + globalData.byteLength, ALIGNMENT);
  const place = facts.scheme === SCHEME.NONE ? levelAt : globalAt + globalData.byteLength;
  const length = image.slices.reduce((sum, slice) => sum + slice.byteLength, 0);
  const file = new Uint8Array(place + length);
  const view = new DataView(file.buffer);
  file.set(IDENTIFIER);
  const words = [facts.vkFormat, 1, image.width, image.height, 0, 0, 1, 1, facts.scheme];
  words.push(descriptorAt, descriptor.byteLength);
  words.forEach((word, i) => view.setUint32(IDENTIFIER.length + 4 * i, word, true));
  if (globalData.byteLength > 0) {
    view.setBigUint64(64, BigInt(globalAt), true);
    view.setBigUint64(72, BigInt(globalData.byteLength), true);
  }
  view.setBigUint64(HEADER_BYTES, BigInt(place), true);
  view.setBigUint64(HEADER_BYTES + 8, BigInt(length), true);
  view.setBigUint64(HEADER_BYTES + 16, BigInt(facts.scheme === SCHEME.NONE ? length : 0), true);
  file.set(descriptor, descriptorAt);
  file.set(globalData, globalAt);
  let at = place;
  for (const slice of image.slices) {
    file.set(slice, at);
    at += slice.byteLength;
  }
  return file;
}

function descriptorOf({ slices }: BasisImage, facts: FormFacts): Uint8Array {
  const count = slices.length;
  const bytes = new Uint8Array(DESCRIPTOR_BYTES + SAMPLE_BYTES * count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.byteLength, true);
  view.setUint16(8, DESCRIPTOR_VERSION, true);
  view.setUint16(10, bytes.byteLength - 4, true);
  bytes.set([facts.model, PRIMARIES_BT709, TRANSFER_LINEAR, 0], 12);
  bytes.set([facts.blockTexels - 1, facts.blockTexels - 1], 16);
  // The transcoder wants no size of blocks where BasisLZ has them.
  for (let i = 0; i < count; i++) {
    if (facts.scheme !== SCHEME.BASIS_LZ) bytes[20 + i] = facts.bits / 8;
    const at = DESCRIPTOR_BYTES + SAMPLE_BYTES * i;
    view.setUint16(at, facts.bits * i, true);
    bytes.set([facts.bits - 1, facts.channels[i]!], at + 2);
    view.setUint32(at + 12, facts.upper, true);
  }
  return bytes;
}

function globalDataOf({ form, slices, codeBooks }: BasisImage): Uint8Array {
  if (form === "UASTC HDR 6x6") {
    const [slice] = slices;
    const type = slice!.subarray(0, SLICE_TYPE_BYTES);
    const words = Uint32Array.from([0, slice!.byteLength, 0]);
    const bytes = new Uint8Array(words.buffer);
    bytes.set(type, 8);
    return bytes;
  }
  if (codeBooks === undefined) return new Uint8Array(0);
  const { header, content } = codeBooks;
  const [colour, alpha] = slices.map(({ byteLength }) => byteLength);
  const words = [0, 0, colour!, alpha === undefined ? 0 : colour!, alpha ?? 0];
  const table = new Uint8Array(Uint32Array.from(words).buffer);
  const bytes = new Uint8Array(header.byteLength + table.byteLength + content.byteLength);
  bytes.set(header);
  bytes.set(table, header.byteLength);
  bytes.set(content, header.byteLength + table.byteLength);
  return bytes;
}

function alignUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
