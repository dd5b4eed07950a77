/**
 * Checks the metadata of a tile store that was read; see FORMAT.md in the folder above.
 *
 * @module
 */

import { MalformedFileError, UnsupportedError } from "../../../errors.ts";
import {
  COLOR_SPACES,
  type ColorSpace,
  colorSpacesOf,
  formatInfo,
  hasAlpha,
  isSwizzle,
  isTexelFormat,
  ORIENTATIONS,
} from "../../../texels/mod.ts";
import { MAX_VIRTUAL_SIZE, type TileGrid, WRAP_MODES, type WrapMode } from "../../../tiles/mod.ts";
import { Complaint } from "../complaint.ts";
import { base64Length } from "./base64.ts";
import {
  areHolesTooLarge,
  BORDER_RANGE,
  gridOf,
  isSourceIdentity,
  LAST_LEVELS,
  MAX_HOLE_BYTES,
  MAX_TILE_PLANES,
  planeBytes,
  type StoreAppearance,
  TILE_SIZE_RANGE,
  type TilePlane,
  tileShapeSteps,
  type WholeDescription,
} from "./description.ts";
import { levelList, METADATA_KEY, TILE_STORE_VERSION, type Zooms, zoomsOf } from "./metadata.ts";
import type { ScannedMetadata } from "./metadata_scan.ts";
import { parseValueStatistics } from "./value_statistics.ts";

/** Bytes of each checksum, the first of a SHA-256. */
export const CHECKSUM_BYTES = 8;
/** Key of the string that a scan takes out. */
export const CHECKSUMS_KEY = "checksums";

/** Metadata that was read and checked. */
export interface ParsedMetadata {
  /** Version of the format. */
  readonly version: number;
  readonly description: WholeDescription;
  readonly grid: TileGrid;
  readonly zooms: Zooms;
  /** Tiles of all levels present, holes included. */
  readonly tileCount: number;
  /** Whether the metadata has the checksums of the tiles, which otherwise have their own. */
  readonly hasChecksums: boolean;
}

function check(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Complaint(complaint);
}

type JsonObject = Record<string, unknown>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? "undefined";
}

/** What an object itself has under a key, never what it inherits. */
function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The same, or a default where the key is absent; null is a value. */
function ownOr(object: JsonObject, key: string, absent: unknown): unknown {
  return Object.hasOwn(object, key) ? object[key] : absent;
}

function integerOf(
  object: JsonObject,
  key: string,
  [least, most]: readonly [number, number],
): number {
  const value = own(object, key);
  check(
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most,
    `${key} must be an integer from ${least} to ${most}: current value is ${text(value)}`,
  );
  return value;
}

function choiceOf<Choice>(value: unknown, name: string, choices: readonly Choice[]): Choice {
  const isChoice = choices.includes(value as Choice);
  const wanted = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  check(isChoice, `${name} must be ${wanted}: current value is ${text(value)}`);
  return value as Choice;
}

/**
 * Checks an archive's metadata.
 *
 * @param name Name of the archive in messages.
 * @param scanned The archive's JSON, scanned.
 * @throws {MalformedFileError} if it is not that of a tile store, or contradicts itself.
 * @throws {UnsupportedError} if the version or a texel format is not known.
 */
export function parseMetadata(name: string, scanned: ScannedMetadata): ParsedMetadata {
  try {
    return parse(name, scanned);
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    throw new MalformedFileError(name, `Cannot read tile store ${name} as ${error.message}`);
  }
}

