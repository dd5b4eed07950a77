/**
 * An opinion on what a bake says of itself, from the section on low mips of FORMAT.md.
 *
 * @module
 */

import assert from "node:assert/strict";
import { takeApart } from "../store/pmtiles_model.ts";
import { digitsOf, LEVELS, SETTINGS, TEXTURE } from "./sample_bake.ts";

/** What must become of a bake, if its store is valid and of the texture's form. */
export type JudgedBake =
  /** It is no bake. */
  | { readonly kind: "foreign"; readonly rule: string }
  /** It is one, of other settings. */
  | { readonly kind: "other settings" }
  /** It is read: these tiles of the texture are up to date, the others stale. */
  | { readonly kind: "read"; readonly upToDate: ReadonlySet<number>; readonly isTinted: boolean };

type Json = Record<string, unknown>;

/** Whether a store has the tiles of the sample, whatever else it says. */
export function hasForm(archive: Uint8Array): boolean {
  const { width, height, tileSize, border, planes, lastLevel, firstLevel, holes } = storeOf(
    archive,
  );
  const { grid } = LEVELS;
  return width === grid.width && height === grid.height && tileSize === grid.tileSize &&
    border === TEXTURE.border && lastLevel === "tile" && firstLevel === 0 && holes === undefined &&
    JSON.stringify((planes as Json[]).map(({ format }) => format)) ===
      JSON.stringify(TEXTURE.formats);
}

/** Judges a store that is valid. */
export function judgeBake(archive: Uint8Array): JudgedBake {
  const { name, kind, baker, settings, identities, incomplete, tinted } = storeOf(archive)
    .source as Json;
  const foreign = (rule: string): JudgedBake => ({ kind: "foreign", rule });
  if (typeof name !== "string") return foreign("name");
  if (kind !== "low mips of a runtime virtual texture") return foreign("kind");
  if (baker !== 2) return foreign("baker");
  if (tinted !== 0 && tinted !== 1) return foreign("tinted");
  const tileCount = 8 + 2 + 1;
  const digits = new RegExp(`^[0-9a-f]{${16 * tileCount}}$`);
  if (typeof identities !== "string" || !digits.test(identities)) return foreign("identities");
  const bits = incomplete ?? "000";
  if (typeof bits !== "string" || !/^[0-9a-f]{3}$/.test(bits)) return foreign("incomplete");
  const lacking = [...bits].flatMap((
    digit,
  ) => [...parseInt(digit, 16).toString(2).padStart(4, "0")]);
  const known = typeof settings === "string" ? objectOf(settings) : null;
  if (known === null) return foreign("settings");
  if (name !== TEXTURE.name) return foreign("the name of the texture");
  const isNear = liesNear(known);
  for (const [key, value] of Object.entries(SETTINGS)) {
    if (isNear && ["position", "scale"].includes(key)) continue;
    if (!Object.hasOwn(known, key) || !isEqual(known[key], value)) {
      return { kind: "other settings" };
    }
  }
  // Levels of the texture are those of the bake and one finer one before them, of 8 × 4 tiles.
  const upToDate = new Set<number>();
  for (let i = 0; i < tileCount; i++) {
    const tile = 8 * 4 + i;
    const isSame = identities.slice(16 * i, 16 * i + 16) === digitsOf(tile);
    if (isSame && lacking[i] === "0") upToDate.add(tile);
  }
  return { kind: "read", upToDate, isTinted: tinted === 1 };
}

/** Whether a volume, which is not rotated, has its sides where they are, or an eighth of a texel away. */
function liesNear({ position, scale, rotation }: Json): boolean {
  const isPlace = (value: unknown): value is number[] =>
    Array.isArray(value) && value.length === 3 &&
    value.every((part) => typeof part === "number" && Number.isFinite(part));
  if (!isPlace(position) || !isPlace(scale) || !isEqual(rotation, SETTINGS.rotation)) return false;
  return [0, 1].every((axis) => {
    const near = SETTINGS.scale[axis]! / (4 * 2 ** 3) / 8;
    const [moved, grown] = [
      position[axis]! - SETTINGS.position[axis]!,
      scale[axis]! - SETTINGS.scale[axis]!,
    ];
    return Math.abs(moved) + Math.abs(grown) / 2 <= near;
  });
}

function storeOf(archive: Uint8Array): Json {
  return JSON.parse(takeApart(archive).metadata).forge3d_tile_store;
}

/** The object that a JSON text holds; null if it holds something else. */
function objectOf(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Json
      : null;
  } catch {
    return null;
  }
}

function isEqual(value: unknown, wanted: unknown): boolean {
  try {
    assert.deepEqual(value, wanted);
    return true;
  } catch {
    return false;
  }
}
