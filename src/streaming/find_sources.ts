/**
 * Finds the textures whose tiles the content of others is made from.
 *
 * @module
 */

import type { ContentListener, NeedState, TileVisits } from "../residency/mod.ts";
import type { TileGrid } from "../tiles/mod.ts";
import type { SubmitJournal } from "./submit/submit_journal.ts";
import type { SourceTexture, SourceTiles } from "./supply/source_tiles.ts";
import type { TextureState } from "./texture_state.ts";

/** What sources are found in; all of it is borrowed. */
export interface SourceTilesParts {
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly residency: { readonly frame: number };
  readonly journal: SubmitJournal;
  /** Makes stale what was made from what has changed. */
  readonly takeStaleTiles: () => void;
}

/** Makes the sources of a system. */
export function sourceTiles(parts: SourceTilesParts): SourceTiles {
  const { textures, residency, journal, takeStaleTiles } = parts;
  return {
    takeStaleTiles,
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
    // Preloads keep theirs for longer than one view, and before there is any.
    const taken = Math.max(wantedCount, residency.preloadCount);
    return Math.max(residency.reservedCount, residency.streamingCapacity - taken);
  }

  depthIn(pool: object | null): number {
    return this.isLoaded ? this.#state.producer.depthIn?.(pool) ?? 0 : 0;
  }

  get poolDepth(): number {
    let most = 1;
    for (const { producer } of this.#parts.textures.values()) {
      most = Math.max(most, producer.depthIn?.(this.#state.pool) ?? 0);
    }
    return most;
  }

  hold(tile: number): void {
    if (this.isLoaded) this.#state.residency.needed.hold(tile);
  }

  release(tile: number): void {
    this.#state.residency.needed.release(tile);
  }

  forEachResident(visit: (tile: number, isStale: boolean) => void): void {
    const { residency } = this.#state;
    if (!this.isLoaded) return;
    residency.slotOf.forEach((tile, slot) => visit(tile, residency.isStale(tile, slot)));
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

  isImproving(tile: number, visits: TileVisits): boolean {
    return this.isLoaded && (this.#state.producer.isImproving?.(tile, visits) ?? false);
  }

  isImprovable(tile: number, visits: TileVisits): boolean {
    return this.isLoaded && (this.#state.producer.isImprovable?.(tile, visits) ?? false);
  }

  retryTile(tile: number, visits: TileVisits): void {
    if (!this.isLoaded) return;
    this.#state.residency.retries.succeeded(tile);
    this.#state.producer.improveTile?.(tile, visits);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stop();
    this.#state.pool.residency.sourceCount--;
  }
}
