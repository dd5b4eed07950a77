/**
 * Inspection of single tiles.
 *
 * @module
 */

export { inspectTile } from "./inspect_tile.ts";
export type {
  AttributeError,
  CompressionError,
  TileAbsence,
  TileDeferred,
  TileInspection,
  TileWriter,
  TileWriterSources,
} from "./tile_inspection.ts";
