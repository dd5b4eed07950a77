/**
 * Checks the data of baseline JPEG.
 *
 * The picture decoder stops when it has as many texels as it needs. Damage that makes codes shorter
 * leaves data over, which it does not notice. (In progressive JPEG it reads every scan to its end.)
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture, MOST_PARTS } from "../headers/picture_header.ts";
import { type BlockTables, EntropyReader, MOST_BLOCK_BYTES } from "./entropy_reader.ts";
import { HuffmanTables } from "./huffman_table.ts";
import { hasNoLength, nextMarker } from "./jpeg_header.ts";

const MARKER = { huffman: 0xc4, start: 0xd8, end: 0xd9, scan: 0xda, restarts: 0xdd } as const;
/** Baseline and extended sequential, with Huffman codes. */
const SEQUENTIAL = [0xc0, 0xc1];
/** Bytes that may lie between the data and the next marker: some writers leave a few. */
const MOST_BYTES_LEFT = 8;
/** Blocks between two looks at how much is in memory. */
const BLOCKS_AT_ONCE = 256;

interface Component {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
}

interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
}

interface Scan {
  /** Blocks of a minimum coded unit. */
  readonly blocks: readonly BlockTables[];
  /** Minimum coded units in all. */
  readonly units: number;
  /** Units between restart markers; 0 for none. */
  readonly restartInterval: number;
}

/** Checks JPEG data; tables that one part defines hold for the next, as in TIFF files. */
export class ScanVerifier {
  readonly #tables = new HuffmanTables();
  #restartInterval = 0;
  #frame: JpegFrame | null = null;

  /**
   * Reads all sequential scans. What it cannot make sense of it leaves to the decoder.
   *
   * @throws {MalformedFileError} if a scan holds codes of no block, more data than the picture has
   * texels, or lacks its tables.
   */
  async verify(bytes: ByteSource): Promise<void> {
    const size = await bytes.size();
    const file = new HeaderReader(bytes, size);
    for (let at = 0, count = 0; at + 4 <= size && count < MOST_PARTS; count++) {
      const { marker, end } = await nextMarker(file, at);
      at = end;
      if (marker === MARKER.end) return;
      if (hasNoLength(marker)) continue;
      const length = (await file.view(at, 2, "a segment")).getUint16(0);
      if (length < 2) return;
      const segment = (await file.read(at, length, "a segment")).slice(2);
      at += length;
      if (marker === MARKER.scan) {
        const scan = this.#scanOf(bytes.name, segment);
        const next = scan === null ? null : await verifyScan(bytes, { scan, at, size });
        if (next === null) return;
        at = next;
      } else if (!this.#define(marker, segment)) return;
    }
  }

  /** Takes a segment in; false if the rest makes no sense here. */
  #define(marker: number, segment: Uint8Array): boolean {
    if (marker === MARKER.huffman) return this.#tables.define(segment);
    if (marker === MARKER.restarts && segment.byteLength >= 2) {
      this.#restartInterval = segment[0]! << 8 | segment[1]!;
    } else if (marker >= 0xc0 && marker <= 0xcf) {
      this.#frame = SEQUENTIAL.includes(marker) ? frameOf(segment) : null;
      return this.#frame !== null;
    }
    return true;
  }

  #scanOf(name: string, segment: Uint8Array): Scan | null {
    const frame = this.#frame;
    const count = segment[0] ?? 0;
    if (frame === null || segment.byteLength < 1 + 2 * count) return null;
    const blocks: BlockTables[] = [];
    const widest = Math.max(...frame.components.map(({ horizontal }) => horizontal));
    const highest = Math.max(...frame.components.map(({ vertical }) => vertical));
    let unitWidth = 8 * widest;
    let unitHeight = 8 * highest;
    for (let i = 0; i < count; i++) {
      const component = frame.components.find(({ id }) => id === segment[1 + 2 * i]);
      const selectors = segment[2 + 2 * i]!;
      const dc = this.#tables.table(0, selectors >> 4);
      const ac = this.#tables.table(1, selectors & 15);
      if (component === undefined) return null;
      // The decoder would take tables of its own.
      if (dc === undefined || ac === undefined) {
        throw malformedPicture(name, "the Huffman tables of its scans must be defined");
      }
      const { horizontal, vertical } = component;
      // A scan of one component has one block a unit (section A.2.2).
      const inUnit = count === 1 ? 1 : horizontal * vertical;
      if (count === 1) {
        unitWidth = 8 * widest / horizontal;
        unitHeight = 8 * highest / vertical;
      }
      for (let block = 0; block < inUnit; block++) blocks.push({ dc, ac });
    }
    const units = Math.ceil(frame.width / unitWidth) * Math.ceil(frame.height / unitHeight);
    return { blocks, units, restartInterval: this.#restartInterval };
  }
}

function frameOf(segment: Uint8Array): JpegFrame | null {
  const count = segment[5] ?? 0;
  if (count === 0 || segment.byteLength < 6 + 3 * count) return null;
  const components = Array.from({ length: count }, (_, i) => ({
    id: segment[6 + 3 * i]!,
    horizontal: segment[7 + 3 * i]! >> 4,
    vertical: segment[7 + 3 * i]! & 15,
  }));
  const isValid = components.every(({ horizontal, vertical }) => horizontal > 0 && vertical > 0);
  const height = segment[1]! << 8 | segment[2]!;
  const width = segment[3]! << 8 | segment[4]!;
  return isValid && width > 0 && height > 0 ? { width, height, components } : null;
}

/** Reads a scan; returns where the next marker lies, or null if the decoder must judge. */
async function verifyScan(
  bytes: ByteSource,
  { scan, at, size }: { scan: Scan; at: number; size: number },
): Promise<number | null> {
  let position = at;
  const reader = new EntropyReader(size - at, async (into) => {
    const count = Math.min(into.byteLength, size - position);
    if (count > 0) into.set(await bytes.read(position, count));
    position += count;
    return count;
  });
  const { blocks, units, restartInterval } = scan;
  const unitsAtOnce = Math.max(1, Math.floor(BLOCKS_AT_ONCE / blocks.length));
  for (let done = 0; done < units;) {
    const stop = restartInterval === 0 ? units : Math.min(units, done + restartInterval);
    while (done < stop) {
      const count = Math.min(unitsAtOnce, stop - done);
      await reader.fill(count * blocks.length * MOST_BLOCK_BYTES);
      const isRead = readUnits(reader, blocks, count);
      // The decoder notices that itself.
      if (reader.isExhausted) return null;
      if (!isRead) throw malformedPicture(bytes.name, "its JPEG data must be codes of its tables");
      done += count;
    }
    const marker = await reader.nextMarker();
    if (marker.left > MOST_BYTES_LEFT) {
      throw malformedPicture(
        bytes.name,
        `its JPEG data must end with its texels: ${marker.left} bytes are left over`,
      );
    }
    if (done < units && !marker.isRestart) return null;
    if (done === units) return at + marker.position;
  }
  return null;
}

function readUnits(
  reader: EntropyReader,
  blocks: readonly BlockTables[],
  count: number,
): boolean {
  for (let unit = 0; unit < count; unit++) {
    if (!reader.skipBlocks(blocks)) return false;
  }
  return true;
}
