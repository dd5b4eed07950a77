/**
 * Making a supply for a texture of a caller's own.
 *
 * @module
 */

import { checkedFunction, checkedSignal, checkOptionNames } from "../../checks.ts";
import { type Placement, type PlacementOptions, placeTexture } from "../../geometry/mod.ts";
import type { AbortOptions } from "../call_options.ts";
import { checkDescription, checkSupply } from "./check_description.ts";
import type { MakeSupply, SupplyHost, TextureDescription, TileSupply } from "./supply.ts";

const OPTION_NAMES = ["placement", "origin", "extent", "axisU", "axisV", "signal"] as const;

/** A texture that can be joined to a system. */
export interface OpenedTexture {
  readonly description: TextureDescription;
  readonly supply: TileSupply;
  readonly placement: Placement;
}

/**
 * Checks everything that a caller says of a texture, and makes its supply last.
 *
 * @throws {InvalidArgumentError} if something is missing or of the wrong type.
 * @throws {OutOfRangeError} if a value cannot be.
 * @throws {UnsupportedError} naming the plane and the feature if the device lacks a format.
 * @throws What `makeSupply` throws, or the signal's reason.
 */
export function openSupply(
  description: TextureDescription,
  makeSupply: MakeSupply,
  { host, options }: {
    readonly host: SupplyHost;
    readonly options: PlacementOptions & AbortOptions;
  },
): OpenedTexture {
  const failure = "Cannot add texture";
  checkDescription(description, host.device);
  checkedFunction(makeSupply, { name: "makeSupply", failure });
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const { signal, ...placed } = options;
  const { grid, name } = description;
  const placement = placeTexture([grid.width, grid.height], placed);
  checkedSignal(signal, failure)?.throwIfAborted();
  const supply: TileSupply = makeSupply(host);
  try {
    checkSupply(supply, name);
    return { description, supply: closedOnce(supply), placement };
  } catch (error) {
    if (typeof supply?.close === "function") supply.close();
    throw error;
  }
}

/** The same supply, which a failed load may close and then its caller: it is told once. */
function closedOnce(supply: TileSupply): TileSupply {
  let isOpen = true;
  return {
    producer: supply.producer,
    recorder: supply.recorder,
    get counters() {
      return supply.counters;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      supply.close();
    },
  };
}
