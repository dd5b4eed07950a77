/**
 * Numbers in files, and the files that they are in.
 *
 * @module
 */

/** A number of a file. */
export interface Field {
  readonly name: string;
  /** First byte. */
  readonly at: number;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly isBigEndian?: boolean;
}

/** A valid file to make inputs from. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  /** Bytes before the body, which holds what fields describe. */
  readonly headerBytes: number;
  /** Corrects checksums in place. */
  readonly seal?: (bytes: Uint8Array) => void;
}

/** The number of a field; null if the bytes end before it. */
export function fieldValue(bytes: Uint8Array, field: Field): bigint | null {
  if (field.at + field.bytes > bytes.length) return null;
  let value = 0n;
  for (let i = 0; i < field.bytes; i++) {
    const place = field.isBigEndian ? i : field.bytes - 1 - i;
    value = (value << 8n) | BigInt(bytes[field.at + place]!);
  }
  return value;
}

/** The bytes of a number in a field, cut to its size. */
export function fieldBytes(value: bigint, field: Field): Uint8Array {
  const bytes = new Uint8Array(field.bytes);
  let rest = BigInt.asUintN(8 * field.bytes, value);
  for (let i = 0; i < field.bytes; i++) {
    bytes[field.isBigEndian ? field.bytes - 1 - i : i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

/** Fields of a size that follow one another. */
export function fieldRow(
  names: readonly string[],
  first: number,
  bytes: Field["bytes"],
  isBigEndian = false,
): Field[] {
  return names.map((name, index) => ({ name, at: first + index * bytes, bytes, isBigEndian }));
}
