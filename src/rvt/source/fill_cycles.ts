/**
 * Textures that may not be sampled while others are filled, as they depend on those.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "../asset/mod.ts";
import { fillCycleOf, type SampledByFills } from "../material/mod.ts";

type Asset = RuntimeVirtualTextureLike;

/** What is found of cycles. */
export interface FillCycles {
  /** By the texture that is filled: those that are not sampled meanwhile. */
  readonly cut: ReadonlyMap<Asset, ReadonlySet<Asset>>;
  /** Each cycle by names, as `A → B → A`. */
  readonly names: readonly string[];
}

/** No cycles. */
export const NO_FILL_CYCLES: FillCycles = { cut: new Map(), names: [] };

/** Finds the samples by which a texture would be filled with samples of itself, also through others. */
export function fillCycles(sampledBy: SampledByFills): FillCycles {
  const cut = new Map<Asset, Set<Asset>>();
  const names: string[] = [];
  for (const [asset, sampled] of sampledBy) {
    for (const source of sampled) {
      const cycle = fillCycleOf({ filled: asset, sampled: source }, sampledBy);
      if (cycle === null) continue;
      const cuts = cut.get(asset);
      if (cuts === undefined) cut.set(asset, new Set([source]));
      else cuts.add(source);
      names.push(cycle);
    }
  }
  return { cut, names };
}
