/**
 * What tiles are made of, tile by tile, so that a bake knows which of its tiles are stale.
 *
 * @module
 */

import type { TileGrid } from "../../tiles/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import { type ComponentDraw, type PrimitiveComponent, tileReachRect } from "../component/mod.ts";
import type { VolumeView } from "../tile/tile_view.ts";
import { type ComponentIdentity, tileDrawsIdentity } from "./component_identity.ts";
import { ContentHash } from "./content_hash.ts";
import { addDeferred } from "./deferred_identities.ts";
import type { LowMipLevels } from "./low_mip_levels.ts";
import { joinedAssets } from "./material_identity.ts";
import type { SampledTiles, SceneIdentities } from "./scene_identities.ts";
import { sampledTiles } from "./volume_places.ts";

/** Digits of a tile's identity. */
export const IDENTITY_DIGITS = 16;
/** Tiles that a bake keeps identities of, the coarsest: finer ones are told by theirs. */
export const MOST_IDENTITIES = 4096;

/** What one component draws into a tile. */
export interface ComponentDraws {
  readonly component: PrimitiveComponent;
  /** One at least, in this order. */
  readonly draws: readonly ComponentDraw[];
}

/** What is drawn into the tiles of a texture. */
export interface DrawnTiles {
  readonly materialType: MaterialTypeName;
  readonly view: VolumeView;
  /** Where the texture lies along its own x and y; see {@linkcode volumeGround}. */
  readonly ground: string;
  /** The same for textures of tiles of one form, however many those are. */
  readonly form: string;
  /** Rises with every change of what is drawn. */
  readonly version: number;
  /** What is drawn into a tile, without deferred components, in the order in which it is. */
  drawsIn(tile: number): readonly ComponentDraws[];
  /** What tiles of any level may show of what a tile covers: in every level of detail, nothing left out. */
  allDrawsIn(tile: number): readonly ComponentDraws[];
  /** Whether some of what a component draws into a tile may lie above the volume or below it. */
  isCutByDepth(component: PrimitiveComponent, tile: number): boolean;
  /** Identities of deferred components that may draw something into a tile, loaded or not, as they were made. */
  deferredIn(tile: number): readonly string[];
}

/** A number for a tile, and another one for it with finer tiles. */
function keyOf(tile: number, withFiner: boolean): number {
  return withFiner ? -1 - tile : tile;
}

/** Identities of what a component draws into tiles, as of its last change. */
interface KnownDraws {
  readonly version: number;
  readonly byTile: Map<number, ComponentIdentity>;
}

/** Identities of the tiles of a texture, as the scene is now. */
export class TileIdentities implements SampledTiles {
  readonly #drawn: DrawnTiles;
  readonly #scene: SceneIdentities;
  readonly #known = new Map<number, string>();
  readonly #draws = new WeakMap<PrimitiveComponent, KnownDraws>();
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

  /**
   * The identity of a tile: {@linkcode IDENTITY_DIGITS} hexadecimal digits.
   *
   * @param options Whether it is that of all finer tiles that cover a part of it as well.
   */
  digitsOf(tile: number, { withFiner = false }: { readonly withFiner?: boolean } = {}): string {
    const { version } = this;
    if (version !== this.#knownVersion) this.#known.clear();
    this.#knownVersion = version;
    const key = keyOf(tile, withFiner);
    let digits = this.#known.get(key);
    if (digits === undefined) this.#known.set(key, digits = this.#find(tile, withFiner));
    return digits;
  }

  #find(tile: number, withFiner: boolean): string {
    const { view, view: { grid } } = this.#drawn;
    const hash = new ContentHash();
    const all = withFiner ? this.#drawn.allDrawsIn(tile) : this.#drawn.drawsIn(tile);
    const drawn = all.map((one) => this.#drawsIdentity(one, tile, withFiner));
    if (drawn.length > 0) hash.addText(this.#drawn.ground);
    for (const { digits } of drawn) hash.addText(digits);
    for (const [asset, isHere] of joinedAssets(drawn.map(({ assets }) => assets))) {
      const isAlone = isHere && !withFiner;
      const here = isAlone ? this.#scene.tilesOf(asset)?.sampledDigits(tile, view) : null;
      hash.addText(here ?? this.#scene.assetDigits(asset));
    }
    addDeferred(hash, this.#drawn.deferredIn(tile), all.map(({ component }) => component));
    if (drawn.some(({ readsLevels }) => readsLevels)) hash.addNumbers([grid.levelCount]);
    return hash.digits;
  }

  #drawsIdentity(
    { component, draws }: ComponentDraws,
    tile: number,
    withFiner: boolean,
  ): ComponentIdentity {
    const version = this.#scene.versionOf(component);
    let known = this.#draws.get(component);
    if (known?.version !== version) {
      this.#draws.set(component, known = { version, byTile: new Map() });
    }
    const key = keyOf(tile, withFiner);
    let identity = known.byTile.get(key);
    if (identity === undefined) {
      const { view, view: { grid, border }, materialType } = this.#drawn;
      const reach = tileReachRect(grid, tile, { borderTexels: border });
      const isCutByDepth = this.#drawn.isCutByDepth(component, tile);
      const settings = withFiner ? component : null;
      identity = tileDrawsIdentity({ draws, reach, view, isCutByDepth, settings }, materialType);
      known.byTile.set(key, identity);
    }
    return identity;
  }

  /** See {@linkcode SampledTiles.sampledDigits}. */
  sampledDigits(tile: number, from: VolumeView): string | null {
    const { view, view: { grid }, form } = this.#drawn;
    const tiles = sampledTiles(tile, from, view);
    if (tiles === null) return null;
    const hash = new ContentHash().addText(form);
    for (const sampled of tiles) {
      const { level, x, y } = grid.addressOf(sampled);
      const { width, height } = grid.level(level);
      // Its level has another number in a texture of more tiles.
      hash.addNumbers([width, height, x, y]).addText(this.digitsOf(sampled));
    }
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
    if (tile >= grid.tileCount) return "0".repeat(IDENTITY_DIGITS);
    return tiles.digitsOf(tile, { withFiner: standsForFiner(baked, first + i) });
  }).join("");
}

/** Whether an identified tile of a bake stands for finer ones, too. */
export function standsForFiner(baked: TileGrid, tile: number): boolean {
  const first = firstIdentifiedLevel(baked);
  return first > 0 && baked.levelOf(tile) === first;
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