function parse(name: string, { json, takenOutBytes }: ScannedMetadata): ParsedMetadata {
  const store = storeOf(json);
  const version = own(store, "version");
  check(typeof version === "number", `version must be a number: current value is ${text(version)}`);
  if (version !== 1 && version !== TILE_STORE_VERSION) {
    throw new UnsupportedError(
      `tile store version ${version}`,
      `Cannot read tile store ${name} as its version must be 1 or ${TILE_STORE_VERSION}: ` +
        `current value is ${version}`,
    );
  }
  const tileSize = integerOf(store, "tileSize", TILE_SIZE_RANGE);
  const border = integerOf(store, "border", BORDER_RANGE);
  const isFirst = version === 1;
  const planes = isFirst
    ? [parsePlane(name, { format: own(store, "format"), colorSpace: own(store, "colorSpace") }, 1)]
    : parsePlanes(name, store);
  for (const plane of planes) checkShape(plane, { tileSize, border, version });
  const [first, ...furtherPlanes] = planes;
  const shape = {
    width: integerOf(store, "width", [1, MAX_VIRTUAL_SIZE]),
    height: integerOf(store, "height", [1, MAX_VIRTUAL_SIZE]),
    tileSize,
    border,
    lastLevel: isFirst ? "texel" as const : parseLastLevel(store),
  };
  const holes = isFirst ? null : parseHoles(own(store, "holes"), planes);
  const tile = { ...shape, ...first!, furtherPlanes };
  check(
    holes === null || !areHolesTooLarge(tile),
    `a stored tile must have at most ${MAX_HOLE_BYTES} bytes where holes are allowed: current ` +
      `values are ${planeBytes(tile).join(", ")}`,
  );
  const grid = gridOf(shape);
  const firstLevel = integerOf(store, "firstLevel", [0, grid.levelCount - 1]);
  const zooms = zoomsOf(grid, { firstLevel });
  checkLevels(own(store, "levels"), levelList(grid, { firstLevel, ...zooms }));
  const source = own(store, "source");
  check(
    isSourceIdentity(source),
    `source must be an object of strings and numbers with a name: current value is ${text(source)}`,
  );
  const info = own(store, "info");
  check(typeof info === "string", `info must be a string: current value is ${text(info)}`);
  const tileCount = grid.tileCount - grid.level(firstLevel).firstTile;
  if (isFirst) checkChecksums(takenOutBytes, tileCount * CHECKSUM_BYTES);
  return {
    version,
    description: {
      ...tile,
      firstLevel,
      wrap: isFirst
        ? { x: "clamp", y: "clamp" }
        : parseWrap(ownOr(store, "wrap", { x: "clamp", y: "clamp" })),
      appearance: isFirst ? {} : parseAppearance(store),
      holes,
      source: Object.freeze(source),
      info,
      valueStatistics: isFirst ? null : parseValueStatistics(own(store, "valueStatistics")),
    },
    grid,
    zooms,
    tileCount,
    hasChecksums: isFirst,
  };
}

function storeOf(json: string): JsonObject {
  let metadata: unknown;
  try {
    metadata = JSON.parse(json);
  } catch (error) {
    throw new Complaint(`its metadata must be JSON: ${(error as Error).message}`);
  }
  const store = isObject(metadata) ? own(metadata, METADATA_KEY) : undefined;
  check(isObject(store), `its metadata must have the object ${METADATA_KEY}`);
  return store;
}

function parsePlanes(name: string, store: JsonObject): Required<TilePlane>[] {
  const planes = own(store, "planes");
  check(
    Array.isArray(planes) && planes.length >= 1 && planes.length <= MAX_TILE_PLANES,
    `planes must be a list of 1 to ${MAX_TILE_PLANES}: current value is ${text(planes)}`,
  );
  return planes.map((plane: unknown) => {
    check(isObject(plane), `a plane must be an object: current value is ${text(plane)}`);
    return parsePlane(name, plane, TILE_STORE_VERSION);
  });
}

function parsePlane(name: string, object: JsonObject, version: 1 | 2): Required<TilePlane> {
  const format = own(object, "format");
  check(typeof format === "string", `format must be a string: current value is ${text(format)}`);
  if (!isTexelFormat(format) || format === "r16uint") {
    throw new UnsupportedError(
      format,
      `Cannot read tile store ${name} as its texel format is not supported: current value is ${
        text(format)
      }`,
    );
  }
  const colorSpace: ColorSpace = choiceOf(own(object, "colorSpace"), "colorSpace", COLOR_SPACES);
  // Version 1 has texels in sRGB that are sampled as they are, too.
  const colorSpaces = version === 1 && formatInfo(format).colorSpace === "linear"
    ? COLOR_SPACES
    : colorSpacesOf(format);
  check(
    colorSpaces.includes(colorSpace),
    `colorSpace of ${format} must be "${colorSpaces[0]}": current value is ${text(colorSpace)}`,
  );
  const flag = ownOr(object, "premultipliedAlpha", false);
  const premultipliedAlpha = choiceOf(flag, "premultipliedAlpha", [true, false]);
  check(
    !premultipliedAlpha || hasAlpha(format),
    `premultipliedAlpha of ${format} must be false, as it has no alpha: current value is true`,
  );
  return { format, colorSpace, premultipliedAlpha };
}

