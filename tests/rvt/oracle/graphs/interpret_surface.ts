/**
 * What a material shades a picture with.
 *
 * @module
 */

import type { MaterialInterface } from "../../../../src/rvt/material/material_interface.ts";
import type { Vec3 } from "../affine.ts";
import type { Fragment } from "../fragment.ts";
import type { SurfaceAttributes } from "../shade.ts";
import { type InterpreterOptions, interpretMaterial } from "./interpret.ts";

/**
 * Evaluates a material of the domain `surface` for pictures. Pins that are not connected have the
 * attribute's clear value; the normal is the surface's own.
 */
export function interpretSurface(
  material: MaterialInterface,
  fragment: Fragment,
  options: Omit<InterpreterOptions, "context">,
): SurfaceAttributes & { readonly opacity: number } {
  const written = interpretMaterial(material, fragment, { ...options, context: "main_pass" });
  const { baseColor = [0, 0, 0], normal = fragment.vertexNormal, roughness = [0.5], specular } =
    written.values;
  return {
    baseColor: baseColor as unknown as Vec3,
    normal: normal as unknown as Vec3,
    roughness: roughness[0]!,
    specular: specular?.[0] ?? 0.5,
    opacity: written.opacity,
  };
}
