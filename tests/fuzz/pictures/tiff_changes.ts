/**
 * Damage to the data of one strip or tile of a TIFF file.
 *
 * @module
 */

import { deflateSync, inflateSync } from "node:zlib";
import { fieldBytes, type Sample } from "../inputs/fields.ts";
import type { Choices } from "../inputs/mutate.ts";
import { tiffFields, tiffNumbers } from "./tiff_parts.ts";

const STRIP = { offsets: 273, bytes: 279 } as const;
const TILE = { offsets: 324, bytes: 325 } as const;
const COMPRESSION = 259;
const NO_COMPRESSION = 1;
const DEFLATE = 8;

/** Cuts a chunk off, makes it longer inside, or spoils a run of its bytes. */
export function changeChunk(choices: Choices, sample: Sample): Sample {
  const tags = tiffNumbers(sample.bytes, TILE.offsets) === null ? STRIP : TILE;
  const offsets = tiffNumbers(sample.bytes, tags.offsets)!;
  const sizes = tiffNumbers(sample.bytes, tags.bytes)!;
  // Longer lists are no fields as a whole.
  const index = choices.below(Math.min(offsets.length, 6));
  const data = sample.bytes.slice(offsets[index]!, offsets[index]! + sizes[index]!);
  const kind = choices.below(4);
  if (kind === 0) return withChunk(sample, index, data.subarray(0, 1 + choices.below(data.length)));
  const compression = tiffNumbers(sample.bytes, COMPRESSION)?.[0];
  if (kind === 1 && compression === DEFLATE) {
    return withChunk(sample, index, withMoreInside(choices, data));
  }
  const from = choices.below(data.length);
  const run = data.subarray(from, from + 1 + choices.below(kind === 2 ? 4 : data.length));
  // Zeros that are not compressed are black texels.
  if (compression !== NO_COMPRESSION && choices.chance(0.5)) run.fill(0);
  else run.set(choices.bytes(run.length));
  return withChunk(sample, index, data);
}

/** Other texels with others behind them, and often a wrong checksum. */
function withMoreInside(choices: Choices, data: Uint8Array): Uint8Array {
  const texels = inflateSync(data);
  texels[choices.below(texels.length)]! ^= 1 + choices.below(255);
  const more = deflateSync(Uint8Array.from([...texels, ...new Uint8Array(choices.below(50_000))]));
  if (choices.chance(0.7)) more[more.length - 1 - choices.below(4)]! ^= 1 << choices.below(8);
  return new Uint8Array(more);
}

/** The sample with other data for a chunk, which lies behind everything else. */
function withChunk(sample: Sample, index: number, data: Uint8Array): Sample {
  const bytes = Uint8Array.from([...sample.bytes, ...data]);
  for (const { offsets, bytes: sizes } of [STRIP, TILE]) {
    for (const [tag, value] of [[offsets, sample.bytes.length], [sizes, data.length]] as const) {
      const count = tiffNumbers(bytes, tag)?.length ?? 0;
      const name = count === 1 ? `value of ${tag}` : `${index} of ${tag}`;
      const field = sample.fields.find((field) => field.name === name);
      if (field !== undefined) bytes.set(fieldBytes(BigInt(value), field), field.at);
    }
  }
  return {
    ...sample,
    name: `${sample.name}, data of chunk ${index} changed`,
    bytes,
    fields: tiffFields(bytes),
  };
}
