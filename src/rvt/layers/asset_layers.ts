/**
 * What is written to a runtime virtual texture, apart from its tiles.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type { ComponentDraw } from "../component/component_draw.ts";
import type { HasTexture } from "../material/compile/lower_material.ts";
import type { VolumeView } from "../tile/tile_view.ts";

/** The layers of a texture that a volume places. */
export interface AssetLayers {
  /** The texture. */
  readonly asset: RuntimeVirtualTextureLike;
  /** How it lies in the world. */
  readonly view: VolumeView;
  /** Least and largest world z of the volume. */
  readonly heightRange: readonly [number, number];
  /** What is written to it, in this order, in the finest level of detail. */
  draws(): readonly ComponentDraw[];
  /** Whether materials can sample a virtual texture while they are written to it. */
  readonly hasTexture: HasTexture;
}

/** Finds the layers of an asset; null if no volume places it now. */
export type AssetLayersOf = (asset: RuntimeVirtualTextureLike) => AssetLayers | null;
