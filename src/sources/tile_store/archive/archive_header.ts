/**
 * The header of a tile store's archive.
 *
 * @module
 */

import { bytesToHeader, type Header } from "npm:pmtiles@4.5.0";
import { MalformedFileError, UnsupportedError } from "../../../errors.ts";
import { assertNotForeign } from "../../foreign_file.ts";
import type { CountedSource } from "./counted_source.ts";
import { PMTILES_HEADER_BYTES, ROOT_END_BYTES } from "./directory.ts";
import type { ParsedMetadata } from "../metadata/parse_metadata.ts";

/** A header whose sizes are all there. */
export type ArchiveHeader = Required<Omit<Header, "etag">>;

/** The header and the directory that follows it. */
export interface ArchiveStart {
  readonly header: ArchiveHeader;
  /** The root directory, compressed. */
  readonly root: Uint8Array<ArrayBuffer>;
}

function malformed(name: string, complaint: string): MalformedFileError {
  return new MalformedFileError(name, `Cannot read tile store ${name} as ${complaint}`);
}

/**
 * Reads the start of an archive and checks that its sections lie in it.
 *
 * @throws {MalformedFileError} if they do not, or it is no tile store's, such as a Git LFS pointer.
 * @throws {UnsupportedError} if its tiles are those of a map, or it has to be unpacked first.
 */
export async function readArchiveStart(source: CountedSource): Promise<ArchiveStart> {
  const name = source.getKey();
  const { archiveBytes } = source;
  const data = archiveBytes === 0
    ? new ArrayBuffer(0)
    : (await source.getBytes(0, Math.min(ROOT_END_BYTES, archiveBytes))).data;
  const magic = new TextDecoder().decode(data.slice(0, 7));
  if (magic !== "PMTiles") assertNotForeign(name, new Uint8Array(data));
  if (archiveBytes < PMTILES_HEADER_BYTES) {
    throw malformed(
      name,
      `it must have a header of ${PMTILES_HEADER_BYTES} bytes: it is ${archiveBytes} bytes long`,
    );
  }
  if (magic !== "PMTiles") {
    throw malformed(name, "it is not a valid PMTiles archive: it must begin with PMTiles");
  }
  const version = new Uint8Array(data)[7]!;
  if (version !== 3) throw malformed(name, wanted("PMTiles version", version, 3));
  const header = bytesToHeader(data.slice(0, PMTILES_HEADER_BYTES)) as ArchiveHeader;
  assertNoMapTiles(name, header);
  checkKind(name, header);
  checkSections(name, header, archiveBytes);
  const end = header.rootDirectoryOffset + header.rootDirectoryLength;
  return { header, root: new Uint8Array(data.slice(header.rootDirectoryOffset, end)) };
}

function wanted(field: string, current: number, value: number): string {
  return `its ${field} must be ${value}: current value is ${current}`;
}

/** What tiles of maps hold, by PMTiles' number of their type. */
const MAP_TILES: ReadonlyMap<number, { readonly kind: string; readonly isPicture: boolean }> =
  new Map([
    [1, { kind: "vector tiles (MVT)", isPicture: false }],
    [2, { kind: "PNG tiles", isPicture: true }],
    [3, { kind: "JPEG tiles", isPicture: true }],
    [4, { kind: "WebP tiles", isPicture: true }],
    [5, { kind: "AVIF tiles", isPicture: true }],
    [6, { kind: "vector tiles (MLT)", isPicture: false }],
  ]);

/** Refuses the tiles of a map, which are no texture's. */
function assertNoMapTiles(name: string, { tileType }: ArchiveHeader): void {
  const tiles = MAP_TILES.get(tileType);
  if (tiles === undefined) return;
  const rest = tiles.isPicture
    ? "pictures of a map, which are not streamed yet: bake the whole picture with vt bake"
    : "which are no pictures and cannot be streamed";
  throw new UnsupportedError(
    `PMTiles archive of ${tiles.kind}`,
    `Cannot read tile store ${name} as it is a PMTiles archive of ${tiles.kind}, ${rest}`,
  );
}

/** PMTiles' compression numbers: 1 none, 2 gzip. */
function checkKind(name: string, header: ArchiveHeader): void {
  const rules = [
    ["internal compression", header.internalCompression, 2],
    ["tile compression", header.tileCompression, 1],
    ["tile type", header.tileType, 0],
  ] as const;
  for (const [field, current, value] of rules) {
    if (current !== value) throw malformed(name, wanted(field, current, value));
  }
}

function checkSections(name: string, header: ArchiveHeader, archiveBytes: number): void {
  const sections = [
    ["root directory", header.rootDirectoryOffset, header.rootDirectoryLength],
    ["metadata", header.jsonMetadataOffset, header.jsonMetadataLength],
    ["leaf directories", header.leafDirectoryOffset, header.leafDirectoryLength],
    ["tile data", header.tileDataOffset, header.tileDataLength],
  ] as const;
  let end = PMTILES_HEADER_BYTES;
  for (const [section, offset, length] of sections) {
    if (offset < end) {
      throw malformed(
        name,
        `its ${section} must begin at byte ${end} or later: it does at ${offset}`,
      );
    }
    end = offset + length;
    if (end > archiveBytes) {
      throw malformed(name, `it must be ${end} bytes long: it is cut off at ${archiveBytes}`);
    }
    if (section === "root directory" && end > ROOT_END_BYTES) {
      throw malformed(
        name,
        `its root directory must end in the first ${ROOT_END_BYTES} bytes: it ends at ${end}`,
      );
    }
  }
}

/**
 * Checks a header against the metadata.
 *
 * @throws {MalformedFileError} if they contradict each other.
 */
export function checkHeaderAgrees(
  name: string,
  header: ArchiveHeader,
  { zooms, tileCount, description }: Pick<ParsedMetadata, "zooms" | "tileCount" | "description">,
): void {
  const { minZoom, maxZoom } = header;
  const hasHoles = description.holes !== null;
  const agrees = hasHoles
    ? minZoom >= zooms.min && minZoom <= maxZoom && maxZoom <= zooms.max
    : minZoom === zooms.min && maxZoom === zooms.max;
  if (!agrees) {
    throw malformed(
      name,
      `its zooms must be ${hasHoles ? "in " : ""}${zooms.min} to ${zooms.max}: ` +
        `current values are ${minZoom} to ${maxZoom}`,
    );
  }
  const { numAddressedTiles } = header;
  const least = hasHoles ? 0 : tileCount;
  // 0 stands for an unknown number.
  if (numAddressedTiles === 0) return;
  if (numAddressedTiles >= least && numAddressedTiles <= tileCount) return;
  throw malformed(
    name,
    `it must have ${least === tileCount ? "" : "at most "}${tileCount} tiles: its header says ` +
      `${numAddressedTiles}`,
  );
}