function checkShape(
  { format }: TilePlane,
  { tileSize, border, version }: { tileSize: number; border: number; version: number },
): void {
  const steps = tileShapeSteps(format);
  // In version 1 the blocks of a border lie on the level's own grid.
  const borderStep = version === 1 ? steps.tileSize : steps.border;
  check(
    tileSize % steps.tileSize === 0 && border % borderStep === 0,
    `tileSize and border of ${format} must be multiples of ${steps.tileSize} and ${borderStep}: ` +
      `current values are ${tileSize} and ${border}`,
  );
}

function parseLastLevel(store: JsonObject): "texel" | "tile" {
  return choiceOf(ownOr(store, "lastLevel", "texel"), "lastLevel", LAST_LEVELS);
}

function parseWrap(wrap: unknown): { x: WrapMode; y: WrapMode } {
  check(isObject(wrap), `wrap must be an object: current value is ${text(wrap)}`);
  return {
    x: choiceOf(own(wrap, "x"), "wrap.x", WRAP_MODES),
    y: choiceOf(own(wrap, "y"), "wrap.y", WRAP_MODES),
  };
}

function parseAppearance(store: JsonObject): StoreAppearance {
  const names = ["orientation", "swizzle", "transfer", "primaries"] as const;
  const said = names.filter((name) => Object.hasOwn(store, name));
  const appearance = Object.fromEntries(said.map((name) => [name, own(store, name)]));
  for (const name of said) {
    const value = appearance[name];
    if (name === "orientation") choiceOf(value, name, ORIENTATIONS);
    else {check(
        typeof value === "string",
        `${name} must be a string: current value is ${text(value)}`,
      );}
  }
  check(
    appearance.swizzle === undefined || isSwizzle(appearance.swizzle),
    `swizzle must be four of r, g, b, a, 0 and 1: current value is ${text(appearance.swizzle)}`,
  );
  return appearance;
}

function parseHoles(holes: unknown, planes: readonly TilePlane[]): Uint8Array[] | null {
  if (holes === undefined) return null;
  check(
    Array.isArray(holes) && holes.length === planes.length,
    `holes must be a list of ${planes.length}: current value is ${text(holes)}`,
  );
  return planes.map(({ format }, plane) => {
    const { blockBytes } = formatInfo(format);
    const digits: unknown = holes[plane];
    check(
      typeof digits === "string" && digits.length === 2 * blockBytes && /^[0-9a-f]*$/.test(digits),
      `holes[${plane}] must be ${2 * blockBytes} hexadecimal digits: current value is ${
        text(digits)
      }`,
    );
    return Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16));
  });
}

function checkLevels(levels: unknown, wanted: readonly Record<string, number>[]): void {
  check(
    Array.isArray(levels) && levels.length === wanted.length,
    `levels must be a list of ${wanted.length}: current value is ${text(levels)}`,
  );
  wanted.forEach((level, i) => {
    const given: unknown = levels[i];
    const agrees = isObject(given) &&
      Object.entries(level).every(([key, value]) => own(given, key) === value);
    check(agrees, `levels[${i}] must be ${text(level)}: current value is ${text(given)}`);
  });
}

/** Nothing is decoded that the grid does not ask for. */
function checkChecksums(characters: number | null, byteLength: number): void {
  check(characters !== null, `${CHECKSUMS_KEY} must be a string`);
  const wanted = base64Length(byteLength);
  check(
    characters === wanted,
    `${CHECKSUMS_KEY} must be ${byteLength} bytes, ${wanted} characters of base64: ` +
      `current value is ${characters}`,
  );
}
