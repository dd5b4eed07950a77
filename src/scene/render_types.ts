/**
 * What the reference renderer takes.
 *
 * @module
 */

import type { ForgeDevice, SampleFilter, TexelTap, VirtualTextureBinding } from "../gpu/mod.ts";
import type { ColorMap, TexelFormat, ValuePair, ValueRange } from "../texels/mod.ts";
import type { DebugView } from "./scene_pipelines.ts";
import type { PlacedTexture } from "./visible_corners.ts";

/** What the renderer needs to know of a texture. */
export interface RenderableTexture extends PlacedTexture {
  /** What to bind to sample it. */
  readonly binding: Pick<
    VirtualTextureBinding,
    "group" | "groupWithoutFeedback" | "layout" | "layoutWithoutFeedback"
  >;
  /** Format in the atlas, of plane 0. */
  readonly format: TexelFormat;
  /** Format of each plane in the atlas; default the one of plane 0. */
  readonly formats?: readonly TexelFormat[];
  /** How each plane is tapped; default `"filtered"` for each. */
  readonly taps?: readonly TexelTap[];
  /** Whether the fourth channel holds data, so that what is resident is shown opaque; default false. */
  readonly alphaIsData?: boolean;
  /** Whether colours are multiplied by alpha, which those of the picture are not; default false. */
  readonly premultiplied?: boolean;
  /** Where channels come from; one channel is shown as grey where this is `"rgba"`, the default. */
  readonly swizzle?: string;
  /** Finds a range of values of each band, in units of what is sampled; default by the format alone. */
  valueRange?(
    range: ValueRange,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly ValuePair[]>;
}

/** The system that is drawn. */
export interface RenderableSystem {
  /** The device that the textures are on. */
  readonly device: ForgeDevice;
  /** Its textures; later ones are drawn over earlier ones. */
  readonly textures: readonly RenderableTexture[];
  /** Throws if the textures can no longer be drawn. */
  assertOpen?(): void;
  /** False if the device was lost, and what was resident is not back yet. */
  readonly isRestored?: boolean;
  /** Waits, if the device was lost, until another one has taken its place and content is back. */
  renewed?(options: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Told the picture's size after each submit that draws the textures. */
  noteRender?(viewport: readonly [number, number]): void;
}

/** Camera and size of the picture. Matrices are column-major. */
export interface RenderCamera {
  /** World position; implied by the matrices. */
  readonly position?: ArrayLike<number>;
  /** World to view. */
  readonly view: ArrayLike<number>;
  /** View to clip, any depth convention; default 60° vertical. */
  readonly projection?: ArrayLike<number> | null;
  /** Width of the picture in pixels, from 1 to the device's largest texture. */
  readonly width: number;
  /** Height of the picture in pixels, in the same range. */
  readonly height: number;
}

/** Options of {@linkcode render}. */
export interface RenderOptions {
  /** Draws this texture only. */
  readonly texture?: RenderableTexture;
  /** Default `"trilinear"`. */
  readonly filter?: SampleFilter;
  /** Shows a debug view instead of the texture. */
  readonly debug?: DebugView;
  /** Whether drawing reports the tiles that it wants; default `true`. */
  readonly feedback?: boolean;
  /** Whether new tiles fade in; default `false`. */
  readonly fade?: boolean;
  /** Ends the wait for the picture; `render` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The plane that is shown; every texture that is drawn must have it. Default 0. */
  readonly plane?: number;
  /**
   * Which values are shown from black to white, or by a colour map, in units of the file; see
   * {@linkcode ValueRange}. Of several bands each has its own. Default: values as they are stored,
   * floats from 0 to 1, and `"minmax"` with a colour map.
   */
  readonly valueRange?: ValueRange;
  /** Shows textures of one band in the colours of a map; default grey. */
  readonly colorMap?: ColorMap;
}
