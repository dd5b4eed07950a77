/**
 * Checks the data of sequential JPEG.
 *
 * The picture decoder stops when it has as many texels as it needs. Damage that makes codes shorter
 * leaves data over, which it does not notice. (In progressive JPEG it reads every scan to its end.)
 * In tiles of TIFF files it notices no warning at all: what is missing becomes grey.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { malformedPicture, MOST_PARTS, unsupportedPicture } from "../headers/picture_header.ts";
import { type BlockTables, EntropyReader, MOST_BLOCK_BYTES } from "./entropy_reader.ts";
import { HuffmanTables } from "./huffman_table.ts";
import { segments } from "./segments.ts";

const MARKER = { huffman: 0xc4, end: 0xd9, scan: 0xda, restarts: 0xdd } as const;
/** Markers C0 to CF that begin no frame: tables and conditioning. */
const NO_FRAME = [0xc4, 0xcc];
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

/** A frame header. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
}

interface Scan {
  readonly components: readonly Component[];
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
   * Takes in tables that are stored apart. Without them no scan can be read.
   *
   * @throws {MalformedFileError} if they break the format.
   */
  async readTables(bytes: ByteSource): Promise<void> {
    for await (const { marker, segment } of segments(bytes, { at: 0 })) {
      if (marker === MARKER.scan) return;
      this.#define(bytes.name, marker, segment);
    }
  }

  /**
   * Reads all scans to the end of the picture.
   *
   * @param checkFrame Judges the frame header; throws if it is not the expected one.
   * @throws {MalformedFileError} if a scan is cut off, holds codes of no block, more data than the
   * picture has texels, or lacks its tables; if a component has no scan; if the end is not marked.
   * @throws {UnsupportedError} if it is not sequential, with Huffman codes.
   */
  async verify(bytes: ByteSource, checkFrame?: (frame: JpegFrame) => void): Promise<void> {
    const { name } = bytes;
    this.#frame = null;
    const position = { at: 0 };
    const scanned = new Set<Component>();
    let last = -1;
    for await (const { marker, segment } of segments(bytes, position)) {
      last = marker;
      if (marker === MARKER.scan) {
        const scan = this.#scanOf(name, segment);
        position.at = await verifyScan(bytes, scan, position.at);
        for (const component of scan.components) scanned.add(component);
      } else if (this.#define(name, marker, segment)) checkFrame?.(this.#frame!);
    }
    if (last !== MARKER.end) {
      throw malformedPicture(name, `its JPEG data must have at most ${MOST_PARTS} segments`);
    }
    const frame = this.#frame as JpegFrame | null;
    if (frame === null || frame.components.some((component) => !scanned.has(component))) {
      throw malformedPicture(name, "its JPEG data must have a scan of every component");
    }
  }

  /** Takes a segment in; returns whether it is a frame header. */
  #define(name: string, marker: number, segment: Uint8Array): boolean {
    if (marker === MARKER.huffman) {
      if (this.#tables.define(segment)) return false;
      throw malformedPicture(name, "its Huffman tables must be those of JPEG");
    }
    if (marker === MARKER.restarts && segment.byteLength >= 2) {
      this.#restartInterval = segment[0]! << 8 | segment[1]!;
    }
    if (marker < 0xc0 || marker > 0xcf || NO_FRAME.includes(marker)) return false;
    if (!SEQUENTIAL.includes(marker)) {
      const why = "its JPEG data must be baseline or extended, with Huffman codes: it is of " +
        `process ${marker - 0xc0}`;
      throw unsupportedPicture(name, { feature: `JPEG process ${marker - 0xc0}`, why });
    }
    const frame = this.#frame === null ? frameOf(segment) : null;
    if (frame === null) {
      throw malformedPicture(name, "its JPEG data must have one frame header, with texels");
    }
    this.#frame = frame;
    return true;
  }

  #scanOf(name: string, segment: Uint8Array): Scan {
    const frame = this.#frame;
    const count = segment[0] ?? 0;
    if (frame === null || count === 0 || segment.byteLength < 1 + 2 * count) {
      throw malformedPicture(name, "its scans must follow a frame header, and have components");
    }
    // Table B.3 of T.81: all coefficients of a block, with all their bits.
    if ([0, 63, 0].some((value, i) => segment[1 + 2 * count + i] !== value)) {
      throw malformedPicture(name, "its scans must be those of sequential JPEG");
    }
    const components: Component[] = [];
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
      if (component === undefined) {
        throw malformedPicture(name, "its scans must have components of its frame");
      }
      // The decoder would take tables of its own.
      if (dc === undefined || ac === undefined) {
        throw malformedPicture(name, "the Huffman tables of its scans must be defined");
      }
      components.push(component);
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
    return { components, blocks, units, restartInterval: this.#restartInterval };
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

/** Reads a scan; returns where the next marker lies. */
async function verifyScan(bytes: ByteSource, scan: Scan, at: number): Promise<number> {
  const size = await bytes.size();
  let position = at;
  const reader = new EntropyReader(size - at, async (into) => {
    const count = Math.min(into.byteLength, size - position);
    if (count > 0) into.set(await bytes.read(position, count));
    position += count;
    return count;
  });
  const { blocks, units, restartInterval } = scan;
  const unitsAtOnce = Math.max(1, Math.floor(BLOCKS_AT_ONCE / blocks.length));
  let restarts = 0;
  for (let done = 0;;) {
    const stop = restartInterval === 0 ? units : Math.min(units, done + restartInterval);
    while (done < stop) {
      const count = Math.min(unitsAtOnce, stop - done);
      await reader.fill(count * blocks.length * MOST_BLOCK_BYTES);
      const isRead = readUnits(reader, blocks, count);
      if (reader.isExhausted) {
        throw malformedPicture(
          bytes.name,
          `its JPEG data must have all ${units} units: it ends before unit ${done + count}`,
        );
      }
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
    if (done === units) return at + marker.position;
    if (marker.restart !== restarts % 8) {
      throw malformedPicture(
        bytes.name,
        `its JPEG data must have restart marker ${restarts % 8} behind ${done} units`,
      );
    }
    restarts++;
  }
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
