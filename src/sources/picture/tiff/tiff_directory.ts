/**
 * The directories of a TIFF file (TIFF, revision 6.0, section 2; BigTIFF), in bounded memory.
 *
 * @module
 */

import type { ByteRange } from "../../bytes/read_range.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture } from "../headers/picture_header.ts";

/** Bytes of a value of each type: 1 to 13, and 16 to 18 of BigTIFF. */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** Type of fields of fractions: two integers. */
const RATIONAL = 5;
/** Types of fields that hold places in the file: SHORT, LONG, IFD, LONG8 and IFD8. */
const OFFSET_TYPES: readonly number[] = [3, 4, 13, 16, 18];

const MOST_ENTRIES = 4096;
/** Values of a field that are read at once. */
const BLOCK_VALUES = 8192;

/** Where the values of a field lie. */
interface Field {
  readonly type: number;
  readonly count: number;
  readonly offset: number;
}

/** How the numbers of a file are written. */
export interface TiffNumbers {
  readonly isLittle: boolean;
  /** Whether places in the file have 64 bits (BigTIFF). */
  readonly isBig: boolean;
}

/** Reads how numbers are written, and where the first directory lies. */
export async function readTiffStart(
  file: HeaderReader,
): Promise<{ readonly numbers: TiffNumbers; readonly first: number }> {
  const start = await file.view(0, 8, "the header");
  const isLittle = start.getUint16(0) === 0x4949;
  const isBig = start.getUint16(2, isLittle) === 43;
  const first = isBig
    ? number64((await file.view(0, 16, "the header")).getBigUint64(8, isLittle))
    : start.getUint32(4, isLittle);
  return { numbers: { isLittle, isBig }, first };
}

/** The fields of a directory; their values are read when they are asked for. */
export class TiffDirectory {
  /** Where the next directory lies; 0 if this is the last. */
  readonly next: number;
  /** Whether numbers of samples are stored with the least significant byte first. */
  readonly isLittle: boolean;
  readonly #file: HeaderReader;
  readonly #fields: ReadonlyMap<number, Field>;

  private constructor(
    file: HeaderReader,
    { isLittle, fields, next }: {
      isLittle: boolean;
      fields: ReadonlyMap<number, Field>;
      next: number;
    },
  ) {
    this.#file = file;
    this.isLittle = isLittle;
    this.#fields = fields;
    this.next = next;
  }

  /** Reads the first directory, as {@linkcode TiffDirectory.readAt} does. */
  static async readFirst(file: HeaderReader): Promise<TiffDirectory> {
    const { numbers, first } = await readTiffStart(file);
    return await TiffDirectory.readAt(file, first, numbers);
  }

  /**
   * Reads a directory.
   *
   * @param at Where it lies in the file.
   * @throws {MalformedFileError} if it, or values of its fields, do not lie in the file.
   */
  static async readAt(
    file: HeaderReader,
    at: number,
    { isLittle, isBig }: TiffNumbers,
  ): Promise<TiffDirectory> {
    const what = `the directory at byte ${at}`;
    const countView = await file.view(at, isBig ? 8 : 2, what);
    const count = isBig
      ? number64(countView.getBigUint64(0, isLittle))
      : countView.getUint16(0, isLittle);
    if (count === 0 || count > MOST_ENTRIES) {
      throw malformedPicture(
        file.name,
        `${what} must have 1 to ${MOST_ENTRIES} fields: it has ${count}`,
      );
    }
    const entryBytes = isBig ? 20 : 12;
    const first = at + (isBig ? 8 : 2);
    const nextAt = count * entryBytes;
    const nextBytes = isBig ? 8 : 4;
    const view = await file.view(first, nextAt + nextBytes, what);
    const fields = new Map<number, Field>();
    for (let i = 0; i < count; i++) {
      const entry = i * entryBytes;
      const type = view.getUint16(entry + 2, isLittle);
      const valueCount = isBig
        ? number64(view.getBigUint64(entry + 4, isLittle))
        : view.getUint32(entry + 4, isLittle);
      const inline = entry + (isBig ? 12 : 8);
      const isInline = valueCount * (TYPE_BYTES[type] ?? 1) <= (isBig ? 8 : 4);
      const offset = isInline
        ? first + inline
        : isBig
        ? number64(view.getBigUint64(inline, isLittle))
        : view.getUint32(inline, isLittle);
      const tag = view.getUint16(entry, isLittle);
      // The first of several counts, as in the decoder.
      if (!fields.has(tag)) fields.set(tag, { type, count: valueCount, offset });
    }
    const next = isBig
      ? number64(view.getBigUint64(nextAt, isLittle))
      : view.getUint32(nextAt, isLittle);
    return new TiffDirectory(file, { isLittle, fields, next });
  }

