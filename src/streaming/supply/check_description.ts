/**
 * Checks of what a caller says of a texture of its own making, and of the supply that makes it.
 *
 * @module
 */

import {
  checkedAbove,
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedMethods,
  checkedNumber,
  checkedPowerOfTwo,
  checkedString,
  checkOptionNames,
  describeValue,
} from "../../checks.ts";
import { InvalidArgumentError, UnsupportedError } from "../../errors.ts";
import { checkedTaps, type ForgeDevice, MAX_PLANES, type PlaneCount } from "../../gpu/mod.ts";
import {
  checkedAppearance,
  COLOR_SPACES,
  formatInfo,
  TEXEL_FORMATS,
  type TexelFormat,
  USUAL_SWIZZLE,
} from "../../texels/mod.ts";
import { checkedWrap, TileGrid } from "../../tiles/mod.ts";
import { assertPageTableFits, checkStoredEncoding } from "../load/tile_source_rules.ts";
import { TILE_SIZE_RANGE } from "../options.ts";
import {
  PRIORITY_RANGE,
  type TextureDescription,
  TILE_BORDERS,
  type TileSupply,
} from "./supply.ts";

const PRODUCER_METHODS = [
  "request",
  "cancel",
  "takeFinishedTiles",
  "takeFailures",
  "setListener",
] as const;
const DESCRIPTION_NAMES: readonly (keyof TextureDescription)[] = [
  "name",
  "info",
  "grid",
  "border",
  "formats",
  "colorSpace",
  "opaque",
  "wrap",
  "appearance",
  "taps",
  "alphaIsData",
  "priority",
  "identity",
  "valueScale",
];
/** Any number that can be counted up from. */
const AMOUNTS = [0, Number.MAX_VALUE] as const;

/** The beginning of messages about a texture. */
function failureOf(name: unknown): string {
  return typeof name === "string" ? `Cannot add texture "${name}"` : "Cannot add texture";
}

/** An object whose parts are checked one by one. */
function checkedParts<Value>(value: Value, name: string, failure: string): Value {
  if (typeof value === "object" && value !== null) return value;
  throw new InvalidArgumentError(
    name,
    `${failure} as ${name} must be an object: current value is ${describeValue(value)}`,
  );
}

/**
 * Checks a description.
 *
 * @throws {InvalidArgumentError} if a part is missing or of the wrong type.
 * @throws {OutOfRangeError} if a value cannot be, or a page table of the grid does not fit the device.
 * @throws {UnsupportedError} naming the plane and the feature if the device lacks a format.
 */
export function checkDescription(description: TextureDescription, device: ForgeDevice): void {
  checkedParts(description, "description", failureOf(null));
  const { name, info, grid, border, formats, colorSpace, opaque = false, priority = 0 } =
    description;
  const { taps, alphaIsData = false, identity = "", wrap, appearance, valueScale = 1 } =
    description;
  const failure = failureOf(name);
  checkOptionNames(description, { failure, names: DESCRIPTION_NAMES, what: "field" });
  checkedString(name, { name: "name", failure });
  checkedString(info, { name: "info", failure });
  if (!(grid instanceof TileGrid)) {
    throw new InvalidArgumentError(
      "grid",
      `${failure} as grid must be a TileGrid: current value is ${describeValue(grid)}`,
    );
  }
  checkedPowerOfTwo(grid.tileSize, { name: "tileSize", failure, range: TILE_SIZE_RANGE });
  checkedChoice(border, { name: "border", failure, choices: TILE_BORDERS });
  checkFormats(formats, failure);
  checkedChoice(colorSpace, { name: "colorSpace", failure, choices: COLOR_SPACES });
  checkStoredEncoding(formats[0]!, colorSpace, failure);
  checkedBoolean(opaque, { name: "opaque", failure });
  if (wrap !== undefined) checkedWrap(wrap, { failure });
  if (appearance !== undefined) {
    checkedAppearance(appearance, failure);
    if (formats.length > 1 && (appearance.swizzle ?? USUAL_SWIZZLE) !== USUAL_SWIZZLE) {
      throw new UnsupportedError(
        "swizzle",
        `${failure} as swizzle must be ${USUAL_SWIZZLE} of several planes: current value is ` +
          `"${appearance.swizzle}"`,
      );
    }
  }
  checkedTaps(taps, { planes: formats.length as PlaneCount, failure });
  checkedBoolean(alphaIsData, { name: "alphaIsData", failure });
  checkedInteger(priority, { name: "priority", failure, range: PRIORITY_RANGE });
  checkedString(identity, { name: "identity", failure });
  checkedAbove(valueScale, { name: "valueScale", failure, bound: 0 });
  for (const [plane, format] of formats.entries()) {
    if (device.supports(format)) continue;
    throw new UnsupportedError(
      format,
      `${failure} as device "${device.name}" cannot sample ${format} of plane ${plane}: request a ` +
        `device with the feature ${formatInfo(format).requiredFeature}`,
    );
  }
  checkFilters(description, device, failure);
  assertPageTableFits(description, device);
}

