/** Small tile stores. */

import {
  MemorySink,
  memorySource,
  openTileStore,
  type TileStore,
  type TileStoreDescription,
  TileStoreWriter,
} from "../../../src/sources/mod.ts";
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

/** Content of a tile of `makeArchive`: different for each tile, unless tiles share it. */
export function contentOf(tile: number, description: TileStoreDescription): Uint8Array {
  const edge = description.tileSize + 2 * description.border;
  const bytes = new Uint8Array(regionBytes(description.format, edge, edge));
  for (let i = 0; i < bytes.length; i++) bytes[i] = tile * 31 + (tile >> 8) * 7 + i;
  return bytes;
}

/** An archive in which each tile holds the content of tile `share(tile)`. */
export async function makeArchive(
  description: TileStoreDescription,
  share: (tile: number) => number = (tile) => tile,
): Promise<Uint8Array<ArrayBuffer>> {
  const sink = new MemorySink("made.pmtiles");
  const writer = await TileStoreWriter.openWriter(sink, description);
  const first = writer.grid.level(description.firstLevel).firstTile;
  for (let tile = first; tile < writer.grid.tileCount; tile++) {
    await writer.putTile(tile, contentOf(share(tile), description));
  }
  await writer.finish();
  return sink.bytes!;
}

export function openBytes(bytes: Uint8Array): Promise<TileStore> {
  return openTileStore(memorySource(bytes, "made.pmtiles"));
}
