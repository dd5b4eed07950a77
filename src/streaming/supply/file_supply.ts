/**
 * The supply of a texture that is streamed from a source of tiles.
 *
 * @module
 */

import { slotBytes, type TileUploader } from "../../gpu/mod.ts";
import type { TileSource } from "../../sources/mod.ts";
import { FileProducer, type TilePayload } from "./file_producer.ts";
import type { InFlightBudget } from "./in_flight_budget.ts";
import type { TextureDescription, TileSupply } from "./supply.ts";

/** What a source says of its texture. */
export function describeSource(source: TileSource): TextureDescription {
  const { name, info, grid, border, format, colorSpace, opaque = false } = source;
  return { name, info, grid, border, formats: [format], colorSpace, opaque };
}

/** A supply that reads a source. */
export interface FileSupply extends TileSupply<TilePayload> {
  /** Where tiles come from; owned by the supply. */
  readonly source: TileSource;
}

/**
 * The supply that reads a source and uploads its tiles.
 *
 * @param source Owned by the supply.
 * @param shared What all supplies of a system share; borrowed.
 */
export function fileSupply(
  source: TileSource,
  shared: { readonly uploader: TileUploader; readonly inFlight: InFlightBudget },
): FileSupply {
  const { grid, border, format } = source;
  const slotTexels = grid.tileSize + 2 * border;
  const producer = new FileProducer(source, slotBytes([format], slotTexels), shared.inFlight);
  return {
    source,
    producer,
    recorder: shared.uploader.recorderFor([format], slotTexels),
    get counters() {
      return source.counters;
    },
    close() {
      producer.close();
      source.close();
    },
  };
}
