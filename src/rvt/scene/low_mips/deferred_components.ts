/**
 * The deferred components of a scene: loaded once a tile that is rendered needs them.
 *
 * @module
 */

import { checkedInstance } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import type { MaterialTypeName, RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import { BoxOutlines, DeferredComponent, type PrimitiveComponent } from "../../component/mod.ts";
import { type AssetDigits, landscapeDigits, type SceneIdentities } from "../../low_mips/mod.ts";
import type { VolumeView } from "../../tile/tile_view.ts";
import { DeferredMaterials } from "./deferred_materials.ts";

/** Components that are loaded at the same time. */
const MOST_LOADS = 4;

/** What deferred components work with; all of it is borrowed. */
export interface DeferredComponentsParts {
  readonly identities: SceneIdentities;
  /** Takes a component in that tiles have waited for. */
  readonly takeIn: (component: PrimitiveComponent) => void;
  /** Lets go of a component; its tiles are stale if they must be. */
  readonly letGo: (component: PrimitiveComponent, areStale: boolean) => void;
  /** Makes stale what shows something of a deferred component. */
  readonly invalidate: (deferred: DeferredComponent) => void;
  /** Hears of components that cannot be loaded. */
  readonly warn: (message: string) => void;
}

/** The tiles of a texture, and which texture it is. */
export interface DeferredView {
  readonly asset: RuntimeVirtualTextureLike;
  readonly view: VolumeView;
}

/** Those of one texture, by their place in it. */
interface Placed {
  readonly version: number;
  readonly list: readonly DeferredComponent[];
  readonly outlines: BoxOutlines;
}

/** Finds the deferred components that tiles need, and loads them, a few at a time. */
export class DeferredComponents {
  readonly #parts: DeferredComponentsParts;
  readonly #stops = new Map<DeferredComponent, () => void>();
  readonly #placed = new WeakMap<VolumeView, Placed>();
  readonly #listeners = new Set<() => void>();
  /** The components that they have loaded. */
  readonly #owned = new Map<PrimitiveComponent, DeferredComponent>();
  readonly #materials: DeferredMaterials;
  /** Those that wait for their turn to be loaded, and those that are being loaded. */
  readonly #waiting = new Set<DeferredComponent>();
  readonly #loading = new Set<DeferredComponent>();
  readonly #told = new WeakMap<DeferredComponent, Error>();
  #version = 0;

  constructor(parts: DeferredComponentsParts) {
    this.#parts = parts;
    this.#materials = new DeferredMaterials((deferred) => {
      // A component that is loaded tells of it itself.
      if (!deferred.isLoaded) this.#noteChange(deferred);
    });
  }

  /** All of them, in the order in which they came. */
  get all(): readonly DeferredComponent[] {
    return [...this.#stops.keys()];
  }

  /**
   * Adds one.
   *
   * @throws {InvalidArgumentError} if it is none, or is there already, or the scene may not have the component
   * that it has loaded.
   */
  add(deferred: DeferredComponent): void {
    const failure = "Cannot add deferred component";
    checkedInstance(deferred, { name: "deferred", failure, kind: DeferredComponent });
    if (this.#stops.has(deferred)) {
      throw new InvalidArgumentError(
        "deferred",
        `${failure} as ${deferred.label} is in the scene already`,
      );
    }
    if (deferred.component !== null) this.#takeIn(deferred, deferred.component);
    const stop = deferred.addHolder({
      loaded: (component) => this.#takeIn(deferred, component),
      unloaded: (component, wasEdited) => this.#letGo(component, wasEdited),
      groundChanged: () => {
        this.#parts.identities.noteChange();
        // What is loaded tells of its changes itself.
        if (!deferred.isLoaded) this.#parts.invalidate(deferred);
      },
    });
    this.#stops.set(deferred, stop);
    this.#materials.add(deferred);
    this.#noteChange(deferred);
  }

  /** Takes one away, and the component that it has loaded; returns whether it was there. */
  remove(deferred: DeferredComponent): boolean {
    const stop = this.#stops.get(deferred);
    if (stop === undefined) return false;
    stop();
    this.#stops.delete(deferred);
    this.#waiting.delete(deferred);
    this.#materials.remove(deferred);
    if (deferred.component !== null) this.#letGo(deferred.component, true);
    this.#noteChange(deferred);
    this.#tell();
    return true;
  }

  #takeIn(deferred: DeferredComponent, component: PrimitiveComponent): void {
    this.#owned.set(component, deferred);
    try {
      this.#parts.takeIn(component);
    } catch (error) {
      this.#owned.delete(component);
      throw error;
    }
    const { identities } = this.#parts;
    this.#materials.noteLoaded(deferred, component, (asset) => identities.assetDigits(asset));
    // After a failure, tiles were rendered without it.
    if (deferred.failure !== null) this.#parts.invalidate(deferred);
  }

  #letGo(component: PrimitiveComponent, areStale: boolean): void {
    this.#parts.letGo(component, areStale);
    this.#owned.delete(component);
  }

  /** Takes all away; no tile waits for them any more. */
  close(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    this.#waiting.clear();
    this.#materials.close();
    this.#tell();
    this.#listeners.clear();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #noteChange(deferred: DeferredComponent): void {
    this.#version++;
    this.#parts.identities.noteChange();
    this.#parts.invalidate(deferred);
  }

  /** Whether a component of the scene was loaded by one of them. */
  owns(component: PrimitiveComponent): boolean {
    return this.#owned.has(component);
  }

  /** Takes the one away that has loaded a component of the scene, and that; returns whether one has. */
  removeOwnerOf(component: PrimitiveComponent): boolean {
    const owner = this.#owned.get(component);
    return owner !== undefined && this.remove(owner);
  }

  /** Calls a function whenever one was loaded, or could not be, until the function that it returns is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Whether all that a tile may show is loaded, as far as it can be. Begins to load what is not.
   */
  isReady(tile: number, texture: DeferredView): boolean {
    if (this.#stops.size === 0) return true;
    let isReady = true;
    for (const deferred of this.#touching(tile, texture)) {
      if (deferred.isLoaded || deferred.failure !== null) {
        this.#warnOfFailure(deferred);
        continue;
      }
      isReady = false;
      this.#want(deferred);
    }
    return isReady;
  }

  /** Those that are rendered to a texture and could not be loaded the last time. */
  failedOf(asset: RuntimeVirtualTextureLike): DeferredComponent[] {
    return this.all.filter(({ failure, renderToVirtualTextures }) =>
      failure !== null && renderToVirtualTextures.includes(asset)
    );
  }

  /** What tells those apart that a tile may show, loaded or not. */
  identitiesIn(tile: number, texture: DeferredView): string[] {
    if (this.#stops.size === 0) return [];
    const { asset: { materialType } } = texture;
    const { identities } = this.#parts;
    const digitsOf: AssetDigits = (asset) => identities.assetDigits(asset);
    return this.#touching(tile, texture).map((one) =>
      this.#identityOf(one, materialType, digitsOf)
    );
  }

  /** The same of all that are rendered to a texture. */
  identitiesOf(asset: RuntimeVirtualTextureLike, digitsOf: AssetDigits): string[] {
    return this.#renderedTo(asset)
      .map((deferred) => this.#identityOf(deferred, asset.materialType, digitsOf));
  }

  /** Those that are rendered to a texture, in the order in which they were made. */
  #renderedTo(asset: RuntimeVirtualTextureLike): DeferredComponent[] {
    return this.all
      .filter(({ renderToVirtualTextures }) => renderToVirtualTextures.includes(asset))
      .sort((a, b) => a.order - b.order);
  }

  /** Bounds do not count: a component that is the same lies in larger ones, too. */
  #identityOf(
    deferred: DeferredComponent,
    materialType: MaterialTypeName,
    digitsOf: AssetDigits,
  ): string {
    const { identity, component, hasOwnEdits, landscape } = deferred;
    const own = hasOwnEdits ? this.#parts.identities.digitsOf(component!, materialType) : null;
    const priority = component?.translucencySortPriority;
    const edited = own && [own.digits, priority, ...[...own.assets.keys()].map(digitsOf)];
    const isOnEdited = deferred.isLandscapeEdited && landscape !== null;
    const ground = isOnEdited ? [landscapeDigits(landscape)] : [];
    const material = this.#materials.digitsOf(deferred, materialType, digitsOf);
    return JSON.stringify([identity, material, edited, ...ground]);
  }

  #touching(tile: number, { asset, view }: DeferredView): DeferredComponent[] {
    let placed = this.#placed.get(view);
    if (placed?.version !== this.#version) {
      const list = this.#renderedTo(asset);
      const outlines = new BoxOutlines(list.map(({ box }) => box), view.toVolume);
      this.#placed.set(view, placed = { version: this.#version, list, outlines });
    }
    const { list, outlines } = placed;
    const { grid, border: borderTexels } = view;
    return outlines.touchedBy(tile, { grid, borderTexels }).map((index) => list[index]!);
  }

  #want(deferred: DeferredComponent): void {
    if (this.#waiting.has(deferred) || this.#loading.has(deferred)) return;
    this.#waiting.add(deferred);
    // Outside of the system's own work, which asks: loaders may use the system.
    queueMicrotask(() => this.#loadNext());
  }

  #loadNext(): void {
    for (const deferred of this.#waiting) {
      if (this.#loading.size >= MOST_LOADS) return;
      this.#waiting.delete(deferred);
      if (deferred.isLoaded) continue;
      this.#loading.add(deferred);
      void this.#load(deferred);
    }
  }

  async #load(deferred: DeferredComponent): Promise<void> {
    try {
      await deferred.load();
    } catch {
      this.#warnOfFailure(deferred);
    } finally {
      this.#loading.delete(deferred);
      this.#tell();
      this.#loadNext();
    }
  }

  /** Tells once of each failure, also where the caller has asked for the component. */
  #warnOfFailure(deferred: DeferredComponent): void {
    const { failure, label } = deferred;
    if (failure === null || this.#told.get(deferred) === failure) return;
    this.#told.set(deferred, failure);
    this.#parts.warn(
      `${failure.message}. Tiles are rendered without ${label} until a call of its load() succeeds`,
    );
  }
}
