/**
 * Decodes BMP files, which the picture decoder does not know.
 *
 * @module
 */

import { requireDeno } from "../../../deno_runtime.ts";
import type { ByteSource } from "../../bytes/byte_source.ts";
import { writeFully } from "../../bytes/scratch_file.ts";
import { malformedPicture } from "../headers/picture_header.ts";
import type { PictureInfo } from "../picture_info.ts";
import { DECODED_HEADER_BYTES, decodedHeader } from "../decoder/decoded_picture.ts";
import type { BmpHeader, BmpLayout } from "./bmp_header.ts";

const STRIP_BYTES = 2 * 2 ** 20;

/** Turns stored rows into red, green, blue, alpha. */
interface RowDecoder {
  decode(stored: DataView, into: Uint8Array): void;
}

/**
 * Decodes all rows to a file in the form that `DecodedPicture` reads.
 *
 * @param options `output`: a file that does not exist yet. `checkTime`: throws when it takes too long.
 * @throws {MalformedFileError} if a texel names no colour of the table.
 */
export async function decodeBmp(
  bytes: ByteSource,
  { info, header }: { readonly info: PictureInfo; readonly header: BmpHeader },
  { output, checkTime, onProgress }: {
    readonly output: string;
    readonly checkTime: () => void;
    readonly onProgress: ((fraction: number) => void) | undefined;
  },
): Promise<void> {
  const { width, height } = info;
  const { layout } = header;
  const { rowBytes } = layout;
  const decoder = layout.palette === null
    ? new ColorRows(layout)
    : await PaletteRows.read(bytes, layout);
  using file = await requireDeno().open(output, { write: true, createNew: true, mode: 0o600 });
  await writeFully(file, decodedHeader(info), 0);
  const rowsAtOnce = Math.max(1, Math.floor(STRIP_BYTES / (4 * width)));
  for (let first = 0; first < height; first += rowsAtOnce) {
    checkTime();
    const rows = Math.min(rowsAtOnce, height - first);
    const storedFirst = layout.isTopDown ? first : height - first - rows;
    const stored = await bytes.read(layout.dataStart + storedFirst * rowBytes, rows * rowBytes);
    const texels = new Uint8Array(rows * 4 * width);
    for (let row = 0; row < rows; row++) {
      const at = (layout.isTopDown ? row : rows - 1 - row) * rowBytes;
      const view = new DataView(stored.buffer, stored.byteOffset + at, rowBytes);
      decoder.decode(view, texels.subarray(row * 4 * width, (row + 1) * 4 * width));
    }
    await writeFully(file, texels, DECODED_HEADER_BYTES + first * 4 * width);
    onProgress?.((first + rows) / height);
  }
}

/** Texels that are numbers of colours. */
class PaletteRows implements RowDecoder {
  readonly #name: string;
  readonly #bits: number;
  readonly #colors: Uint8Array;
  readonly #count: number;

  private constructor(name: string, bits: number, colors: Uint8Array) {
    this.#name = name;
    this.#bits = bits;
    this.#colors = colors;
    this.#count = colors.byteLength / 4;
  }

  static async read(source: ByteSource, { bits, palette }: BmpLayout): Promise<PaletteRows> {
    const { start, colors, bytes } = palette!;
    const stored = await source.read(start, colors * bytes);
    const table = new Uint8Array(4 * colors);
    for (let i = 0; i < colors; i++) {
      const [blue, green, red] = stored.subarray(i * bytes, i * bytes + 3);
      table.set([red!, green!, blue!, 255], 4 * i);
    }
    return new PaletteRows(source.name, bits, table);
  }

  decode(stored: DataView, into: Uint8Array): void {
    const bits = this.#bits;
    const mask = 2 ** bits - 1;
    for (let x = 0; x < into.length / 4; x++) {
      const bit = x * bits;
      const color = stored.getUint8(bit >> 3) >> (8 - bits - (bit & 7)) & mask;
      if (color >= this.#count) {
        throw malformedPicture(
          this.#name,
          `its texels must name colours of its table, which has ${this.#count}: one names colour ${color}`,
        );
      }
      into.set(this.#colors.subarray(4 * color, 4 * color + 4), 4 * x);
    }
  }
}

/** A channel's bits: how far they are shifted, and what turns them into 8 bits. */
interface Channel {
  readonly shift: number;
  readonly mask: number;
  readonly scale: number;
}

/** Texels that are colours. */
class ColorRows implements RowDecoder {
  readonly #bytes: number;
  readonly #channels: readonly Channel[] | null;

  constructor({ bits, masks }: BmpLayout) {
    this.#bytes = bits / 8;
    this.#channels = masks === null
      ? null
      : [masks.red, masks.green, masks.blue, masks.alpha].map(channelOf);
  }

  decode(stored: DataView, into: Uint8Array): void {
    const channels = this.#channels;
    for (let x = 0; x < into.length / 4; x++) {
      const at = x * this.#bytes;
      if (channels === null) {
        into[4 * x] = stored.getUint8(at + 2);
        into[4 * x + 1] = stored.getUint8(at + 1);
        into[4 * x + 2] = stored.getUint8(at);
        into[4 * x + 3] = 255;
        continue;
      }
      const texel = this.#bytes === 2 ? stored.getUint16(at, true) : stored.getUint32(at, true);
      for (let i = 0; i < 4; i++) {
        const { shift, mask, scale } = channels[i]!;
        into[4 * x + i] = mask === 0 ? 255 : Math.round((texel >>> shift & mask) * scale);
      }
    }
  }
}

function channelOf(bits: number): Channel {
  if (bits === 0) return { shift: 0, mask: 0, scale: 0 };
  const shift = 31 - Math.clz32((bits & -bits) >>> 0);
  const mask = bits >>> shift;
  return { shift, mask, scale: 255 / mask };
}
