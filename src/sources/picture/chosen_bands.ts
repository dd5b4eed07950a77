/**
 * Chosen bands of a decoded picture.
 *
 * @module
 */

import type { ColorSpace } from "../../texels/mod.ts";
import { formatInfo } from "../../texels/mod.ts";
import type { ReadOptions } from "../bytes/byte_source.ts";
import { type RowFormat, type RowSource, rowTexelBytes } from "../row_source.ts";

/** The last of four channels. */
const ALPHA = 3;

/** Rows whose channels are chosen from those of another source, which belongs to it. */
export class ChosenBands implements RowSource {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly #source: RowSource;
  /** Which channel of the source each channel is; null where it is alpha of 1, or nothing. */
  readonly #channels: readonly (number | null)[];

  /**
   * Takes the source.
   *
   * @param options `format` is that of the chosen bands, which are numbered from 1.
   */
  constructor(
    source: RowSource,
    { format, bands, hasAlpha }: {
      readonly format: RowFormat;
      readonly bands: readonly number[];
      readonly hasAlpha: boolean;
    },
  ) {
    this.name = source.name;
    this.width = source.width;
    this.height = source.height;
    this.colorSpace = source.colorSpace;
    this.format = format;
    this.#source = source;
    this.#channels = channelsOf(formatInfo(format).channels, { bands, hasAlpha });
  }

  async readRows(firstRow: number, rowCount: number, options?: ReadOptions): Promise<Uint8Array> {
    const rows = await this.#source.readRows(firstRow, rowCount, options);
    const from = rowTexelBytes(this.#source.format);
    const to = rowTexelBytes(this.format);
    const texels = rows.byteLength / from;
    const size = from / formatInfo(this.#source.format).channels;
    const out = new Uint8Array(texels * to);
    for (const [channel, chosen] of this.#channels.entries()) {
      for (let byte = 0; byte < size; byte++) {
        let at = channel * size + byte;
        if (chosen === null) {
          if (channel === ALPHA) { for (; at < out.length; at += to) out[at] = 255; }
          continue;
        }
        for (let read = chosen * size + byte; read < rows.length; read += from, at += to) {
          out[at] = rows[read]!;
        }
      }
    }
    return out;
  }

  async close(): Promise<void> {
    await this.#source.close();
  }
}

function channelsOf(
  count: number,
  { bands, hasAlpha }: { bands: readonly number[]; hasAlpha: boolean },
): (number | null)[] {
  const chosen = bands.map((band) => band - 1);
  if (count < 4) return chosen;
  const isAlphaLast = hasAlpha && chosen.length > 1 && chosen.at(-1) === ALPHA;
  const colors = isAlphaLast ? chosen.slice(0, -1) : chosen;
  if (colors.length === 4) return colors;
  const alpha = hasAlpha && !colors.includes(ALPHA) ? ALPHA : null;
  const grey = colors.length === 1 ? colors[0]! : null;
  return [colors[0]!, colors[1] ?? grey, colors[2] ?? grey, alpha];
}
