/**
 * What tells components apart by what they draw into tiles.
 *
 * @module
 */

import type { Mesh } from "../../geometry/mod.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import type {
  ComponentDraw,
  FootprintRect,
  LandscapeComponent,
  LandscapeDraw,
  PrimitiveComponent,
} from "../component/mod.ts";
import type { VolumeView } from "../tile/tile_view.ts";
import { ContentHash } from "./content_hash.ts";
import {
  joinedAssets,
  type MaterialIdentity,
  materialIdentity,
  type SampledAssets,
} from "./material_identity.ts";
import { cornerHeights, samplesInTile } from "./samples_in_tile.ts";
import { addSurface, wholeRect } from "./surface_identity.ts";

/** What a component draws into tiles of one type: into one of them, or all at any level of detail. */
export interface ComponentIdentity {
  /** Differs where meshes, heights, places, materials or settings do; names do not count. */
  readonly digits: string;
  /** The runtime virtual textures that its materials sample. */
  readonly assets: SampledAssets;
  /** The streaming textures that it is made from: those that its materials sample, and heights. */
  readonly streamed: ReadonlySet<StreamedTexture>;
  /** Whether one of them reads the number of a tile's level, or how many there are. */
  readonly readsLevels: boolean;
}

const meshDigits = new WeakMap<Mesh, string>();

function meshIdentity(mesh: Mesh): string {
  let digits = meshDigits.get(mesh);
  if (digits === undefined) {
    const { positions, normals, uvs, indices } = mesh;
    const hash = new ContentHash();
    for (const numbers of [positions, normals, uvs, indices]) hash.addBytes(numbers);
    meshDigits.set(mesh, digits = hash.digits);
  }
  return digits;
}

/** Where draws are seen; null where all that they may show counts. */
type SeenIn = { readonly reach: FootprintRect; readonly view: VolumeView } | null;

/** Adds up draws, and what their materials read. */
class DrawHash {
  readonly hash = new ContentHash();
  readonly #materialType: MaterialTypeName;
  readonly #materials = new Map<object, MaterialIdentity>();
  readonly #streamed = new Set<StreamedTexture>();

  constructor(materialType: MaterialTypeName) {
    this.#materialType = materialType;
  }

  /** Adds the draws of a component, of which only one that is a landscape has such. */
  addDraws(draws: readonly ComponentDraw[], seenIn: SeenIn): void {
    const landscapes: LandscapeDraw[] = [];
    this.hash.addNumbers([draws.length]);
    for (const draw of draws) {
      if (draw.kind === "landscape") {
        landscapes.push(draw);
        continue;
      }
      this.hash.addText(this.#materialOf(draw).digits).addText(meshIdentity(draw.mesh));
      this.hash.addNumbers([draw.instances.length]);
      for (const instance of draw.instances) this.hash.addNumbers(instance);
    }
    if (landscapes.length > 0) this.#addLandscape(landscapes, seenIn);
  }

  #addLandscape(draws: readonly LandscapeDraw[], seenIn: SeenIn): void {
    const { surface, toWorld } = draws[0]!;
    const material = this.#materialOf(draws[0]!);
    this.hash.addText(material.digits).addNumbers(toWorld);
    const parts = new Float64Array(5 * draws.length);
    for (const [i, { section: { x0, y0, x1, y1 }, quads }] of draws.entries()) {
      const at = 5 * i;
      [parts[at], parts[at + 1], parts[at + 2], parts[at + 3]] = [x0, y0, x1, y1];
      parts[at + 4] = quads;
    }
    this.hash.addNumbers(parts);
    const { layers } = material;
    const { streamedHeights } = surface;
    if (streamedHeights !== undefined) this.#streamed.add(streamedHeights.texture);
    if (seenIn === null) {
      return addSurface(this.hash, surface, { rect: wholeRect(surface), layers });
    }
    const rect = samplesInTile({ draws, ...seenIn });
    addSurface(this.hash, surface, { rect, layers });
    this.hash.addNumbers(cornerHeights(draws, rect));
  }

  #materialOf({ material }: ComponentDraw): MaterialIdentity {
    let identity = this.#materials.get(material);
    if (identity === undefined) {
      identity = materialIdentity(material, this.#materialType);
      this.#materials.set(material, identity);
      for (const texture of identity.streamed) this.#streamed.add(texture);
    }
    return identity;
  }

  /** What was added. */
  get identity(): ComponentIdentity {
    const all = [...this.#materials.values()];
    return {
      digits: this.hash.digits,
      assets: joinedAssets(all.map(({ assets }) => assets)),
      streamed: this.#streamed,
      readsLevels: all.some(({ readsLevels }) => readsLevels),
    };
  }
}

/** Tells landscapes apart by their heights, layers and place. */
export function landscapeDigits({ surface, toWorld }: LandscapeComponent): string {
  const hash = new ContentHash().addNumbers(toWorld);
  addSurface(hash, surface, { rect: wholeRect(surface), layers: surface.layers.keys() });
  return hash.digits;
}

/** Identifies what a component draws into tiles of a type, at any level of detail. */
export function componentIdentity(
  component: PrimitiveComponent,
  materialType: MaterialTypeName,
): ComponentIdentity {
  const draws = new DrawHash(materialType);
  for (let lod = 0; lod < component.lodCount; lod++) draws.addDraws(component.draws(lod), null);
  addSettings(draws.hash, component);
  return draws.identity;
}

/** Adds the settings by which levels show a component, and at which level of detail. */
function addSettings(
  hash: ContentHash,
  { virtualTextureLodBias, virtualTextureSkipMips, virtualTextureMinCoverage }: PrimitiveComponent,
): void {
  hash.addNumbers([virtualTextureLodBias, virtualTextureSkipMips]);
  hash.addText(`${virtualTextureMinCoverage}`);
}

/** Draws of a component in a tile. */
export interface DrawsInTile {
  readonly draws: readonly ComponentDraw[];
  /** What of the texture the tile can show. */
  readonly reach: FootprintRect;
  readonly view: VolumeView;
  /** Whether some of it may lie above the volume or below it. */
  readonly isCutByDepth: boolean;
  /** The component, if other levels count that it may be shown in; null if the draws say all. */
  readonly settings: PrimitiveComponent | null;
}

/** Identifies what a component draws into a tile of a type. */
export function tileDrawsIdentity(
  { draws, reach, view, isCutByDepth, settings }: DrawsInTile,
  materialType: MaterialTypeName,
): ComponentIdentity {
  const added = new DrawHash(materialType);
  added.addDraws(draws, { reach, view });
  if (settings !== null) addSettings(added.hash, settings);
  const { toVolume: m } = view;
  if (isCutByDepth) added.hash.addNumbers([m[2]!, m[6]!, m[10]!, m[14]!]);
  return added.identity;
}