  /** Whether a field is there and can hold places in the file. */
  isOfOffsets(tag: number): boolean {
    return OFFSET_TYPES.includes(this.#fields.get(tag)?.type ?? 0);
  }

  /** Number of values of a field, 0 if it is missing. */
  count(tag: number): number {
    return this.#fields.get(tag)?.count ?? 0;
  }

  /**
   * The value of a field of one integer, or a default if it is missing.
   *
   * @throws {MalformedFileError} if it has none or several.
   */
  async number<Default>(tag: number, otherwise: Default): Promise<number | Default> {
    const field = this.#fields.get(tag);
    if (field === undefined) return otherwise;
    if (field.count !== 1) {
      throw malformedPicture(
        this.#file.name,
        `its field ${tag} must hold one integer: it holds ${field.count}`,
      );
    }
    const [value] = await this.numbers(tag, 1);
    return value!;
  }

  /**
   * Where the values of a field lie, or null if it is missing.
   *
   * @throws {MalformedFileError} if they are of no known type.
   */
  range(tag: number): ByteRange | null {
    const field = this.#fields.get(tag);
    if (field === undefined) return null;
    const bytes = TYPE_BYTES[field.type];
    if (bytes === undefined) {
      throw malformedPicture(
        this.#file.name,
        `its field ${tag} must be of a known type: current value is ${field.type}`,
      );
    }
    return { offset: field.offset, length: field.count * bytes };
  }

  /** All values of a field of integers, at most so many. */
  async numbers(tag: number, most: number): Promise<number[]> {
    const numbers: number[] = [];
    for await (const { values } of this.values(tag, most)) {
      for (const value of values) numbers.push(value);
    }
    return numbers;
  }

  /**
   * All values of a field of fractions (RATIONAL), at most so many; one of a divisor of 0 is no finite
   * number. None if it is of another type.
   */
  async fractions(tag: number, most: number): Promise<number[]> {
    const field = this.#fields.get(tag);
    if (field?.type !== RATIONAL) return [];
    const count = Math.min(field.count, most);
    const view = await this.#file.view(field.offset, 8 * count, `field ${tag}`);
    return Array.from({ length: count }, (_, i) => {
      return view.getUint32(8 * i, this.isLittle) / view.getUint32(8 * i + 4, this.isLittle);
    });
  }

  /** The bytes of a field, whatever they mean; null if it is missing. */
  async bytes(tag: number): Promise<Uint8Array | null> {
    const range = this.range(tag);
    if (range === null) return null;
    return (await this.#file.read(range.offset, range.length, `field ${tag}`)).slice();
  }

  /** The bytes of a field, as text. */
  async text(tag: number, mostBytes: number): Promise<string> {
    const field = this.#fields.get(tag);
    if (field === undefined || field.type !== 2) return "";
    const bytes = await this.#file.read(
      field.offset,
      Math.min(field.count, mostBytes),
      `field ${tag}`,
    );
    return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
  }

  /**
   * The values of a field of integers, in blocks.
   *
   * @param most How many are wanted at most.
   * @throws {MalformedFileError} if they do not lie in the file, or are no integers.
   */
  async *values(
    tag: number,
    most: number,
  ): AsyncGenerator<{ readonly first: number; readonly values: Float64Array }> {
    const field = this.#fields.get(tag);
    if (field === undefined) return;
    const bytes = TYPE_BYTES[field.type];
    const read = READERS[field.type];
    if (bytes === undefined || read === undefined) {
      throw malformedPicture(
        this.#file.name,
        `its field ${tag} must hold integers: it is of type ${field.type}`,
      );
    }
    const count = Math.min(field.count, most);
    for (let first = 0; first < count; first += BLOCK_VALUES) {
      const length = Math.min(BLOCK_VALUES, count - first);
      const view = await this.#file.view(
        field.offset + first * bytes,
        length * bytes,
        `field ${tag}`,
      );
      const values = Float64Array.from(
        { length },
        (_, i) => read(view, i * bytes, this.isLittle),
      );
      yield { first, values };
    }
  }
}

type ReadNumber = (view: DataView, at: number, isLittle: boolean) => number;

function readByte(view: DataView, at: number): number {
  return view.getUint8(at);
}

function readShort(view: DataView, at: number, isLittle: boolean): number {
  return view.getUint16(at, isLittle);
}

function readLong(view: DataView, at: number, isLittle: boolean): number {
  return view.getUint32(at, isLittle);
}

function readLong8(view: DataView, at: number, isLittle: boolean): number {
  return number64(view.getBigUint64(at, isLittle));
}

const READERS: Readonly<Record<number, ReadNumber>> = {
  1: readByte,
  3: readShort,
  4: readLong,
  13: readLong,
  16: readLong8,
  18: readLong8,
};

/** Numbers above 2^53 lie behind the end of every file, rounded or not. */
function number64(value: bigint): number {
  return Number(value);
}
