/**
 * What a tile store says of its texture; see FORMAT.md in the folder above.
 *
 * @module
 */

import {
  type Appearance,
  type ColorSpace,
  formatInfo,
  regionBytes,
  type TexelFormat,
} from "../../../texels/mod.ts";
import { TileGrid, type WrapMode } from "../../../tiles/mod.ts";
import type { ValueStatistics } from "./value_statistics.ts";

/** Identifies the source that a store was made from, by strings and numbers. */
export type SourceIdentity = Readonly<Record<string, string | number>> & { readonly name: string };

/** How the texels of a store are meant, but for alpha, which planes say. */
export type StoreAppearance = Omit<Appearance, "premultiplied">;

/** Content of one plane of a tile store. */
export interface TilePlane {
  /** Format of the texels. */
  readonly format: TexelFormat;
  /** How to interpret the stored values. */
  readonly colorSpace: ColorSpace;
  /** Whether colours are multiplied by alpha; only where the format has alpha. Default false. */
  readonly premultipliedAlpha?: boolean;
}

/** Description of a tile store. Format, colour space and alpha are those of its first plane. */
export interface TileStoreDescription extends TilePlane {
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Edge of a payload in texels. */
  readonly tileSize: number;
  /** Texels on each side of a payload that belong to its neighbours. */
  readonly border: number;
  /** Planes after the first, at most two. Default none. */
  readonly furtherPlanes?: readonly TilePlane[];
  /** Finest level present; all coarser ones are. */
  readonly firstLevel: number;
  /** Where the levels end: at one texel, or at the first level of one tile. Default "texel". */
  readonly lastLevel?: "texel" | "tile";
  /** What stored tiles hold beyond the edges of their level. Default "clamp" on both axes. */
  readonly wrap?: { readonly x: WrapMode; readonly y: WrapMode };
  /** How the texels of all planes are meant, but for alpha, which planes say. Default as usual. */
  readonly appearance?: StoreAppearance;
  /**
   * Allows tiles to be absent: one block of texels for each plane, which an absent tile repeats; all
   * planes of a stored tile must have at most 8 MiB. Default null, every tile is there.
   */
  readonly holes?: readonly Uint8Array[] | null;
  /** The source that the store was made from. */
  readonly source: SourceIdentity;
  /** One-line description: what was made, and how. */
  readonly info: string;
  /** Statistics of the values that it was made from. Default null, unknown. */
  readonly valueStatistics?: ValueStatistics | null;
}

/** Tiles of one texel would not fit into the zoom levels. */
export const TILE_SIZE_RANGE: readonly [number, number] = Object.freeze([2, 4096] as const);
/** Most bytes of an absent tile, which takes memory and no bytes of the file. */
export const MAX_HOLE_BYTES: number = 8 * 2 ** 20;
/** Texels of a border. */
export const BORDER_RANGE: readonly [number, number] = Object.freeze([0, 64] as const);
/** Most planes of a tile. */
export const MAX_TILE_PLANES = 3;
/** Choices of {@linkcode TileStoreDescription.lastLevel}. */
export const LAST_LEVELS = ["texel", "tile"] as const;

/** A description whose defaults are filled in. */
export type WholeDescription = Required<Omit<TileStoreDescription, "furtherPlanes">> & {
  readonly furtherPlanes: readonly Required<TilePlane>[];
};

/** Fills in the defaults of a description. */
export function wholeDescription(description: TileStoreDescription): WholeDescription {
  return {
    premultipliedAlpha: false,
    lastLevel: "texel",
    wrap: { x: "clamp", y: "clamp" },
    appearance: {},
    holes: null,
    valueStatistics: null,
    ...description,
    furtherPlanes: planesOf(description).slice(1),
  };
}

/** All planes of a store. */
export function planesOf(
  { format, colorSpace, premultipliedAlpha, furtherPlanes = [] }:
    & TilePlane
    & Pick<TileStoreDescription, "furtherPlanes">,
): readonly Required<TilePlane>[] {
  const first = premultipliedAlpha === undefined
    ? { format, colorSpace }
    : { format, colorSpace, premultipliedAlpha };
  return [first, ...furtherPlanes].map((plane) => ({ premultipliedAlpha: false, ...plane }));
}

/** All tiles of the texture, whether the store has their level or not. */
export function gridOf(
  { width, height, tileSize, lastLevel = "texel" }: Pick<
    TileStoreDescription,
    "width" | "height" | "tileSize" | "lastLevel"
  >,
): TileGrid {
  return new TileGrid(width, height, tileSize, { lastLevel });
}

/** Where the levels of a grid end. */
export function lastLevelOf({ width, height, tileSize, levelCount }: TileGrid): "texel" | "tile" {
  return levelCount === new TileGrid(width, height, tileSize).levelCount ? "texel" : "tile";
}

/** Bytes of the texels of a stored tile in each plane. */
export function planeBytes(
  store: Pick<TileStoreDescription, "tileSize" | "border" | "furtherPlanes"> & TilePlane,
): number[] {
  const edge = store.tileSize + 2 * store.border;
  return planesOf(store).map(({ format }) => regionBytes(format, edge, edge));
}

/** Whether absent tiles would take too much memory. */
export function areHolesTooLarge(
  store: Pick<TileStoreDescription, "tileSize" | "border" | "furtherPlanes"> & TilePlane,
): boolean {
  return planeBytes(store).reduce((sum, bytes) => sum + bytes, 0) > MAX_HOLE_BYTES;
}

/** Multiples that the dimensions of tiles must be: payloads and stored tiles are whole blocks. */
export function tileShapeSteps(format: TexelFormat): { tileSize: number; border: number } {
  const { blockTexels } = formatInfo(format);
  return { tileSize: blockTexels, border: Math.ceil(blockTexels / 2) };
}

/** Whether a value is a {@linkcode SourceIdentity}. */
export function isSourceIdentity(value: unknown): value is SourceIdentity {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.hasOwn(value, "name") && typeof (value as { name: unknown }).name === "string" &&
    Object.values(value).every((part) => typeof part === "string" || Number.isFinite(part));
}
