/** TIFF files with one strip of grey samples, of kinds that the picture encoder cannot write. */

const SAMPLE_FORMATS = { unsigned: 1, signed: 2, float: 3 } as const;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;

/** A little-endian TIFF (revision 6.0) whose rows are `data`. */
export function makeTiff(
  data: Uint8Array,
  options: {
    width: number;
    bits: 1 | 16 | 32;
    sampleFormat: keyof typeof SAMPLE_FORMATS;
    /** Number of the compression; default none. */
    compression?: number;
    /** Default: as many rows as uncompressed data has. */
    height?: number;
    /** GDAL's value for no data, of at most three characters. */
    noData?: string;
  },
): Uint8Array {
  const { width, bits, compression = 1 } = options;
  const height = options.height ?? data.byteLength / (width * bits / 8);
  const tags: readonly (readonly [tag: number, type: number, value: number])[] = [
    [256, LONG, width],
    [257, LONG, height],
    [258, SHORT, bits],
    [259, SHORT, compression],
    [262, SHORT, 1], // black is zero
    [273, LONG, 8], // where the strip begins
    [277, SHORT, 1], // samples a texel
    [278, LONG, height],
    [279, LONG, data.byteLength],
    [339, SHORT, SAMPLE_FORMATS[options.sampleFormat]],
    ...(options.noData === undefined ? [] : [[42113, ASCII, 4] as const]),
  ];
  const directory = 8 + data.byteLength;
  const bytes = new Uint8Array(directory + 2 + 12 * tags.length + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  bytes.set(data, 8);
  view.setUint16(directory, tags.length, true);
  tags.forEach(([tag, type, value], i) => {
    const at = directory + 2 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    if (type === ASCII) {
      view.setUint32(at + 4, value, true);
      bytes.set(new TextEncoder().encode(options.noData), at + 8);
    } else if (type === SHORT) view.setUint16(at + 8, value, true);
    else view.setUint32(at + 8, value, true);
  });
  return bytes;
}
