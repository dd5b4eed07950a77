/**
 * Texels to encode, checked and brought into the form that the encoder reads.
 *
 * @module
 */

import { checkedChoice, checkedInteger } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { TexelFormat } from "../../texels/mod.ts";

/** Texels to encode. */
export interface EncodeInput {
  /** Tight rows, top down, `channels` bytes a texel. */
  readonly texels: Uint8Array;
  /** Width in texels, at least 1. */
  readonly width: number;
  /** Height in texels, at least 1. */
  readonly height: number;
}

/** Writes texels as RGBA8. */
export function stageTexels(
  texels: Uint8Array,
  staged: Uint8Array,
  offset: number,
  channels: 1 | 4,
): void {
  if (channels === 4) {
    staged.set(texels, offset);
    return;
  }
  const words = new Uint32Array(staged.buffer, staged.byteOffset + offset, texels.length);
  for (let k = 0; k < texels.length; k++) words[k] = texels[k]! * 0x010101 + 0xff000000;
}

/**
 * Checks an input.
 *
 * @throws {InvalidArgumentError} if the texels are not bytes.
 * @throws {OutOfRangeError} if the channels are neither 1 nor 4.
 * @throws {OutOfRangeError} if the size is not positive or the number of texels does not match it.
 */
export function assertInput(format: TexelFormat, input: EncodeInput, channels: number): void {
  checkedChoice(channels, {
    name: "channels",
    failure: `Cannot encode to ${format}`,
    choices: [1, 4],
  });
  const { texels, width, height } = input;
  if (!(texels instanceof Uint8Array)) {
    throw new InvalidArgumentError(
      "texels",
      `Cannot encode to ${format} as texels must be a Uint8Array: current value is of type ${typeof texels}`,
    );
  }
  const failure = `Cannot encode to ${format}`;
  checkedInteger(width, { name: "width", range: [1, Infinity], failure });
  checkedInteger(height, { name: "height", range: [1, Infinity], failure });
  const wanted = width * height * channels;
  if (texels.length !== wanted) {
    throw new OutOfRangeError(
      "texels",
      `Cannot encode ${width}×${height} texels to ${format} as texels must be ${wanted} bytes: ` +
        `current value is ${texels.length}`,
    );
  }
}
