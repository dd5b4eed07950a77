/**
 * The light of the demo's pictures: a sun, and what stands in for the light of the sky.
 *
 * @module
 */

import { type ExpressionInput, expressions as e, Material } from "../../rvt/mod.ts";
import type { RenderSceneOptions } from "../../scene/mod.ts";

/** Towards the sun, of unit length: a morning in the north-east. */
export const TOWARDS_SUN = [0.61, 0.36, 0.706] as const;

/** How pictures are lit. */
export const ISLAND_LIGHT: RenderSceneOptions = {
  towardsLight: TOWARDS_SUN,
  lightColor: [1.75, 1.62, 1.4],
  background: [0.5, 0.66, 0.85, 1],
};

/** A normal that leans towards the sun: what faces away keeps some of the sky's light, 0 to 1. */
export function skylit(normal: ExpressionInput, share = 0.4) {
  return e.normalize(e.add(normal, TOWARDS_SUN.map((part) => share * part)));
}

/** Colour of the air at the horizon. */
export const HAZE = [0.4, 0.5, 0.62] as const;

/** The inside of a dome: haze at the horizon, blue above. It faces the sun everywhere, so it has no shades. */
export function skyMaterial(radiusMetres: number): Material {
  const height = e.multiply(1 / radiusMetres, e.componentMask(e.worldPosition(), "z"));
  const cloud = e.noise(
    e.multiply(1 / 420, e.multiply(e.worldPosition(), [1, 1, 3.2])),
    { kind: "gradient", octaves: 5, seed: 31 },
  );
  const blue = e.lerp(HAZE, [0.09, 0.22, 0.5], {
    alpha: e.smoothstep(height, { from: -0.02, to: 0.55 }),
  });
  const clouds = e.multiply(
    e.smoothstep(cloud, { from: 0.02, to: 0.38 }),
    e.multiply(0.75, e.smoothstep(height, { from: 0.02, to: 0.16 })),
  );
  return new Material({
    name: "sky",
    twoSided: true,
    baseColor: e.lerp(blue, [0.62, 0.63, 0.66], { alpha: clouds }),
    normal: TOWARDS_SUN,
    roughness: 1,
    specular: 0,
  });
}
