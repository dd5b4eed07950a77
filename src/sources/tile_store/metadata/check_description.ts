/**
 * Checks of what a caller says of a tile store that is to be written.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedString,
  describeValue,
} from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import { WRAP_MODES } from "../../../tiles/mod.ts";
import {
  checkedAppearance,
  colorSpacesOf,
  formatInfo,
  hasAlpha,
  STORED_FORMATS,
  type TexelFormat,
} from "../../../texels/mod.ts";
import {
  areHolesTooLarge,
  BORDER_RANGE,
  gridOf,
  isSourceIdentity,
  LAST_LEVELS,
  MAX_HOLE_BYTES,
  MAX_TILE_PLANES,
  planeBytes,
  planesOf,
  type SourceIdentity,
  TILE_SIZE_RANGE,
  type TilePlane,
  tileShapeSteps,
  type TileStoreDescription,
  type WholeDescription,
} from "./description.ts";

/**
 * Checks the dimensions of tiles to be written.
 *
 * @param tiles Without a format, only the rules common to all formats are checked.
 * @throws {InvalidArgumentError} if one is not a number.
 * @throws {OutOfRangeError} if one is out of range, or not a multiple of what the format needs.
 */
export function checkTileShape(
  tiles: Pick<TileStoreDescription, "tileSize" | "border"> & { readonly format?: TexelFormat },
): void {
  const { tileSize, border, format } = tiles;
  const steps = format === undefined ? { tileSize: 1, border: 1 } : tileShapeSteps(format);
  const failure = `Cannot make tiles${format === undefined ? "" : ` of ${format}`}`;
  const size = { name: "tileSize", failure, range: TILE_SIZE_RANGE, multipleOf: steps.tileSize };
  checkedInteger(tileSize, size);
  const around = { name: "border", failure, range: BORDER_RANGE, multipleOf: steps.border };
  checkedInteger(border, around);
}

/**
 * Checks a description of a store to be written.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if a value is not allowed.
 */
export function checkStoreDescription(description: WholeDescription): void {
  const failure = "Cannot write tile store";
  const { furtherPlanes, wrap, lastLevel, firstLevel, info } = description;
  const range = [0, MAX_TILE_PLANES - 1] as const;
  checkedInteger(furtherPlanes.length, { name: "furtherPlanes.length", failure, range });
  for (const plane of planesOf(description)) {
    checkTileShape({ ...description, format: plane.format });
    checkPlane(plane, failure);
  }
  checkedChoice(lastLevel, { name: "lastLevel", failure, choices: LAST_LEVELS });
  for (const axis of ["x", "y"] as const) {
    checkedChoice(wrap[axis], { name: `wrap.${axis}`, failure, choices: WRAP_MODES });
  }
  const { levelCount } = gridOf(description);
  checkedInteger(firstLevel, { name: "firstLevel", failure, range: [0, levelCount - 1] });
  checkedAppearance(description.appearance, failure);
  checkedString(info, { name: "info", failure });
  checkHoles(description, failure);
  checkSource(description.source, failure);
}

function checkPlane(plane: Required<TilePlane>, failure: string): void {
  const { format, colorSpace, premultipliedAlpha } = plane;
  checkedChoice(format, { name: "format", failure, choices: STORED_FORMATS });
  checkedChoice(colorSpace, {
    name: `colorSpace of ${format}`,
    failure,
    choices: colorSpacesOf(format),
  });
  checkedBoolean(premultipliedAlpha, { name: "premultipliedAlpha", failure });
  if (!premultipliedAlpha || hasAlpha(format)) return;
  throw new OutOfRangeError(
    "premultipliedAlpha",
    `${failure} as premultipliedAlpha must be false of ${format}, which has no alpha: current ` +
      `value is true`,
  );
}

function checkHoles(description: WholeDescription, failure: string): void {
  const { holes } = description;
  if (holes === null) return;
  if (areHolesTooLarge(description)) {
    throw new OutOfRangeError(
      "tileSize",
      `${failure} as a stored tile must have at most ${MAX_HOLE_BYTES} bytes where holes are ` +
        `allowed: current values are ${planeBytes(description).join(", ")}`,
    );
  }
  const wanted = planesOf(description).map(({ format }) => formatInfo(format).blockBytes);
  const isList = Array.isArray(holes) && holes.every((block) => block instanceof Uint8Array);
  if (isList && String(holes.map((block) => block.byteLength)) === String(wanted)) return;
  throw new InvalidArgumentError(
    "holes",
    `${failure} as holes must be null or one block for each plane, of ${wanted.join(", ")} ` +
      `bytes: current value is ${describeValue(holes)}`,
  );
}

function checkSource(source: SourceIdentity, failure: string): void {
  if (isSourceIdentity(source)) return;
  throw new InvalidArgumentError(
    "source",
    `${failure} as source must be an object of strings and finite numbers with a name: current ` +
      `value is ${describeValue(source)}`,
  );
}
