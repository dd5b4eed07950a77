/**
 * The console variables that there are: names, defaults, ranges, help. Pure.
 *
 * @module
 */

import { checkedInteger, checkedNumber, checkedString, describeValue } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";

/** Name of a console variable, without a group. */
export type VariableKindName =
  | "r.VT.MaxUploadsPerFrame"
  | "r.VT.MaxUploadsPerFrameInEditor"
  | "r.VT.MaxContinuousUpdatesPerFrame"
  | "r.VT.MaxContinuousUpdatesPerFrameInEditor"
  | "r.VT.RVT.TileCountBias"
  | "r.VT.PoolSizeScale"
  | "r.VT.MaxAnisotropy";

/** What is known of a console variable. */
export interface VariableKind {
  /** Its name as it is printed; case does not matter where it is read. */
  readonly name: VariableKindName;
  /** Its value until it is set. */
  readonly defaultValue: number;
  /** Least and largest value. */
  readonly range: readonly [number, number];
  /** Whether values are integers. */
  readonly isInteger: boolean;
  /** Whether there is one for each scalability group: `NAME.Group<x>`; without a group it is group 0. */
  readonly hasGroups: boolean;
  /** What it does. */
  readonly help: string;
}

const MOST = 1e9;

/** Every kind of variable, in the order in which they are listed. */
export const VARIABLE_KINDS: readonly VariableKind[] = Object.freeze([
  kind("r.VT.MaxUploadsPerFrame", {
    defaultValue: 8,
    range: [1, MOST],
    help:
      "Tiles that an update renders at most, in game; a tile counts once, whatever its planes. " +
      "Tiles that are streamed count, too, once it is set",
  }),
  kind("r.VT.MaxUploadsPerFrameInEditor", {
    defaultValue: 64,
    range: [1, MOST],
    help: "The same in the editor",
  }),
  kind("r.VT.MaxContinuousUpdatesPerFrame", {
    defaultValue: 1,
    range: [0, MOST],
    help:
      "Random resident tiles of textures with continuous update that an update renders again at " +
      "most, in game, with what is left of the uploads",
  }),
  kind("r.VT.MaxContinuousUpdatesPerFrameInEditor", {
    defaultValue: 8,
    range: [0, MOST],
    help: "The same in the editor",
  }),
  kind("r.VT.RVT.TileCountBias", {
    defaultValue: 0,
    range: [-12, 12],
    hasGroups: true,
    help:
      "Bias of the size in tiles, for volumes of a scalability group: -1 halves the resolution, 1 " +
      "doubles it",
  }),
  kind("r.VT.PoolSizeScale", {
    defaultValue: 1,
    range: [0, 64],
    isInteger: false,
    hasGroups: true,
    help: "Factor of the sizes of pools, for those of a scalability group: 0.5 halves them",
  }),
  kind("r.VT.MaxAnisotropy", {
    defaultValue: 8,
    range: [1, 16],
    isInteger: false,
    help:
      "Most taps along the longer axis of a pixel's footprint when virtual textures are sampled: 1 " +
      "for trilinear filtering, which is in force until it is set",
  }),
]);

function kind(
  name: VariableKindName,
  options: Pick<VariableKind, "defaultValue" | "range" | "help"> & Partial<VariableKind>,
): VariableKind {
  return Object.freeze({ name, isInteger: true, hasGroups: false, ...options });
}

/** Which variable is meant. */
export interface VariableId {
  readonly kind: VariableKind;
  /** Scalability group; 0 where there are none. */
  readonly group: number;
}

/** Largest number of a scalability group. */
const MOST_GROUP = 2 ** 31 - 1;
const GROUP_SUFFIX = /\.group(\d{1,10})$/i;

/** How a variable is written: without a group if that is 0. */
export function variableName({ kind, group }: VariableId): string {
  return group === 0 ? kind.name : `${kind.name}.Group${group}`;
}

/** The variable of a name, in any case; null if there is none. */
export function findVariable(name: string): VariableId | null {
  const suffix = GROUP_SUFFIX.exec(name);
  const plain = suffix === null ? name : name.slice(0, suffix.index);
  const group = suffix === null ? 0 : Number(suffix[1]);
  const wanted = plain.toLowerCase();
  const kind = VARIABLE_KINDS.find(({ name }) => name.toLowerCase() === wanted);
  if (kind === undefined || (suffix !== null && !kind.hasGroups) || group > MOST_GROUP) return null;
  return { kind, group };
}

/** Every name, as messages list them. */
export function variableNames(): string[] {
  return VARIABLE_KINDS.map(({ name, hasGroups }) => hasGroups ? `${name}(.Group<x>)` : name);
}

/**
 * The variable of a name.
 *
 * @param failure What cannot be done, for the message.
 * @throws {InvalidArgumentError} if the name is not a string.
 * @throws {OutOfRangeError} if there is no such variable.
 */
export function checkedVariable(name: unknown, failure: string): VariableId {
  const text = checkedString(name, { name: "name", failure });
  const found = findVariable(text);
  if (found !== null) return found;
  throw new OutOfRangeError(
    "name",
    `${failure} as there is no console variable ${describeValue(text)}: there are ${
      variableNames().join(", ")
    }`,
  );
}

/**
 * A value that a variable may have.
 *
 * @param failure What cannot be done, for the message.
 * @throws {InvalidArgumentError} if it is not a number.
 * @throws {OutOfRangeError} if it is out of the variable's range, or has to be an integer.
 */
export function checkedVariableValue(id: VariableId, value: unknown, failure: string): number {
  const { range, isInteger } = id.kind;
  const options = { name: variableName(id), failure, range };
  return isInteger ? checkedInteger(value, options) : checkedNumber(value, options);
}
