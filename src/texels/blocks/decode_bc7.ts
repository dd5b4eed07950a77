/**
 * BC7 blocks, all eight modes, bit for bit (Khronos Data Format Specification 1.3, section 20.1).
 *
 * @module
 */

import {
  BC7_ANCHORS_2,
  BC7_ANCHORS_3_1,
  BC7_ANCHORS_3_2,
  BC7_MODES,
  BC7_PARTITIONS_2,
  BC7_PARTITIONS_3,
  BC7_WEIGHTS,
  type Bc7Mode,
} from "./bc7_tables.ts";

/** Decodes BC7 blocks one at a time; owns the scratch memory for it. */
export class Bc7BlockDecoder {
  /** The block, least significant word first. */
  readonly #words = new Uint32Array(4);
  #bit = 0;
  /** Channel c of endpoint e at 4·e + c. */
  readonly #endpoints = new Uint8Array(24);
  readonly #indices = new Uint8Array(16);
  readonly #secondIndices = new Uint8Array(16);

  /**
   * Decodes one 16-byte block to 16 RGBA8 texels; a block without a mode (its first byte is 0) is
   * transparent black, as the specification says.
   *
   * @param block Bytes that hold the block at `at`.
   * @param out Receives 64 bytes, row by row.
   * @param at First byte of the block.
   */
  decode(block: Uint8Array, out: Uint8Array, at: number): void {
    const first = block[at]!;
    if (first === 0) {
      out.fill(0, 0, 64);
      return;
    }
    for (let word = 0, b = at; word < 4; word++, b += 4) {
      this.#words[word] = block[b]! | (block[b + 1]! << 8) | (block[b + 2]! << 16) |
        (block[b + 3]! << 24);
    }
    const modeNumber = 31 - Math.clz32(first & -first);
    const mode = BC7_MODES[modeNumber]!;
    this.#bit = modeNumber + 1;
    const partition = this.#read(mode.partitionBits);
    const rotation = this.#read(mode.rotationBits);
    const indexSelection = this.#read(mode.indexSelectionBits);
    this.#readEndpoints(mode);
    this.#readIndices(mode, partition);
    const swapped = indexSelection === 1;
    const single = mode.secondIndexBits === 0;
    const colorIndices = swapped ? this.#secondIndices : this.#indices;
    const alphaIndices = swapped || single ? this.#indices : this.#secondIndices;
    const colorWeights = BC7_WEIGHTS[swapped ? mode.secondIndexBits as 3 : mode.indexBits];
    const alphaWeights =
      BC7_WEIGHTS[swapped || single ? mode.indexBits : mode.secondIndexBits as 2 | 3];
    const ends = this.#endpoints;
    for (let texel = 0, o = 0; texel < 16; texel++, o += 4) {
      const e = 8 * subsetOf(mode.subsets, partition, texel);
      const cw = colorWeights[colorIndices[texel]!]!;
      const aw = alphaWeights[alphaIndices[texel]!]!;
      out[o] = (ends[e]! * (64 - cw) + ends[e + 4]! * cw + 32) >> 6;
      out[o + 1] = (ends[e + 1]! * (64 - cw) + ends[e + 5]! * cw + 32) >> 6;
      out[o + 2] = (ends[e + 2]! * (64 - cw) + ends[e + 6]! * cw + 32) >> 6;
      out[o + 3] = (ends[e + 3]! * (64 - aw) + ends[e + 7]! * aw + 32) >> 6;
      if (rotation > 0) {
        const alpha = out[o + 3]!;
        out[o + 3] = out[o + rotation - 1]!;
        out[o + rotation - 1] = alpha;
      }
    }
  }

  /** The next bits of the block, at most 8 of them. */
  #read(bits: number): number {
    if (bits === 0) return 0;
    const word = this.#bit >> 5;
    const shift = this.#bit & 31;
    let value = this.#words[word]! >>> shift;
    if (shift + bits > 32) value |= this.#words[word + 1]! << (32 - shift);
    this.#bit += bits;
    return value & ((1 << bits) - 1);
  }

  #readEndpoints(mode: Bc7Mode): void {
    const count = 2 * mode.subsets;
    const channels = mode.alphaBits > 0 ? 4 : 3;
    const ends = this.#endpoints;
    for (let channel = 0; channel < channels; channel++) {
      const bits = channel === 3 ? mode.alphaBits : mode.colorBits;
      for (let e = 0; e < count; e++) ends[4 * e + channel] = this.#read(bits);
    }
    const extraBits = mode.pBits === "none" ? 0 : 1;
    for (let e = 0, pBit = 0; e < count; e++) {
      if (mode.pBits === "endpoint" || (mode.pBits === "subset" && e % 2 === 0)) {
        pBit = this.#read(1);
      }
      for (let channel = 0; channel < channels; channel++) {
        const bits = (channel === 3 ? mode.alphaBits : mode.colorBits) + extraBits;
        const stored = ends[4 * e + channel]!;
        const value = (extraBits === 1 ? (stored << 1) | pBit : stored) << (8 - bits);
        ends[4 * e + channel] = value | (value >> bits);
      }
      if (channels === 3) ends[4 * e + 3] = 255;
    }
  }

  #readIndices(mode: Bc7Mode, partition: number): void {
    const anchor1 = mode.subsets === 2
      ? BC7_ANCHORS_2[partition]!
      : mode.subsets === 3
      ? BC7_ANCHORS_3_1[partition]!
      : 0;
    const anchor2 = mode.subsets === 3 ? BC7_ANCHORS_3_2[partition]! : 0;
    for (let texel = 0; texel < 16; texel++) {
      const isAnchor = texel === 0 || texel === anchor1 || texel === anchor2;
      this.#indices[texel] = this.#read(isAnchor ? mode.indexBits - 1 : mode.indexBits);
    }
    if (mode.secondIndexBits === 0) return;
    for (let texel = 0; texel < 16; texel++) {
      const bits = texel === 0 ? mode.secondIndexBits - 1 : mode.secondIndexBits;
      this.#secondIndices[texel] = this.#read(bits);
    }
  }
}

function subsetOf(subsets: 1 | 2 | 3, partition: number, texel: number): number {
  if (subsets === 1) return 0;
  if (subsets === 2) return (BC7_PARTITIONS_2[partition]! >> texel) & 1;
  return (BC7_PARTITIONS_3[partition]! >>> (2 * texel)) & 3;
}
