/**
 * The supply of a texture whose low mips are read from a bake.
 *
 * @module
 */

import { slotBytes, TileUploader } from "../../gpu/mod.ts";
import {
  FileProducer,
  InFlightBudget,
  type SupplyCounters,
  type SupplyHost,
  type TileSupply,
} from "../../streaming/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import type { RenderSupply } from "../tile/render_supply.ts";
import { type JoinedPayload, JoinedProducer } from "./joined_producer.ts";
import { JoinedRecorder } from "./joined_recorder.ts";
import type { PlacedLowMips } from "./placed_low_mips.ts";

/** Tiles that may be in flight for each texture. */
const MOST_TILES_IN_FLIGHT = 32;

/** What tiles are read from. */
export interface JoinedFrom {
  readonly lowMips: PlacedLowMips;
  readonly formats: readonly TexelFormat[];
  /** Edge of a tile with its borders in texels. */
  readonly slotTexels: number;
}

/**
 * Joins the supply that renders with one that reads.
 *
 * @param supply What renders; owned from then on.
 * @param from What is read; borrowed.
 */
export function joinedSupply(
  supply: RenderSupply,
  host: SupplyHost,
  { lowMips, formats, slotTexels }: JoinedFrom,
): TileSupply<JoinedPayload> {
  const { device, ledger } = host;
  const tileBytes = slotBytes(formats, slotTexels);
  const inFlight = new InFlightBudget(ledger, { inFlightBytes: MOST_TILES_IN_FLIGHT * tileBytes });
  const baked = new FileProducer(lowMips.tiles!, tileBytes, inFlight);
  const label = "low mips";
  const uploader = new TileUploader(device, ledger, { maxBytes: Number.MAX_SAFE_INTEGER, label });
  const producer = new JoinedProducer({
    rendered: supply.producer,
    baked,
    isBaked: (tile) => lowMips.isServed(tile),
    sceneVersion: () => lowMips.sceneVersion,
    noteFailed: (failure) => lowMips.noteFailed(failure),
  });
  return {
    producer,
    recorder: new JoinedRecorder(supply.recorder, uploader.recorderFor(formats, slotTexels)),
    get counters(): SupplyCounters {
      return lowMips.counters;
    },
    close() {
      baked.close();
      supply.close();
    },
  };
}
