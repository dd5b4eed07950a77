/**
 * The virtual textures that are sampled by tiles of a volume, as the system streams them now.
 *
 * @module
 */

import { type SourceTexture, type SourceTiles, StreamedTexture } from "../../streaming/mod.ts";
import type { PlacedTextureOf } from "../sample/sampled_assets.ts";
import type { SampledObject, SampledTexturePlace } from "./sampled_regions.ts";

/** What happens to sources. */
export interface SourceEvents {
  landed(object: SampledObject, tile: number): void;
  improved(object: SampledObject, tile: number): void;
  invalidated(object: SampledObject, isTouched: (tile: number) => boolean): void;
  /** Another texture stands for an object now, or none. */
  replaced(object: SampledObject): void;
}

/** What stands for an object. */
interface Entry {
  readonly texture: StreamedTexture | null;
  readonly source: SourceTexture | null;
}

/** Follows the textures that are sampled. */
export class OpenSources {
  readonly #sources: SourceTiles;
  readonly #placedOf: PlacedTextureOf;
  readonly #events: SourceEvents;
  /** Textures that sample each other in a circle, as edits may leave them for a moment, end here. */
  #isCounting = false;
  readonly #entries = new Map<SampledObject, Entry>();

  constructor(
    sources: SourceTiles,
    parts: { readonly placedOf: PlacedTextureOf; readonly events: SourceEvents },
  ) {
    this.#sources = sources;
    this.#placedOf = parts.placedOf;
    this.#events = parts.events;
  }

  /** Number of the frame of streaming. */
  get frame(): number {
    return this.#sources.frame;
  }

  /** Every texture that is followed. */
  get sources(): SourceTexture[] {
    return [...this.#entries.values()].flatMap(({ source }) => source ?? []);
  }

  /** Through how many textures, with theirs, tiles are made from tiles of a pool, or of any for null. */
  depthIn(pool: object | null): number {
    if (this.#isCounting) return 0;
    this.#isCounting = true;
    try {
      let [own, below] = [0, 0];
      for (const source of this.sources) {
        if (pool === null || source.pool === pool) own = 1;
        below = Math.max(below, source.depthIn(pool));
      }
      return own + below;
    } finally {
      this.#isCounting = false;
    }
  }

  #textureOf(object: SampledObject): StreamedTexture | null {
    return object instanceof StreamedTexture ? object : this.#placedOf(object)?.texture ?? null;
  }

  /**
   * The texture of an object, followed from now on; null if there is none. The first call after another one
   * has taken its place makes that known.
   */
  sourceOf(object: SampledObject): SourceTexture | null {
    const texture = this.#textureOf(object);
    const known = this.#entries.get(object);
    if (known !== undefined && known.texture === texture && known.source?.isLoaded !== false) {
      if (known.source !== null || texture === null) return known.source;
    }
    known?.source?.close();
    const source = texture === null ? null : this.#sources.open(texture, {
      landed: (tile) => this.#events.landed(object, tile),
      improved: (tile) => this.#events.improved(object, tile),
      invalidated: (isTouched) => this.#events.invalidated(object, isTouched),
    });
    this.#entries.set(object, { texture, source });
    if (known !== undefined && known.source !== source) this.#events.replaced(object);
    return source;
  }

  /** Looks whether other textures stand for the objects by now. */
  refresh(): void {
    for (const object of this.#entries.keys()) this.sourceOf(object);
  }

  /** Where an object lies; null if it cannot be sampled now. */
  placeOf(object: SampledObject): SampledTexturePlace | null {
    const source = this.sourceOf(object);
    if (source === null) return null;
    const { grid } = source;
    const size = [grid.width, grid.height] as const;
    if (object instanceof StreamedTexture) return { grid, size, uvOf: null };
    const { toVolume: m } = this.#placedOf(object)!;
    return {
      grid,
      size,
      uvOf: ([x, y, z]) =>
        [0, 1].map((row) => m[row]! * x! + m[4 + row]! * y! + m[8 + row]! * z! + m[12 + row]!),
    };
  }

  /** Ends following objects for which a test does not hold. */
  keepOnly(isSampled: (object: SampledObject) => boolean): void {
    for (const [object, { source }] of this.#entries) {
      if (isSampled(object)) continue;
      source?.close();
      this.#entries.delete(object);
    }
  }

  /** Follows nothing any more. */
  close(): void {
    for (const { source } of this.#entries.values()) source?.close();
    this.#entries.clear();
  }
}
