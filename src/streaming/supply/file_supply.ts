/**
 * The supply of a texture that is streamed from a source of tiles.
 *
 * @module
 */

import { slotBytes, type TileUploader } from "../../gpu/mod.ts";
import { type TileSource, valueScaleOf } from "../../sources/mod.ts";
import { CLAMPED } from "../../tiles/mod.ts";
import { FileProducer, sourceReader, type TilePayload } from "./file_producer.ts";
import type { InFlightBudget } from "./in_flight_budget.ts";
import { mayHaveHoles } from "./source_holes.ts";
import type { TextureDescription, TextureOrigin, TileSupply } from "./supply.ts";

/** What a source says of its texture. */
export function describeSource(source: TileSource): TextureDescription {
  const { name, info, grid, border, format, colorSpace, opaque = false, wrap = CLAMPED } = source;
  const { appearance = {}, valueStatistics = null } = source;
  return {
    ...{ name, info, grid, border, formats: [format], colorSpace, opaque, wrap, valueStatistics },
    ...{ appearance, valueScale: valueScaleOf(source) },
    ...(mayHaveHoles(source) ? { taps: ["holes"] } : {}),
  };
}

/** A supply that reads a source. */
export interface FileSupply extends TileSupply<TilePayload> {
  /** Where tiles come from; borrowed. */
  readonly source: TileSource;
}

/**
 * The supply that reads a source and uploads its tiles.
 *
 * @param source Borrowed: it outlives the device that the supply uploads to.
 * @param shared What all supplies of a system share; borrowed.
 */
export function fileSupply(
  source: TileSource,
  shared: { readonly uploader: TileUploader; readonly inFlight: InFlightBudget },
): FileSupply {
  const { grid, border, format } = source;
  const slotTexels = grid.tileSize + 2 * border;
  const tileBytes = slotBytes([format], slotTexels);
  const producer = new FileProducer(sourceReader(source), tileBytes, shared.inFlight);
  return {
    source,
    producer,
    recorder: shared.uploader.recorderFor([format], slotTexels),
    close() {
      producer.close();
    },
  };
}

/** What a texture that is streamed from a source is made from; it owns the source. */
export function fileOrigin(source: TileSource): TextureOrigin {
  return {
    source,
    makeSupply: (shared) => fileSupply(source, shared),
    get counters() {
      return source.counters;
    },
    close() {
      source.close();
    },
  };
}
