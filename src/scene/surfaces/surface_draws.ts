/**
 * What a picture of a scene shows.
 *
 * @module
 */

import {
  type ComponentDraw,
  inSortOrder,
  type MaterialDraw,
  type RuntimeVirtualTextureScene,
  type SurfaceParts,
} from "../../rvt/mod.ts";

/**
 * The draws of the main pass: components in their finest level of detail, sorted as in runtime virtual
 * textures, those left out that Draw in Main Pass hides.
 */
export function mainPassDraws(
  scene: RuntimeVirtualTextureScene,
  parts: SurfaceParts,
  options: { readonly feedback: boolean },
): MaterialDraw[] {
  const { virtualTexturing } = scene;
  return inSortOrder(scene.components)
    .filter((component) => scene.drawsInMainPass(component))
    .flatMap((component) => component.draws(0))
    .filter(({ material }) => material.graph.domain === "surface")
    .map((draw) => ({
      draw: withEverySample(draw),
      material: parts.bindForPictures(draw.material, { virtualTexturing, ...options }),
    }));
}

/** A landscape with a quad for each sample: in pictures its shape is seen. */
function withEverySample(draw: ComponentDraw): ComponentDraw {
  if (draw.kind !== "landscape") return draw;
  const { x0, y0, x1, y1 } = draw.section;
  return { ...draw, quads: Math.max(draw.quads, x1 - x0, y1 - y0) };
}
