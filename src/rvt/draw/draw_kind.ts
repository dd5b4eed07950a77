/**
 * Which shaders draws need.
 *
 * @module
 */

import type { ComponentDraw, LandscapeSurface } from "../component/component_draw.ts";

/**
 * What is drawn: meshes, landscapes, or landscapes whose heights are streamed, which may report the tiles
 * of heights that they want.
 */
export type DrawKind =
  | "mesh"
  | "landscape"
  | "streamed_landscape"
  | "reporting_landscape";

/** What the names of a landscape's streamed heights begin with in WGSL. */
export const STREAMED_HEIGHTS_PREFIX = "draw_height_vt_";

/** The kind of landscapes of a surface. */
export function landscapeKind(
  { streamedHeights }: Pick<LandscapeSurface, "streamedHeights">,
  { feedback }: { readonly feedback: boolean },
): DrawKind {
  if (streamedHeights === undefined) return "landscape";
  return feedback ? "reporting_landscape" : "streamed_landscape";
}

/** The kind of a draw in a pass that reports the tiles that it wants, or does not. */
export function drawKindOf(draw: ComponentDraw, pass: { readonly feedback: boolean }): DrawKind {
  return draw.kind === "mesh" ? "mesh" : landscapeKind(draw.surface, pass);
}

/**
 * What the material of a draw is compiled with for a pass's feedback: of several virtual textures of a shader
 * one binds it, and streamed heights come before the material's.
 */
export function materialFeedback(
  draw: ComponentDraw,
  { feedback }: { readonly feedback: boolean },
): boolean | string {
  const kind = drawKindOf(draw, { feedback });
  return kind === "reporting_landscape" ? STREAMED_HEIGHTS_PREFIX : feedback;
}
