/**
 * What tiles are made of, tile by tile, so that a bake knows which of its tiles are stale.
 *
 * @module
 */

import type { TileGrid } from "../../tiles/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import type { PrimitiveComponent } from "../component/mod.ts";
import { ContentHash } from "./content_hash.ts";
import type { LowMipLevels } from "./low_mip_levels.ts";
import type { SceneIdentities } from "./scene_identities.ts";

/** Digits of a tile's identity. */
export const IDENTITY_DIGITS = 16;
/** Tiles that a bake keeps identities of, the coarsest: finer ones are told by theirs. */
export const MOST_IDENTITIES = 4096;

/** What is drawn into the tiles of a texture. */
export interface DrawnTiles {
  readonly materialType: MaterialTypeName;
  /** Its tiles. */
  readonly grid: TileGrid;
  /** Rises with every change of what is drawn. */
  readonly version: number;
  /** The components, without those, that draw something into a tile, in the order in which they do. */
  componentsIn(tile: number): readonly PrimitiveComponent[];
  /** Identities of deferred components that may draw something into a tile, loaded or not. */
  deferredIn(tile: number): readonly string[];
}

/** Identities of the tiles of a texture, as the scene is now. */
export class TileIdentities {
  readonly #drawn: DrawnTiles;
  readonly #scene: SceneIdentities;
  readonly #known = new Map<number, string>();
  #knownVersion = "";

  /** Borrows both. */
  constructor(drawn: DrawnTiles, scene: SceneIdentities) {
    this.#drawn = drawn;
    this.#scene = scene;
  }

  /** Another text whenever identities may be others. */
  get version(): string {
    return `${this.#drawn.version} ${this.#scene.version}`;
  }

  /** The identity of a tile: {@linkcode IDENTITY_DIGITS} hexadecimal digits. */
  digitsOf(tile: number): string {
    const { version } = this;
    if (version !== this.#knownVersion) this.#known.clear();
    this.#knownVersion = version;
    let digits = this.#known.get(tile);
    if (digits === undefined) this.#known.set(tile, digits = this.#find(tile));
    return digits;
  }

  #find(tile: number): string {
    const { materialType, grid } = this.#drawn;
    const hash = new ContentHash();
    let readsLevels = false;
    for (const component of this.#drawn.componentsIn(tile)) {
      const identity = this.#scene.digitsOf(component, materialType);
      hash.addText(identity.digits);
      for (const asset of identity.assets) hash.addText(this.#scene.assetDigits(asset));
      readsLevels ||= identity.readsLevels;
    }
    // In any order: which of them came first is not known before they are loaded.
    for (const identity of this.#drawn.deferredIn(tile).toSorted()) hash.addText(identity);
    if (readsLevels) hash.addNumbers([grid.levelCount]);
    return hash.digits;
  }
}

/** What a bake keeps: identities of its coarsest tiles, by their indices; zeros for levels that are left out. */
export function identitiesOf(
  tiles: TileIdentities,
  { levels, grid }: { readonly levels: LowMipLevels; readonly grid: TileGrid },
): string {
  const baked = levels.grid;
  const { firstTile } = grid.level(levels.firstLevel);
  const first = baked.level(firstIdentifiedLevel(baked)).firstTile;
  return Array.from({ length: baked.tileCount - first }, (_, i) => {
    const tile = firstTile + first + i;
    return tile < grid.tileCount ? tiles.digitsOf(tile) : "0".repeat(IDENTITY_DIGITS);
  }).join("");
}

/** The first level of a bake of which identities are kept. */
export function firstIdentifiedLevel(baked: TileGrid): number {
  const { levels, tileCount } = baked;
  const first = levels.findIndex(({ firstTile }) => tileCount - firstTile <= MOST_IDENTITIES);
  return first === -1 ? levels.length - 1 : first;
}

/** The tile of a bake whose identity stands for that of another one: itself, or the ancestor that has one. */
export function identifiedTile(baked: TileGrid, tile: number): number {
  const { firstTile } = baked.level(firstIdentifiedLevel(baked));
  let at = tile;
  while (at < firstTile) at = baked.parentOf(at);
  return at;
}
