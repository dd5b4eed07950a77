/**
 * What an inspection of a tile tells.
 *
 * @module
 */

import type { TileState } from "../../streaming/mod.ts";
import type { TileAddress } from "../../tiles/mod.ts";
import type { AttributeName } from "../asset/mod.ts";
import type { BakedTileState } from "../low_mips/mod.ts";

/** Virtual and plain textures that a component's material reads while it writes. */
export interface TileWriterSources {
  /** Names of plain textures. */
  readonly textures: readonly string[];
  /** Names of streaming virtual textures, those of heights too; of a project, what it calls them. */
  readonly streamedTextures: readonly string[];
  /** Names of runtime virtual textures. */
  readonly runtimeVirtualTextures: readonly string[];
}

/** A component that writes a tile. */
export interface TileWriter {
  /** Its name. */
  readonly component: string;
  /** The name of its material. */
  readonly material: string;
  /** Its Translucency Sort Priority. */
  readonly sortPriority: number;
  /** Whether its id alone places it above the one below: both have one priority. */
  readonly isTied: boolean;
  /** The level of detail that it is drawn in. */
  readonly lod: number;
  /** Meshes and sections of landscapes that are drawn, each instance counted. */
  readonly draws: number;
  /** What it writes of what the texture stores. */
  readonly attributes: readonly AttributeName[];
  /** What its material reads. */
  readonly sources: TileWriterSources;
  /**
   * Names of components above it that are opaque and certain to cover all that the tile shows of it, with all
   * that it writes: landscapes, and meshes of which single ones cover each of its own. Of World Height those
   * that are higher, whatever their order, where the height that is written is a constant or that of the place.
   */
  readonly coveredBy: readonly string[];
}

/** A component that is assigned to the texture, and does not write the tile. */
export interface TileAbsence {
  /** Its name. */
  readonly component: string;
  /** Why: it lies elsewhere, is left out of the level, writes nothing, or shows the volume's top its back. */
  readonly reason: "outside" | "skip_mips" | "min_coverage" | "writes_nothing" | "turned_away";
}

/** A deferred component that a tile may show, by its bounds. */
export interface TileDeferred {
  /** Its name. */
  readonly component: string;
  /** Whether it is loaded: only then is it among those that write, or do not. */
  readonly isLoaded: boolean;
  /** Why it could not be loaded the last time; null if it could, or was not. */
  readonly failure: string | null;
}

/** How far what is sampled of compressed tiles is from what uncompressed ones give. */
export interface AttributeError {
  /** The attribute. */
  readonly attribute: AttributeName;
  /** The largest length of a difference, over the tile's texels; of colours, in linear values. */
  readonly largest: number;
  /** The root of the mean of squared lengths. */
  readonly rootMeanSquare: number;
}

/**
 * The error of compression of a tile, or why there is none: nothing is compressed, or tiles of virtual textures
 * that materials sample came and went each time that it was rendered.
 */
export type CompressionError =
  | { readonly attributes: readonly AttributeError[] }
  | { readonly reason: "uncompressed" | "unsteady_samples" };

/** Everything about a tile of a runtime virtual texture. */
export interface TileInspection extends TileAddress {
  /** The name of the asset. */
  readonly asset: string;
  /** How many levels the texture has. */
  readonly levels: number;
  /** Columns of tiles of the tile's level. */
  readonly columns: number;
  /** Rows of tiles of the tile's level. */
  readonly rows: number;
  /** The middle of the tile in the world, half-way down its volume. */
  readonly center: readonly [number, number, number];
  /** World lengths of a texel along the volume's own x and y. */
  readonly texelSize: readonly [number, number];
  /** Whether it is resident, and how old. */
  readonly residency: TileState;
  /**
   * What is baked of it; null if nothing is. What is baked was written by deferred components, too, loaded or
   * not; of a tile that is stale, by others than `writers` says.
   */
  readonly bake: BakedTileState | null;
  /** What writes it, or would if it was rendered, the lowest first. */
  readonly writers: readonly TileWriter[];
  /** What is assigned to the texture and does not write it. */
  readonly absent: readonly TileAbsence[];
  /** The deferred components that it may show, in the order in which they came. */
  readonly deferred: readonly TileDeferred[];
  /** The error of compression of what is rendered. */
  readonly compression: CompressionError;
}
