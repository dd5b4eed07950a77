/**
 * Edits of valid files that know their fields.
 *
 * @module
 */

import type { Edit, FuzzInput } from "../../../src/cli/fuzz/fuzzer.ts";
import { seededRandom } from "../../helpers/random.ts";
import { type Field, fieldBytes, fieldValue, type Sample } from "./fields.ts";

/** Random choices of one input. */
export class Choices {
  readonly random: () => number;

  constructor(seed: number, index: number) {
    this.random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    this.random();
  }

  /** An integer from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  chance(part: number): boolean {
    return this.random() < part;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

const NUMBERS = [0n, 1n, 2n, 3n, 4n, 6n, 7n, 8n, 16n, 24n, 80n, 127n, 128n, 255n, 256n, 257n];
const LARGE = [15n, 16n, 20n, 24n, 28n, 30n, 31n, 32n, 40n, 48n, 52n, 53n, 62n, 63n, 64n];

function interesting(choices: Choices, current: bigint, bytes: Uint8Array): bigint {
  const kinds: (() => bigint)[] = [
    () => choices.one(NUMBERS),
    () => (1n << choices.one(LARGE)) + BigInt(choices.below(3) - 1),
    () => current + BigInt(choices.below(9) - 4),
    () => current + choices.one([-16n, 16n, -8n, 8n, -256n, 256n, 4096n]),
    () => current * choices.one([2n, 3n, 4n, 256n, 65536n]),
    () => current >> BigInt(1 + choices.below(3)),
    () => current ^ (1n << BigInt(choices.below(64))),
    () => BigInt(bytes.length + choices.below(5) - 2),
    () => BigInt(choices.below(2 ** 31)),
  ];
  return choices.one(kinds)();
}

function editOf(at: number, removed: number, inserted: Uint8Array, what: string): Edit {
  return { at, removed, inserted, what };
}

function setField(field: Field, value: bigint, how: string): Edit {
  const inserted = fieldBytes(value, field);
  return editOf(field.at, field.bytes, inserted, `${field.name} ${how} ${value}`);
}

function fieldEdit(choices: Choices, sample: Sample): Edit[] {
  const { bytes, fields } = sample;
  const field = choices.one(fields);
  const current = fieldValue(bytes, field) ?? 0n;
  const other = choices.one(fields);
  const otherValue = fieldValue(bytes, other) ?? 0n;
  const kind = choices.below(8);
  if (kind === 0) return [setField(field, otherValue, `as ${other.name}`)];
  if (kind === 1) {
    return [setField(field, otherValue, "swapped"), setField(other, current, "swapped")];
  }
  if (kind === 2) return [setField(field, current + otherValue, `plus ${other.name}`)];
  return [setField(field, interesting(choices, current, bytes), "=")];
}

function bodyEdit(choices: Choices, { bytes, headerBytes }: Sample): Edit[] {
  const length = Math.max(1, bytes.length - headerBytes);
  const at = headerBytes + choices.below(length);
  const span = Math.min(bytes.length - at, 1 + choices.below(choices.one([1, 4, 16, 256])));
  const kind = choices.below(6);
  if (kind <= 1) {
    const flipped = Uint8Array.of((bytes[at] ?? 0) ^ (1 << choices.below(8)));
    return [editOf(at, 1, flipped, `a bit of byte ${at}`)];
  }
  if (kind === 2) return [editOf(at, span, choices.bytes(span), `${span} bytes at ${at}`)];
  if (kind === 3) {
    const fill = new Uint8Array(span).fill(choices.one([0, 255, 1, 128]));
    return [editOf(at, span, fill, `${span} bytes at ${at} all ${fill[0]}`)];
  }
  if (kind === 4) return [editOf(at, span, new Uint8Array(0), `${span} bytes at ${at} left out`)];
  const from = choices.below(bytes.length);
  const copied = bytes.slice(from, from + span);
  return [editOf(at, copied.length, copied, `bytes of ${from} at ${at}`)];
}

function lengthEdit(choices: Choices, { bytes, fields }: Sample): Edit[] {
  const places = [choices.below(bytes.length), bytes.length - 1 - choices.below(8)];
  if (fields.length > 0) places.push(choices.one(fields).at);
  const at = Math.max(0, Math.min(bytes.length, choices.one(places) + choices.below(3) - 1));
  if (choices.chance(0.5)) {
    return [editOf(at, bytes.length - at, new Uint8Array(0), `cut off at ${at}`)];
  }
  const count = 1 + choices.below(choices.one([4, 64, 4096]));
  const added = choices.chance(0.5) ? new Uint8Array(count) : choices.bytes(count);
  const where = choices.chance(0.7) ? bytes.length : at;
  return [editOf(where, 0, added, `${count} bytes more at ${where}`)];
}

function spliceEdit(choices: Choices, { bytes }: Sample, other: Sample): Edit[] {
  const from = choices.below(other.bytes.length);
  const part = other.bytes.slice(from, from + 1 + choices.below(512));
  const at = choices.chance(0.5) ? Math.min(from, bytes.length) : choices.below(bytes.length);
  const removed = choices.chance(0.5) ? part.length : choices.below(64);
  return [editOf(at, removed, part, `bytes of ${from} of ${other.name} at ${at}`)];
}

/**
 * Edits a sample in up to four ways; in half of the inputs also behind its header.
 *
 * @param other Another sample, which parts may come from.
 */
export function mutate(choices: Choices, sample: Sample, other: Sample): FuzzInput {
  const edits: Edit[] = [];
  const touchesBody = choices.chance(0.5);
  const count = 1 + choices.below(choices.one([1, 2, 4]));
  for (let i = 0; i < count; i++) {
    const kind = choices.random();
    if (kind < 0.06) edits.push(...lengthEdit(choices, sample));
    else if (kind < 0.1) edits.push(...spliceEdit(choices, sample, other));
    else if (sample.fields.length > 0) edits.push(...fieldEdit(choices, sample));
  }
  if (touchesBody) {
    for (let i = choices.below(3); i >= 0; i--) edits.push(...bodyEdit(choices, sample));
  }
  // One input in eight keeps the wrong checksums.
  const seal = choices.chance(0.875) ? sample.seal : undefined;
  return { sample: sample.name, bytes: sample.bytes, edits, seal };
}
