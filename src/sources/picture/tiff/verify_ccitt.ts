/**
 * Checks tiles of CCITT data (ITU-T T.4 and T.6) in TIFF files.
 *
 * The picture decoder notices no damage in such tiles, but does in strips. So they are decoded once
 * as the strips of a file that is made of them.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { loadSharp } from "../decoder/sharp_package.ts";
import { malformedPicture, unsupportedPicture } from "../headers/picture_header.ts";
import type { TiffChunk, TiffLayout } from "./tiff_chunks.ts";
import type { TiffDirectory } from "./tiff_directory.ts";

/** Tags of fields that say how the data is to be read, with what they are where they are absent. */
const CODING = [[262, 0], [266, 1], [292, 0], [293, 0]] as const;
const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  offsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  sizes: 279,
} as const;
const LONG = 4;
/** Tiles that are decoded at once have at most so many texels and bytes, unless there is one. */
const MOST_TEXELS = 2 ** 24;
const MOST_BYTES = 2 ** 22;
/** A tile takes a byte of memory for each texel. */
const MOST_TILE_TEXELS = 2 ** 26;

/** Gathers the tiles of a file, and decodes them some at a time. */
export class CcittTiles {
  readonly #name: string;
  readonly #layout: TiffLayout;
  readonly #coding: readonly (readonly [tag: number, value: number])[];
  #tiles: { index: number; data: Uint8Array }[] = [];
  #bytes = 0;

  private constructor(
    name: string,
    layout: TiffLayout,
    coding: readonly (readonly [tag: number, value: number])[],
  ) {
    this.#name = name;
    this.#layout = layout;
    this.#coding = coding;
  }

  /**
   * Reads how the tiles of a file are coded.
   *
   * @throws {UnsupportedError} if its tiles are too large.
   */
  static async ofFile(
    name: string,
    directory: TiffDirectory,
    layout: TiffLayout,
  ): Promise<CcittTiles> {
    const texels = layout.chunkWidth * layout.chunkHeight;
    if (texels > MOST_TILE_TEXELS) {
      const why =
        `its CCITT tiles must have at most ${MOST_TILE_TEXELS} texels: they have ${texels}`;
      throw unsupportedPicture(name, { feature: `CCITT tiles of ${texels} texels`, why });
    }
    const coding: [number, number][] = [];
    for (const [tag, otherwise] of CODING) {
      coding.push([tag, await directory.number(tag, otherwise)]);
    }
    return new CcittTiles(name, layout, coding);
  }

  /**
   * Reads a tile.
   *
   * @throws {MalformedFileError} if it, or one before it, is damaged.
   */
  async addTile(bytes: ByteSource, { index, offset, bytes: length }: TiffChunk): Promise<void> {
    const { chunkWidth, chunkHeight } = this.#layout;
    const most = chunkWidth * chunkHeight + MOST_BYTES;
    if (length > most) {
      throw malformedPicture(
        this.#name,
        `its tile ${index} must have at most ${most} bytes of CCITT data: it has ${length}`,
      );
    }
    const texels = (this.#tiles.length + 1) * chunkWidth * chunkHeight;
    if (texels > MOST_TEXELS || this.#bytes + length > MOST_BYTES) await this.finish();
    this.#tiles.push({ index, data: (await bytes.read(offset, length)).slice() });
    this.#bytes += length;
  }

  /**
   * Decodes the tiles that were read and not decoded.
   *
   * @throws {MalformedFileError} if one is damaged.
   */
  async finish(): Promise<void> {
    const tiles = this.#tiles;
    if (tiles.length === 0) return;
    this.#tiles = [];
    this.#bytes = 0;
    const sharp = await loadSharp();
    try {
      const file = this.#fileOf(tiles.map(({ data }) => data));
      await sharp(file, { failOn: "warning" }).raw().toBuffer();
    } catch (cause) {
      const [first, last] = [tiles[0]!.index, tiles.at(-1)!.index];
      const which = first === last ? `tile ${first}` : `tiles ${first} to ${last}`;
      const reason = cause instanceof Error ? cause.message.trim().split("\n")[0] : String(cause);
      throw malformedPicture(this.#name, `its ${which} must be CCITT data: ${reason}`);
    }
  }

  /** A little-endian file with some strips. */
  #fileOf(strips: readonly Uint8Array[]): Uint8Array {
    const { chunkWidth, chunkHeight, compression } = this.#layout;
    const ends: number[] = [];
    for (const { byteLength } of strips) ends.push((ends.at(-1) ?? 8) + byteLength);
    const starts = strips.map(({ byteLength }, i) => ends[i]! - byteLength);
    const fields: (readonly [tag: number, values: readonly number[]])[] = [
      [TAG.width, [chunkWidth]],
      [TAG.height, [chunkHeight * strips.length]],
      [TAG.bits, [1]],
      [TAG.compression, [compression]],
      [TAG.offsets, starts],
      [TAG.samples, [1]],
      [TAG.rowsPerStrip, [chunkHeight]],
      [TAG.sizes, strips.map(({ byteLength }) => byteLength)],
      ...this.#coding.map(([tag, value]) => [tag, [value]] as const),
    ];
    fields.sort(([a], [b]) => a - b);
    const directory = Math.ceil(ends.at(-1)! / 2) * 2;
    const listsFrom = directory + 2 + 12 * fields.length + 4;
    const bytes = new Uint8Array(listsFrom + 8 * strips.length);
    const view = new DataView(bytes.buffer);
    bytes.set([0x49, 0x49, 42, 0]);
    view.setUint32(4, directory, true);
    strips.forEach((strip, i) => bytes.set(strip, starts[i]!));
    view.setUint16(directory, fields.length, true);
    let list = listsFrom;
    fields.forEach(([tag, values], i) => {
      const at = directory + 2 + 12 * i;
      view.setUint16(at, tag, true);
      view.setUint16(at + 2, LONG, true);
      view.setUint32(at + 4, values.length, true);
      const valuesAt = values.length === 1 ? at + 8 : list;
      if (values.length > 1) {
        view.setUint32(at + 8, list, true);
        list += 4 * values.length;
      }
      values.forEach((value, j) => view.setUint32(valuesAt + 4 * j, value, true));
    });
    return bytes;
  }
}
