/** Small tile stores. */

import {
  MemorySink,
  memorySource,
  openTileStore,
  type TileStore,
  type TileStoreDescription,
  TileStoreWriter,
} from "../../../src/sources/mod.ts";
import { METADATA_KEY } from "../../../src/sources/tile_store/metadata/metadata.ts";
import { regionBytes } from "../../../src/texels/mod.ts";

export const SMALL: TileStoreDescription = {
  width: 50,
  height: 20,
  tileSize: 8,
  border: 2,
  format: "rgba8unorm-srgb",
  colorSpace: "srgb",
  firstLevel: 0,
  source: { name: "made", options: "none" },
  info: "made for a test",
};

/** Description of `version_1.pmtiles`, an archive kept as it was first written. */
export const SAMPLE: TileStoreDescription = {
  ...SMALL,
  width: 13,
  height: 6,
  tileSize: 4,
  border: 1,
  format: "r8unorm",
  source: { name: "sample", byteLength: 78 },
  info: "sample of version 1",
};

/** A description that uses all that version 2 provides for. */
export const EVERYTHING: TileStoreDescription = {
  ...SMALL,
  width: 70,
  height: 36,
  format: "bc1-rgba-unorm-srgb",
  premultipliedAlpha: true,
  furtherPlanes: [
    { format: "bc5-rg-unorm", colorSpace: "linear" },
    { format: "r16unorm", colorSpace: "linear" },
  ],
  lastLevel: "tile",
  wrap: { x: "repeat", y: "clamp" },
  holes: [
    Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255),
    new Uint8Array(16).fill(7),
    Uint8Array.of(255, 254),
  ],
  info: "everything",
};

/** Metadata of version 2 in the words of version 1. */
export function versionOne(
  metadata: Record<string, unknown>,
  checksums: Uint8Array,
): Record<string, unknown> {
  const { planes, lastLevel: _last, wrap: _wrap, ...store } = metadata[METADATA_KEY] as {
    planes: Record<string, unknown>[];
    lastLevel: unknown;
    wrap: unknown;
  };
  const { format, colorSpace } = planes[0]!;
  const base64 = checksums.toBase64();
  return {
    ...metadata,
    [METADATA_KEY]: { ...store, version: 1, format, colorSpace, checksums: base64 },
  };
}

/** Description of `version_2.pmtiles`, kept as it was first written. */
export const SAMPLE_2: TileStoreDescription = { ...SAMPLE, info: "sample of version 2" };

/** Description of `version_2_planes.pmtiles`, whose tiles of odd index are holes. */
export const SAMPLE_2_PLANES: TileStoreDescription = {
  ...EVERYTHING,
  width: 40,
  height: 21,
  source: { name: "sample", byteLength: 840 },
  info: "sample of version 2 with planes and holes",
};

/** Content of each plane of a tile: different for each tile. */
export function planesOfTile(tile: number, description: TileStoreDescription): Uint8Array[] {
  const { furtherPlanes = [], tileSize, border, format } = description;
  const edge = tileSize + 2 * border;
  return [format, ...furtherPlanes.map((plane) => plane.format)].map((each, plane) =>
    new Uint8Array(regionBytes(each, edge, edge))
      .map((_, i) => tile * 31 + (tile >> 8) * 7 + i + plane * 101)
  );
}

/** Content of a tile of a store of one plane. */
export function contentOf(tile: number, description: TileStoreDescription): Uint8Array {
  return planesOfTile(tile, description)[0]!;
}

/** An archive in which each tile holds the content of tile `share(tile)`; null makes a hole. */
export async function makeArchive(
  description: TileStoreDescription,
  share: (tile: number) => number | null = (tile) => tile,
): Promise<Uint8Array<ArrayBuffer>> {
  const sink = new MemorySink("made.pmtiles");
  const writer = await TileStoreWriter.openWriter(sink, description);
  const first = writer.grid.level(description.firstLevel).firstTile;
  for (let tile = first; tile < writer.grid.tileCount; tile++) {
    const content = share(tile);
    if (content !== null) await writer.putTilePlanes(tile, planesOfTile(content, description));
  }
  await writer.finish();
  return sink.bytes!;
}

export function openBytes(bytes: Uint8Array): Promise<TileStore> {
  return openTileStore(memorySource(bytes, "made.pmtiles"));
}