/**
 * Checks that what the device's samplers do not filter is tapped by a shader that does, which only
 * the one plane of a texture can be.
 */
function checkFilters(
  { formats, taps }: Pick<TextureDescription, "formats" | "taps">,
  device: ForgeDevice,
  failure: string,
): void {
  const plane = formats.findIndex((format) => !device.filters(format));
  const format = formats[plane];
  if (format === undefined || formatInfo(format).sampleType === "uint") return;
  if (formats.length === 1 && ["float32", "holes"].includes(taps?.[0] ?? "float32")) return;
  throw new UnsupportedError(
    format,
    `${failure} as device "${device.name}" does not filter ${format} of plane ${plane}: request a ` +
      `device with the feature ${
        formatInfo(format).filterFeature
      }, or tap the one plane as float32`,
  );
}

function checkFormats(formats: readonly TexelFormat[], failure: string): void {
  if (!Array.isArray(formats)) {
    throw new InvalidArgumentError(
      "formats",
      `${failure} as formats must be a list with the format of each plane: current value is ` +
        describeValue(formats),
    );
  }
  checkedInteger(formats.length, { name: "formats.length", failure, range: [1, MAX_PLANES] });
  for (const [plane, format] of formats.entries()) {
    checkedChoice(format, { name: `formats[${plane}]`, failure, choices: TEXEL_FORMATS });
  }
}

/**
 * Checks a supply.
 *
 * @param textureName Name of the texture that it is for.
 * @throws {InvalidArgumentError} if a part is missing or of the wrong type.
 * @throws {OutOfRangeError} if a number cannot be.
 */
export function checkSupply(supply: TileSupply, textureName: string): void {
  const failure = failureOf(textureName);
  checkedMethods(supply, { name: "supply", failure, methods: ["close"] });
  const { producer, recorder, counters } = supply;
  checkedMethods(producer, { name: "producer", failure, methods: PRODUCER_METHODS });
  for (const name of ["pendingCount", "finishedCount"] as const) {
    checkedInteger(producer[name], { name: `producer.${name}`, failure, range: AMOUNTS });
  }
  checkedMethods(recorder, { name: "recorder", failure, methods: ["record"] });
  const choices = ["staging", "scratch"] as const;
  checkedChoice(recorder.memory, { name: "recorder.memory", failure, choices });
  checkedNumber(recorder.availableBytes, {
    name: "recorder.availableBytes",
    failure,
    range: [0, Infinity],
  });
  checkedParts(recorder.cost, "recorder.cost", failure);
  for (const name of ["uploadBytes", "scratchBytes", "gpuMs"] as const) {
    checkedNumber(recorder.cost[name], { name: `recorder.cost.${name}`, failure, range: AMOUNTS });
  }
  if (counters === undefined) return;
  checkedParts(counters, "counters", failure);
  for (const name of ["bytesRead", "bytesUsed"] as const) {
    checkedNumber(counters[name], { name: `counters.${name}`, failure, range: AMOUNTS });
  }
}
