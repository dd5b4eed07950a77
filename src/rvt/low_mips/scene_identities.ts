/**
 * What a scene's components draw into tiles, followed change by change.
 *
 * @module
 */

import type { StreamedTexture } from "../../streaming/mod.ts";
import type { MaterialTypeName, RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type { PrimitiveComponent } from "../component/mod.ts";
import { type ComponentIdentity, componentIdentity } from "./component_identity.ts";
import { ContentHash } from "./content_hash.ts";
import { addDeferred } from "./deferred_identities.ts";
import type { VolumeView } from "../tile/tile_view.ts";

/** The tiles of a texture that others sample. */
export interface SampledTiles {
  /**
   * What a tile of another texture samples of this one at the places that it shows, if all of it depends on a
   * few tiles of this one; null otherwise.
   */
  sampledDigits(tile: number, from: VolumeView): string | null;
}

/** Identifies all that is drawn into a texture that others sample. */
export type AssetDigits = (asset: RuntimeVirtualTextureLike) => string;

/** What identities of textures depend on beside those that are rendered to them. */
export interface SceneContent {
  /** The components that are rendered to a texture, in the order in which they are drawn, but for deferred ones. */
  writersOf(asset: RuntimeVirtualTextureLike): readonly PrimitiveComponent[];
  /**
   * Identities of deferred components that are rendered to a texture, with those of what they sample, in the
   * order in which they were made.
   */
  deferredOf(asset: RuntimeVirtualTextureLike, digitsOf: AssetDigits): readonly string[];
  /** Settings and place of a texture; empty if no volume places it. */
  placeOf(asset: RuntimeVirtualTextureLike): string;
  /** What the tiles of a texture are made of; null if no volume places it. */
  tilesOf(asset: RuntimeVirtualTextureLike): SampledTiles | null;
}

/** Remembers identities until something changes. */
export class SceneIdentities {
  readonly #scene: SceneContent;
  #components = new WeakMap<PrimitiveComponent, Map<MaterialTypeName, ComponentIdentity>>();
  readonly #changes = new WeakMap<PrimitiveComponent, number>();
  readonly #assets = new Map<RuntimeVirtualTextureLike, string>();
  readonly #circles = new Map<RuntimeVirtualTextureLike, boolean>();
  #version = 0;

  /** Knows none yet. */
  constructor(scene: SceneContent) {
    this.#scene = scene;
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** Notes that something has changed: what a component draws, or else which components and volumes there are. */
  noteChange(component: PrimitiveComponent | null = null): void {
    this.#version++;
    this.#assets.clear();
    this.#circles.clear();
    if (component === null) return;
    this.#components.delete(component);
    this.#changes.set(component, this.#version);
  }

  /** The version of the last change of what a component draws; 0 if there was none. */
  versionOf(component: PrimitiveComponent): number {
    return this.#changes.get(component) ?? 0;
  }

  /** What tells a component in tiles of a type from others, and from itself before a change. */
  digitsOf(component: PrimitiveComponent, materialType: MaterialTypeName): ComponentIdentity {
    let known = this.#components.get(component);
    if (known === undefined) this.#components.set(component, known = new Map());
    let identity = known.get(materialType);
    if (identity === undefined) {
      known.set(materialType, identity = componentIdentity(component, materialType));
    }
    return identity;
  }

  /** What the tiles of a texture that others sample are made of; null if no tile alone can be looked at. */
  tilesOf(asset: RuntimeVirtualTextureLike): SampledTiles | null {
    return this.#isCircular(asset, new Set()) ? null : this.#scene.tilesOf(asset);
  }

  /** Whether a texture depends on itself, or samples one that does. */
  #isCircular(asset: RuntimeVirtualTextureLike, trail: ReadonlySet<object>): boolean {
    if (trail.has(asset)) return true;
    let known = this.#circles.get(asset);
    if (known === undefined) {
      const deeper = new Set([...trail, asset]);
      known = this.#scene.writersOf(asset)
        .flatMap((component) => [...this.digitsOf(component, asset.materialType).assets.keys()])
        .some((sampled) => this.#isCircular(sampled, deeper));
      this.#circles.set(asset, known);
    }
    return known;
  }

  /** Settings and place of a texture, and all that is drawn into it, for what samples it anywhere. */
  assetDigits(asset: RuntimeVirtualTextureLike): string {
    return this.#assetDigits(asset, new Set());
  }

  #assetDigits(asset: RuntimeVirtualTextureLike, trail: ReadonlySet<object>): string {
    const known = this.#assets.get(asset);
    if (known !== undefined) return known;
    const hash = new ContentHash().addText(this.#scene.placeOf(asset));
    const deeper = new Set([...trail, asset]);
    // Of textures that depend on themselves, samples are cut.
    const digitsOf: AssetDigits = (sampled) =>
      deeper.has(sampled) ? "" : this.#assetDigits(sampled, deeper);
    const writers = this.#scene.writersOf(asset);
    addDeferred(hash, this.#scene.deferredOf(asset, digitsOf), writers);
    for (const component of writers) {
      const { digits, assets } = this.digitsOf(component, asset.materialType);
      hash.addText(digits);
      for (const sampled of assets.keys()) hash.addText(digitsOf(sampled));
    }
    if (trail.size === 0) this.#assets.set(asset, hash.digits);
    return hash.digits;
  }

  /** The streaming textures that a texture is made from, through others, too. */
  streamedInto(asset: RuntimeVirtualTextureLike): ReadonlySet<StreamedTexture> {
    const found = new Set<StreamedTexture>();
    const assets = new Set([asset]);
    for (const one of assets) {
      for (const component of this.#scene.writersOf(one)) {
        const identity = this.digitsOf(component, one.materialType);
        for (const texture of identity.streamed) found.add(texture);
        for (const sampled of identity.assets.keys()) assets.add(sampled);
      }
    }
    return found;
  }
}
