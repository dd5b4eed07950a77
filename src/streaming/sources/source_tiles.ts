/**
 * Textures whose tiles the content of other textures is made from, as their supplies see them.
 *
 * @module
 */

import type { ContentListener, NeedState } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { StreamedTexture } from "../streamed_texture.ts";
import type { TextureState } from "../texture_state.ts";

/** A texture that others are made from. It stands for nothing once the texture is unloaded. */
export interface SourceTexture {
  /** Its tiles. */
  readonly grid: TileGrid;
  /** Whether the texture is still loaded. */
  readonly isLoaded: boolean;
  /** The same object for textures that share slots. */
  readonly pool: object;
  /** Tiles of the pool, but for tails, that are needed now. */
  readonly neededCount: number;
  /** How many tiles of the pool can be needed at the same time. */
  readonly room: number;
  /**
   * Keeps a tile, or asks for it before all that is only wanted, until it is released as often.
   */
  hold(tile: number): void;
  /** Needs a tile no more. */
  release(tile: number): void;
  /** How a tile stands that is needed; a `current` one can be sampled in the next submit. */
  stateOf(tile: number): NeedState;
  /** Whether a tile could not be made when it was last asked for. */
  hasFailed(tile: number): boolean;
  /** Asks for a tile, after all that is seen, until it has come. */
  askAhead(tile: number): void;
  /** Ends following the texture. */
  close(): void;
}

/** Finds the textures that content is made from. */
export interface SourceTiles {
  /** Number of the frame of streaming; rises with each. */
  readonly frame: number;
  /**
   * Follows a texture; slots of its pool are kept free for what is needed from now on.
   *
   * @param listener Hears what happens to its content. It may use neither the system nor sources then.
   * @returns Null if it is not loaded.
   */
  open(texture: StreamedTexture, listener: ContentListener): SourceTexture | null;
}

/** What sources are found in; all of it is borrowed. */
export interface SourceTilesParts {
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly residency: { readonly frame: number };
  readonly journal: SubmitJournal;
}

/** Makes the sources of a system. */
export function sourceTiles({ textures, residency, journal }: SourceTilesParts): SourceTiles {
  return {
    get frame() {
      return residency.frame;
    },
    open(texture, listener) {
      const state = textures.get(texture.id);
      if (state?.handle !== texture || !state.isLoaded) return null;
      return new Source(state, { journal, textures }, listener);
    },
  };
}

class Source implements SourceTexture {
  readonly #state: TextureState;
  readonly #parts: Pick<SourceTilesParts, "journal" | "textures">;
  readonly #stop: () => void;
  #isOpen = true;

  constructor(
    state: TextureState,
    parts: Pick<SourceTilesParts, "journal" | "textures">,
    listener: ContentListener,
  ) {
    this.#state = state;
    this.#parts = parts;
    this.#stop = state.residency.subscribeContent(listener);
    state.pool.residency.sourceCount++;
  }

  get grid(): TileGrid {
    return this.#state.grid;
  }

  get isLoaded(): boolean {
    return this.#parts.textures.get(this.#state.id) === this.#state;
  }

  get pool(): object {
    return this.#state.pool;
  }

  get neededCount(): number {
    return this.#state.pool.residency.neededCount;
  }

  get room(): number {
    const { residency, wantedCount } = this.#state.pool;
    if (residency.holdsEverything) return Infinity;
    return Math.max(residency.reservedCount, residency.streamingCapacity - wantedCount);
  }

  hold(tile: number): void {
    if (this.isLoaded) this.#state.residency.needed.hold(tile);
  }

  release(tile: number): void {
    this.#state.residency.needed.release(tile);
  }

  stateOf(tile: number): NeedState {
    if (!this.isLoaded) return "refused";
    const state = this.#state.residency.needed.stateOf(tile);
    return state === "current" && this.#parts.journal.isUnsubmitted(this.#state, tile)
      ? "coming"
      : state;
  }

  hasFailed(tile: number): boolean {
    return this.#state.residency.retries.hasFailed(tile);
  }

  askAhead(tile: number): void {
    if (this.isLoaded) this.#state.residency.prefetches.set(tile, 1);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stop();
    this.#state.pool.residency.sourceCount--;
  }
}
