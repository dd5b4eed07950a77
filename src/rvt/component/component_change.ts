/**
 * How components tell that what they draw has changed.
 *
 * @module
 */

import type { OrientedBox } from "../../geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/runtime_virtual_texture_like.ts";

/** A change of what a component draws into runtime virtual textures. */
export interface ComponentChange {
  /** The old places and the new ones of what changed, in world space, and no more than those. */
  readonly boxes: readonly OrientedBox[];
  /** The textures whose content changed there. */
  readonly renderToVirtualTextures: readonly RuntimeVirtualTextureLike[];
}

/** Called after a change. */
export type ComponentChangeListener = (change: ComponentChange) => void;

/** Functions that are called for each change, in the order in which they came. */
export class ComponentChangeListeners {
  readonly #entries = new Set<{ readonly listener: ComponentChangeListener }>();

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Adds a function, once more if it is there already.
   *
   * @returns A function that ends this.
   */
  add(listener: ComponentChangeListener): () => void {
    const entry = { listener };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** Calls those that are there now. */
  announce(change: ComponentChange): void {
    for (const { listener } of [...this.#entries]) listener(change);
  }
}
