/**
 * What Python asks the renderer for.
 *
 * @module
 */

import type { DebugView } from "../scene/mod.ts";
import type { ColorMap } from "../texels/mod.ts";
import type { RangeRequest } from "./value_calls.ts";

/** What to draw, and how. */
export interface RenderRequest extends RangeRequest {
  /** Width of the picture in pixels. */
  readonly width: number;
  /** Height of the picture in pixels. */
  readonly height: number;
  /** How texels are filtered. */
  readonly filter: "bilinear" | "trilinear" | "anisotropic";
  /** Left out for the texture itself. */
  readonly debug?: DebugView;
  /** Whether drawing reports the tiles that it wants. */
  readonly feedback: boolean;
  /** Whether new tiles fade in. */
  readonly fade: boolean;
  /** The plane that is shown. */
  readonly plane: number;
  /** The colours of values; left out for greys. */
  readonly colorMap?: ColorMap;
}
