/**
 * The main pass on the CPU, in float64: a surface's attributes under one directional light.
 *
 * With n the surface's normal, v the direction towards the viewer, l towards the light,
 * h = normalize(v + l), and all of unit length:
 *
 * - r = clamp(roughness, 0.089, 1): below, a highlight is narrower than stored normals resolve, and α²
 *   nears the rounding of float32 (Guy and Agopian 2018, "Physically Based Rendering in Filament",
 *   "Roughness remapping and clamping", has the bound);
 * - α = r² (Burley 2012, "Physically Based Shading at Disney", 5.4);
 * - n·l = max(n·l, 0), n·v = max(n·v, 10⁻⁴), n·h and l·h = clamp(…, 0, 1);
 * - D = α² / (π (α² (n·h)² + |n × h|²)²): GGX (Walter et al. 2007, equation 33). |n × h|² is
 *   1 − (n·h)², which loses digits where the highlight is;
 * - V = 1 / (2 (n·l √((n·v)² (1 − α²) + α²) + n·v √((n·l)² (1 − α²) + α²))): Smith's masking and
 *   shadowing, correlated by height (Heitz 2014, "Understanding the Masking-Shadowing Function in
 *   Microfacet-Based BRDFs", equation 99), divided by 4 n·l n·v;
 * - F = F0 + (1 − F0) (1 − l·h)⁵ with F0 = 0.08 · specular (Schlick 1994; Karis 2013, "Real Shading in
 *   Unreal Engine 4", and Burley 2012 for the scale);
 * - radiance = π · light · n·l · (baseColor / π + D V F), computed as
 *   light · n·l · (baseColor + π D V F).
 *
 * The light's colour is so the radiance of a white matte surface that faces it, as Lambert's law gives
 * it: light = irradiance / π.
 *
 * @module
 */

import { crossed, dot, normalized, type Vec3 } from "./affine.ts";

/** What is known of a surface at a point. */
export interface SurfaceAttributes {
  /** Linear, each channel from 0 to 1. */
  readonly baseColor: Vec3;
  /** 0 to 1. */
  readonly roughness: number;
  /** 0 to 1; 0.5 reflects 4 % seen straight. */
  readonly specular: number;
  /** In the world, of any length; 0, 0, 0 is taken as 0, 0, 1. */
  readonly normal: Vec3;
}

/** What a surface is seen under. Directions are of any length above 0, in the world. */
export interface LightAndView {
  /** From the surface to the viewer. */
  readonly towardsViewer: Vec3;
  /** From the surface to the light. */
  readonly towardsLight: Vec3;
  /** Linear radiance of a white matte surface that faces the light. */
  readonly lightColor: Vec3;
}

/** The least roughness that is shaded. */
export const LEAST_ROUGHNESS = 0.089;

/** Linear radiance that leaves the surface towards the viewer. */
export function shadeSurface(attributes: SurfaceAttributes, under: LightAndView): Vec3 {
  const n = normalized(attributes.normal);
  const v = normalized(under.towardsViewer);
  const l = normalized(under.towardsLight);
  const h = normalized([v[0] + l[0], v[1] + l[1], v[2] + l[2]]);
  const nl = Math.max(dot(n, l), 0);
  const nv = Math.max(dot(n, v), 1e-4);
  const roughness = Math.min(Math.max(attributes.roughness, LEAST_ROUGHNESS), 1);
  const alpha2 = roughness ** 4;
  const highlight = distribution(n, h, alpha2) * visibility(nl, nv, alpha2) *
    reflectance(0.08 * attributes.specular, Math.min(Math.max(dot(l, h), 0), 1));
  return [0, 1, 2].map((k) =>
    under.lightColor[k]! * nl * (attributes.baseColor[k]! + Math.PI * highlight)
  ) as unknown as Vec3;
}

function distribution(n: Vec3, h: Vec3, alpha2: number): number {
  const nh = Math.min(Math.max(dot(n, h), 0), 1);
  const across = crossed(n, h);
  return alpha2 / (Math.PI * (alpha2 * nh * nh + dot(across, across)) ** 2);
}

function visibility(nl: number, nv: number, alpha2: number): number {
  const masking = nl * Math.sqrt(nv * nv * (1 - alpha2) + alpha2);
  const shadowing = nv * Math.sqrt(nl * nl * (1 - alpha2) + alpha2);
  return 0.5 / (masking + shadowing);
}

function reflectance(f0: number, lh: number): number {
  return f0 + (1 - f0) * (1 - lh) ** 5;
}
