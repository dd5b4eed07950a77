/**
 * Writes the archive of a tile store, once all of its tiles are known.
 *
 * @module
 */

import type { TileGrid } from "../../../tiles/mod.ts";
import type { ByteSink, Scratch } from "../../bytes/byte_sink.ts";
import type { WholeDescription } from "../metadata/description.ts";
import { buildDirectories, buildHeader, gzip } from "./directory.ts";
import { metadataJson, zoomsOf } from "../metadata/metadata.ts";
import { layOutStore } from "./store_layout.ts";
import { sealFile } from "../tile_file.ts";

/** What an archive is written from. */
export interface ArchiveParts {
  readonly description: WholeDescription;
  readonly grid: TileGrid;
  /** Number of each tile's content, from the first level's tiles on. */
  readonly contents: Uint32Array;
  readonly contentCount: number;
  /** What precedes the texels of each plane. */
  readonly prefixes: readonly Uint8Array[];
  readonly planeBytes: readonly number[];
  /** The texels of each content, all planes one after the other. */
  readonly scratch: Scratch;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((fraction: number) => void) | undefined;
}

/** What was written. */
export interface ArchiveSummary {
  /** Tiles present. */
  readonly tiles: number;
  /** Distinct tiles among them; equal ones are stored once. */
  readonly contents: number;
  /** Size of the archive in bytes. */
  readonly byteLength: number;
}

/** Bytes of tiles that are collected for one write. */
const WRITE_BYTES = 4 * 2 ** 20;

/** Writes an archive. */
export async function writeArchive(sink: ByteSink, parts: ArchiveParts): Promise<ArchiveSummary> {
  const { description, grid, contents, contentCount, signal } = parts;
  const { firstLevel } = description;
  const zooms = zoomsOf(grid, description);
  const contentBytes = [...parts.prefixes.map(({ byteLength }) => byteLength), ...parts.planeBytes]
    .reduce((sum, bytes) => sum + bytes, 0);
  const layout = layOutStore({ grid, firstLevel, zooms, contents, contentCount, contentBytes });
  signal?.throwIfAborted();
  const { root, leaves } = await buildDirectories(layout.entries(), layout.entryCount);
  const json = JSON.stringify(metadataJson(description));
  const metadata = await gzip(new TextEncoder().encode(json));
  const tileBytes = layout.order.length * contentBytes;
  const header = buildHeader({
    rootBytes: root.byteLength,
    metadataBytes: metadata.byteLength,
    leafBytes: leaves.byteLength,
    tileBytes,
    addressedTiles: layout.tileCount,
    tileEntries: layout.entryCount,
    tileContents: layout.order.length,
    minZoom: layout.zooms.min,
    maxZoom: layout.zooms.max,
  });
  let tileDataOffset = 0;
  for (const section of [header, root, metadata, leaves]) {
    await sink.write(tileDataOffset, section);
    tileDataOffset += section.byteLength;
  }
  await writeTiles(sink, { ...parts, order: layout.order, contentBytes, tileDataOffset });
  return {
    tiles: layout.tileCount,
    contents: layout.order.length,
    byteLength: tileDataOffset + tileBytes,
  };
}

async function writeTiles(
  sink: ByteSink,
  options: ArchiveParts & {
    readonly order: Uint32Array;
    readonly contentBytes: number;
    readonly tileDataOffset: number;
  },
): Promise<void> {
  const { order, contentBytes, signal, onProgress } = options;
  const perWrite = Math.max(1, Math.floor(WRITE_BYTES / contentBytes));
  for (let first = 0; first < order.length; first += perWrite) {
    signal?.throwIfAborted();
    const contents = order.subarray(first, first + perWrite);
    const bytes = new Uint8Array(contents.length * contentBytes);
    for (const [i, content] of contents.entries()) {
      const at = i * contentBytes;
      const tile = bytes.subarray(at, at + contentBytes);
      await fillTile(tile, { ...options, content, position: (first + i) * contentBytes });
    }
    await sink.write(options.tileDataOffset + first * contentBytes, bytes);
    onProgress?.(Math.min(1, (first + perWrite) / order.length));
  }
}

/** Makes the files of a tile's planes. */
async function fillTile(
  tile: Uint8Array<ArrayBuffer>,
  { scratch, content, prefixes, planeBytes, position }: ArchiveParts & {
    readonly content: number;
    readonly position: number;
  },
): Promise<void> {
  const texelBytes = planeBytes.reduce((sum, bytes) => sum + bytes, 0);
  const texels = await scratch.read(content * texelBytes, texelBytes);
  let at = 0;
  let from = 0;
  for (const [plane, prefix] of prefixes.entries()) {
    const end = from + planeBytes[plane]!;
    const file = tile.subarray(at, at + prefix.byteLength + planeBytes[plane]!);
    file.set(prefix);
    file.set(texels.subarray(from, end), prefix.byteLength);
    await sealFile(file, position + at);
    at += file.byteLength;
    from = end;
  }
}
