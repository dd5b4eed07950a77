/**
 * BC6H blocks, signed and unsigned, bit for bit (Khronos Data Format Specification 1.3, section
 * 20.2; Direct3D 11.3 Functional Specification, section 19.5.14).
 *
 * @module
 */

import { halfToFloat } from "../half_float.ts";
import { BC6H_MODES, type Bc6hMode } from "./bc6h_modes.ts";
import { BC7_ANCHORS_2, BC7_PARTITIONS_2, BC7_WEIGHTS } from "./bc7_tables.ts";

const SIGN = 0x8000;

/** Decodes BC6H blocks one at a time; owns the scratch memory for it. */
export class Bc6hBlockDecoder {
  readonly #isSigned: boolean;
  /** Channel c of endpoint e at 4·e + c. */
  readonly #endpoints = new Int32Array(16);
  #block: Uint8Array = new Uint8Array(0);
  /** Number of the next bit. */
  #bit = 0;

  /** For blocks of signed values (`bc6h-rgb-float`) or unsigned ones. */
  constructor(options: { readonly isSigned: boolean }) {
    this.#isSigned = options.isSigned;
  }

  /**
   * Decodes one 16-byte block to 16 RGBA texels of floats, each of which is a 16-bit float. A block
   * without a mode is opaque black, as the specification says.
   *
   * @param block Bytes that hold the block at `at`.
   * @param out Receives 64 values, row by row; alpha is 1.
   * @param at First byte of the block.
   */
  decode(block: Uint8Array, out: Float32Array, at: number): void {
    for (let k = 0; k < 64; k++) out[k] = k % 4 === 3 ? 1 : 0;
    const low = block[at]! & 31;
    const mode = BC6H_MODES.get((low & 2) === 0 ? low & 3 : low);
    if (mode === undefined) return;
    this.#block = block;
    this.#bit = 8 * at + mode.modeBits;
    this.#readEndpoints(mode);
    const partition = mode.isSplit ? this.#read(5) : 0;
    const indexBits = mode.isSplit ? 3 : 4;
    const weights = BC7_WEIGHTS[indexBits];
    const shape = mode.isSplit ? BC7_PARTITIONS_2[partition]! : 0;
    for (let texel = 0; texel < 16; texel++) {
      const isAnchor = texel === 0 || (mode.isSplit && texel === BC7_ANCHORS_2[partition]);
      const weight = weights[this.#read(isAnchor ? indexBits - 1 : indexBits)]!;
      const first = 8 * ((shape >> texel) & 1);
      for (let c = 0; c < 3; c++) {
        const a = this.#endpoints[first + c]!;
        const b = this.#endpoints[first + 4 + c]!;
        out[4 * texel + c] = this.#finished((a * (64 - weight) + b * weight + 32) >> 6);
      }
    }
  }

  /** Reads all endpoints, widened to 16 bits (17 with the sign). */
  #readEndpoints({ fields, isSplit, baseBits, deltaBits, areDeltas }: Bc6hMode): void {
    const ends = this.#endpoints.fill(0);
    for (const [place, bit] of fields) ends[place]! |= this.#read(1) << bit;
    const count = isSplit ? 4 : 2;
    for (let c = 0; c < 3; c++) {
      if (this.#isSigned) ends[c] = signExtended(ends[c]!, baseBits);
      const base = ends[c]!;
      for (let e = 1; e < count; e++) {
        let value = ends[4 * e + c]!;
        if (areDeltas) {
          value = (base + signExtended(value, deltaBits[c]!)) & (2 ** baseBits - 1);
        }
        ends[4 * e + c] = this.#isSigned ? signExtended(value, baseBits) : value;
      }
      for (let e = 0; e < count; e++) {
        ends[4 * e + c] = this.#widened(ends[4 * e + c]!, baseBits);
      }
    }
  }

  #widened(value: number, bits: number): number {
    if (this.#isSigned) {
      const magnitude = Math.abs(value);
      if (bits >= 16 || value === 0) return value;
      const widened = magnitude >= 2 ** (bits - 1) - 1
        ? 0x7fff
        : ((magnitude << 15) + 0x4000) >> (bits - 1);
      return value < 0 ? -widened : widened;
    }
    if (bits >= 15 || value === 0) return value;
    return value === 2 ** bits - 1 ? 0xffff : ((value << 15) + 0x4000) >> (bits - 1);
  }

  /** The float of an interpolated value. */
  #finished(value: number): number {
    if (!this.#isSigned) return halfToFloat((value * 31) >> 6);
    const magnitude = (Math.abs(value) * 31) >> 5;
    return halfToFloat(value < 0 ? SIGN | magnitude : magnitude);
  }

  /** The next bits of the block, the first one the lowest. */
  #read(count: number): number {
    let value = 0;
    for (let k = 0; k < count; k++, this.#bit++) {
      value |= ((this.#block[this.#bit >> 3]! >> (this.#bit & 7)) & 1) << k;
    }
    return value;
  }
}

function signExtended(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}
