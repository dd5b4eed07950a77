/**
 * Making a supply for a texture of a caller's own.
 *
 * @module
 */

import { checkedFunction, checkedSignal, checkOptionNames } from "../../checks.ts";
import { type Placement, type PlacementOptions, placeTexture } from "../../geometry/mod.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { AbortOptions } from "../call_options.ts";
import { checkDescription, checkSupply } from "./check_description.ts";
import type {
  MakeSupply,
  SupplyHost,
  TextureDescription,
  TextureOrigin,
  TileSupply,
} from "./supply.ts";

const OPTION_NAMES = ["placement", "origin", "extent", "axisU", "axisV", "signal"] as const;

/** A texture that can be joined to a system. */
export interface OpenedTexture {
  readonly description: TextureDescription;
  readonly origin: TextureOrigin;
  readonly placement: Placement;
}

/**
 * Checks everything that a caller says of a texture but its supply, which is made later.
 *
 * @throws {InvalidArgumentError} if something is missing or of the wrong type.
 * @throws {OutOfRangeError} if a value cannot be.
 * @throws {UnsupportedError} naming the plane and the feature if the device lacks a format.
 * @throws The signal's reason.
 */
export function openSupply(
  description: TextureDescription,
  makeSupply: MakeSupply,
  { device, options }: {
    readonly device: ForgeDevice;
    readonly options: PlacementOptions & AbortOptions;
  },
): OpenedTexture {
  const failure = "Cannot add texture";
  checkDescription(description, device);
  checkedFunction(makeSupply, { name: "makeSupply", failure });
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const { signal, ...placed } = options;
  const { grid, name } = description;
  const placement = placeTexture([grid.width, grid.height], placed);
  checkedSignal(signal, failure)?.throwIfAborted();
  const origin: TextureOrigin = {
    makeSupply: ({ device, ledger, sources }) =>
      makeCheckedSupply(makeSupply, { device, ledger, sources }, name),
    close() {},
  };
  return { description, origin, placement };
}

/**
 * Makes a caller's supply.
 *
 * @throws What `makeSupply` throws.
 * @throws {InvalidArgumentError} if a part of it is missing or of the wrong type.
 * @throws {OutOfRangeError} if a value cannot be.
 */
function makeCheckedSupply(makeSupply: MakeSupply, host: SupplyHost, name: string): TileSupply {
  const supply: TileSupply = makeSupply(host);
  try {
    checkSupply(supply, name);
    return closedOnce(supply);
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
