/**
 * Making a supply for a texture of a caller's own.
 *
 * @module
 */

import { checkedFunction, checkedSignal, checkOptionNames } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { type PlacementOptions, placeTexture } from "../../geometry/mod.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { AbortOptions } from "../call_options.ts";
import { type PlaceFor, TexturePlace } from "../texture_place.ts";
import { checkDescription, checkSupply } from "./check_description.ts";
import type {
  MakeSupply,
  SupplyHost,
  TextureDescription,
  TextureOrigin,
  TileSupply,
} from "./supply.ts";

/** Options of `VirtualTextureSystem.addTexture`. */
export interface AddTextureOptions extends PlacementOptions, AbortOptions {
  /**
   * Places the texture for the camera of each update, in place of the options that place it once and
   * for all. The tiles that a camera needs are found by its answer; it may not use the system. What
   * it throws, or returns that is no placement, is an error of the update that names the texture, and
   * the update does nothing.
   */
  readonly placeFor?: PlaceFor;
}

const PLACED_NAMES = ["placement", "origin", "extent", "axisU", "axisV"] as const;
const OPTION_NAMES = [...PLACED_NAMES, "placeFor", "signal"] as const;

/** A texture that can be joined to a system. */
export interface OpenedTexture {
  readonly description: TextureDescription;
  readonly origin: TextureOrigin;
  readonly place: TexturePlace;
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
    readonly options: AddTextureOptions;
  },
): OpenedTexture {
  const failure = "Cannot add texture";
  checkDescription(description, device);
  checkedFunction(makeSupply, { name: "makeSupply", failure });
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const { signal } = options;
  const { name } = description;
  const place = placeOf(description, options);
  checkedSignal(signal, failure)?.throwIfAborted();
  const origin: TextureOrigin = {
    makeSupply: ({ device, ledger, readbacks, sources }) =>
      makeCheckedSupply(makeSupply, { device, ledger, readbacks, sources }, name),
    close() {},
  };
  return { description, origin, place };
}

function placeOf(
  { name, grid }: TextureDescription,
  { signal: _, placeFor, ...placed }: AddTextureOptions,
): TexturePlace {
  const size = [grid.width, grid.height] as const;
  if (placeFor === undefined) return TexturePlace.fixed(placeTexture(size, placed));
  const failure = `Cannot add texture "${name}"`;
  const given = PLACED_NAMES.filter((option) => placed[option] !== undefined);
  if (given.length > 0) {
    throw new InvalidArgumentError(
      "placeFor",
      `${failure} by placeFor together with ${given.join(", ")}: leave those out`,
    );
  }
  checkedFunction(placeFor, { name: "placeFor", failure });
  return TexturePlace.following(placeFor, { name, size });
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
