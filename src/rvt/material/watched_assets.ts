/**
 * Changes of the material types of assets.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "./expressions/expression.ts";

/** Tells when assets change their material type. Those that cannot be subscribed to are left out. */
export class WatchedAssets {
  readonly #typeChanged: () => void;
  readonly #stops = new Map<RuntimeVirtualTextureLike, () => void>();

  /** Watches none. */
  constructor(typeChanged: () => void) {
    this.#typeChanged = typeChanged;
  }

  /** Watches these assets, and no others any more. */
  watch(assets: Iterable<RuntimeVirtualTextureLike>): void {
    const wanted = new Set(assets);
    for (const [asset, stop] of this.#stops) {
      if (wanted.has(asset)) continue;
      stop();
      this.#stops.delete(asset);
    }
    for (const asset of wanted) {
      if (this.#stops.has(asset)) continue;
      const stop = this.#subscribeTo(asset);
      if (stop !== undefined) this.#stops.set(asset, stop);
    }
  }

  #subscribeTo(asset: RuntimeVirtualTextureLike): (() => void) | undefined {
    let { materialType } = asset;
    return asset.subscribe?.(() => {
      if (asset.materialType === materialType) return;
      ({ materialType } = asset);
      this.#typeChanged();
    });
  }
}
