/**
 * Small TIFF files of some strips, by which the picture decoder decodes what lies in the strips and
 * tiles of a larger one.
 *
 * @module
 */

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const TYPE_BYTES: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [UNDEFINED]: 1 };
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;

const TAG = { offsets: 273, rowsPerStrip: 278, sizes: 279 } as const;

/** A field: its tag and numbers, or bytes. */
export type PlainField = readonly [tag: number, value: readonly number[] | Uint8Array];

/**
 * A little-endian file.
 *
 * @param strips The data of each strip.
 * @param fields All fields but those of the strips, in any order.
 */
export function plainTiff(
  strips: readonly Uint8Array[],
  { rowsPerStrip, fields }: {
    readonly rowsPerStrip: number;
    readonly fields: readonly PlainField[];
  },
): Uint8Array {
  let end = HEADER_BYTES;
  const offsets = strips.map(({ byteLength }) => {
    const offset = end;
    end += byteLength + byteLength % 2;
    return offset;
  });
  const all: PlainField[] = [
    ...fields,
    [TAG.offsets, offsets],
    [TAG.rowsPerStrip, [rowsPerStrip]],
    [TAG.sizes, strips.map(({ byteLength }) => byteLength)],
  ];
  all.sort(([a], [b]) => a - b);
  const lists = end + 2 + ENTRY_BYTES * all.length + 4;
  const size = all.reduce(
    (sum, [tag, value]) => sum + even(TYPE_BYTES[typeOf(tag, value)]! * value.length),
    lists,
  );
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, end, true);
  strips.forEach((strip, i) => file.set(strip, offsets[i]));
  view.setUint16(end, all.length, true);
  let list = lists;
  all.forEach(([tag, value], i) => {
    const entry = end + 2 + ENTRY_BYTES * i;
    const type = typeOf(tag, value);
    const bytes = TYPE_BYTES[type]! * value.length;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, type, true);
    view.setUint32(entry + 4, value.length, true);
    const at = bytes <= 4 ? entry + 8 : list;
    if (bytes > 4) {
      view.setUint32(entry + 8, list, true);
      list += even(bytes);
    }
    value.forEach((number, j) => setNumber(view, at + j * TYPE_BYTES[type]!, { type, number }));
  });
  return file;
}

/** Tags of fields of 16-bit numbers, whatever they are: decoders insist on that. */
const SHORT_TAGS: readonly number[] = [
  258,
  259,
  262,
  266,
  277,
  284,
  317,
  320,
  332,
  338,
  339,
  530,
  531,
];

function typeOf(tag: number, value: PlainField[1]): number {
  if (value instanceof Uint8Array) return UNDEFINED;
  return SHORT_TAGS.includes(tag) ? SHORT : LONG;
}

function setNumber(view: DataView, at: number, { type, number }: { type: number; number: number }) {
  if (type === SHORT) view.setUint16(at, number, true);
  else if (type === LONG) view.setUint32(at, number, true);
  else view.setUint8(at, number);
}

function even(bytes: number): number {
  return bytes + bytes % 2;
}
