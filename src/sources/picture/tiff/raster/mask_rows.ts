/**
 * The mask of a TIFF page (TIFF 6.0, NewSubfileType, bit 2; as GDAL writes it).
 *
 * @module
 */

import type { ByteSource } from "../../../bytes/byte_source.ts";
import { unsupportedPicture } from "../../headers/picture_header.ts";
import type { TiffDirectory } from "../tiff_directory.ts";
import { type RowBlock, RowBlocks } from "./row_blocks.ts";
import { readTiffSamples } from "./samples.ts";

/** Reads a mask texel by texel, in order. */
export class MaskRows {
  readonly #blocks: AsyncGenerator<RowBlock>;
  #held: Uint8Array = new Uint8Array(0);

  private constructor(blocks: AsyncGenerator<RowBlock>) {
    this.#blocks = blocks;
  }

  /**
   * Opens a mask.
   *
   * @throws {UnsupportedError} if its samples are not of 1 or 8 bits.
   */
  static async open(
    bytes: ByteSource,
    directory: TiffDirectory,
    checkTime: () => void,
  ): Promise<MaskRows> {
    const samples = await readTiffSamples(bytes.name, directory);
    const isRead = samples.type === "unsigned" && [1, 8].includes(samples.bits);
    if (!isRead || samples.count !== 1) {
      throw unsupportedPicture(bytes.name, {
        feature: `mask of ${samples.bits} bits`,
        why: `its mask must have one band of 1 or 8 bits: it has ${samples.count} of ` +
          `${samples.bits}`,
      });
    }
    const wanted = { samples, picked: [0], colors: null, fill: 0, checkTime };
    return new MaskRows((await RowBlocks.open(bytes, directory, wanted)).blocks());
  }

  /** The next texels: not 0 where there is data. */
  async take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      if (this.#held.length === 0) {
        const next = await this.#blocks.next();
        if (next.done) break;
        this.#held = next.value.values as Uint8Array;
      }
      const part = this.#held.subarray(0, count - filled);
      taken.set(part, filled);
      filled += part.length;
      this.#held = this.#held.subarray(part.length);
    }
    return taken;
  }

  /** Ends before the mask does. */
  async close(): Promise<void> {
    await this.#blocks.return(undefined);
  }
}
