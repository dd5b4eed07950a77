/**
 * The landscapes that deferred components lie on.
 *
 * @module
 */

import { DisposedError } from "../../errors.ts";
import type { DeferredComponentHolder } from "./deferred_holder.ts";
import { LandscapeComponent } from "./landscape/landscape_component.ts";
import type { PrimitiveComponent } from "./primitive_component.ts";

/** A landscape that is loaded when it is needed. */
export interface DeferredLandscape {
  /** What it has loaded; null while it is not loaded. */
  readonly component: PrimitiveComponent | null;
  /** Whether that was changed since. */
  readonly isEdited: boolean;
  /** Why it could not be loaded the last time; null if it could, or was not. */
  readonly failure: Error | null;
  /** Loads it unless it is loaded. */
  load(): Promise<PrimitiveComponent>;
  /** Calls what hears of its loading until the function that it returns is called. */
  addHolder(holder: DeferredComponentHolder): () => void;
}

/** What the component does that lies on a landscape. */
export interface GroundListener {
  /** Its heights or its place have changed. */
  changed(): void;
  /** It was unloaded, and with it the edits that it had. */
  unloaded(wasEdited: boolean): void;
}

/** Knows a landscape, loaded or not, and whether it is what it was. */
export class DeferredGround {
  readonly #landscape: LandscapeComponent | DeferredLandscape;
  readonly #listener: GroundListener;
  /** Of a landscape that is there: as it was when something was said to lie on it. */
  readonly #before: string;
  #heard = "";
  #stopHolding: (() => void) | null = null;
  #stopListening: () => void = nothing;
  #isFollowed = false;

  /** Borrows a landscape; follows nothing yet. */
  constructor(landscape: LandscapeComponent | DeferredLandscape, listener: GroundListener) {
    this.#landscape = landscape;
    this.#listener = listener;
    this.#before = stateOf(this.loaded);
  }

  /** The landscape; null while it is not loaded, or is something else. */
  get loaded(): LandscapeComponent | null {
    const landscape = this.#landscape;
    const component = landscape instanceof LandscapeComponent ? landscape : landscape.component;
    return component instanceof LandscapeComponent ? component : null;
  }

  /** Whether it is not what it was loaded as, or was when something was said to lie on it. */
  get isEdited(): boolean {
    const landscape = this.#landscape;
    if (!(landscape instanceof LandscapeComponent)) return landscape.isEdited;
    return stateOf(landscape) !== this.#before;
  }

  /**
   * Loads it unless it is loaded; again where it was unloaded meanwhile.
   *
   * @throws Why it cannot be loaded, or the signal's reason.
   */
  async load(signal: AbortSignal): Promise<PrimitiveComponent> {
    const landscape = this.#landscape;
    if (landscape instanceof LandscapeComponent) return landscape;
    for (;;) {
      try {
        return await landscape.load();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof DisposedError) || landscape.failure !== null) throw error;
      }
    }
  }

  /** Whether its listener hears of it; the landscape holds the listener only then. */
  set isFollowed(isFollowed: boolean) {
    if (isFollowed === this.#isFollowed) return;
    this.#isFollowed = isFollowed;
    this.#stopListening();
    this.#stopListening = nothing;
    this.#stopHolding?.();
    this.#stopHolding = null;
    if (!isFollowed) return;
    const landscape = this.#landscape;
    if (!(landscape instanceof LandscapeComponent)) {
      this.#stopHolding = landscape.addHolder({
        loaded: () => this.#listen(),
        unloaded: (_, wasEdited) => {
          this.#stopListening();
          this.#stopListening = nothing;
          this.#listener.unloaded(wasEdited);
        },
      });
    }
    this.#listen();
  }

  #listen(): void {
    const { loaded } = this;
    if (loaded === null) return;
    this.#heard = stateOf(loaded);
    this.#stopListening = loaded.subscribe(() => {
      const state = stateOf(loaded);
      if (state === this.#heard) return;
      this.#heard = state;
      this.#listener.changed();
    });
  }
}

function nothing(): void {}

/** Differs where heights or the place do. */
function stateOf(landscape: LandscapeComponent | null): string {
  return landscape === null ? "" : `${landscape.surface.version} ${landscape.toWorld}`;
}
