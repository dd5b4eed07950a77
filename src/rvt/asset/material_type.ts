/**
 * The seven material types of runtime virtual textures: which attributes each stores, and how.
 *
 * @module
 */

import type { TexelFormat } from "../../texels/mod.ts";
import type { AttributeName } from "./attributes.ts";

/** What a runtime virtual texture stores. */
export type MaterialTypeName =
  | "base_color"
  | "base_color_normal_roughness_specular"
  | "ycocg_base_color_normal_specular"
  | "ycocg_base_color_normal_specular_mask"
  | "world_height"
  | "displacement"
  | "mask4";

/** Where one number of an attribute is written to while a tile is filled. */
export interface TargetChannel {
  /** Which attribute. */
  readonly attribute: AttributeName;
  /** Which of the attribute's numbers. */
  readonly component: 0 | 1 | 2 | 3;
}

/** How a material type stores its attributes. */
export interface MaterialTypeInfo {
  /** The name as people read it. */
  readonly label: string;
  /** The attributes that it stores. */
  readonly attributes: readonly AttributeName[];
  /**
   * Textures of linear values that materials are blended in, each of up to three channels, red
   * first. Its alpha carries opacity while blending and is never written. `rgba16float`, but
   * `r32float` for World Height, of which the highest stays.
   */
  readonly targets: readonly (readonly TargetChannel[])[];
  /** Formats of the planes in the atlas, as blocks. */
  readonly compressedFormats: readonly TexelFormat[];
  /** Formats of the planes in the atlas without compression, and where the device lacks BC formats. */
  readonly uncompressedFormats: readonly TexelFormat[];
}

function channels(attribute: AttributeName, count: number): TargetChannel[] {
  return Array.from({ length: count }, (_, component) => ({
    attribute,
    component: component as TargetChannel["component"],
  }));
}

const SURFACE_TARGETS = [
  channels("baseColor", 3),
  channels("normal", 3),
  [...channels("roughness", 1), ...channels("specular", 1)],
];
const SURFACE: readonly AttributeName[] = ["baseColor", "normal", "roughness", "specular"];

/** Every material type. */
export const MATERIAL_TYPES: Readonly<Record<MaterialTypeName, MaterialTypeInfo>> = Object.freeze({
  base_color: {
    label: "Base Color",
    attributes: ["baseColor"],
    targets: [channels("baseColor", 3)],
    compressedFormats: ["bc1-rgba-unorm-srgb"],
    uncompressedFormats: ["rgba8unorm-srgb"],
  },
  base_color_normal_roughness_specular: {
    label: "Base Color, Normal, Roughness, Specular",
    attributes: SURFACE,
    targets: SURFACE_TARGETS,
    // Base colour and normal x; roughness, specular, sign of normal z, normal y.
    compressedFormats: ["bc3-rgba-unorm-srgb", "bc3-rgba-unorm"],
    uncompressedFormats: ["rgba8unorm-srgb", "rgba8unorm"],
  },
  ycocg_base_color_normal_specular: {
    label: "YCoCg Base Color, Normal, Specular",
    attributes: SURFACE,
    targets: SURFACE_TARGETS,
    // YCoCg base colour; normal x and y; roughness, specular, sign of normal z.
    compressedFormats: ["bc3-rgba-unorm", "bc5-rg-unorm", "bc1-rgba-unorm"],
    uncompressedFormats: ["rgba8unorm-srgb", "rgba8unorm"],
  },
  ycocg_base_color_normal_specular_mask: {
    label: "YCoCg Base Color, Normal, Specular, Mask",
    attributes: [...SURFACE, "mask"],
    targets: [
      SURFACE_TARGETS[0]!,
      SURFACE_TARGETS[1]!,
      [...SURFACE_TARGETS[2]!, ...channels("mask", 1)],
    ],
    compressedFormats: ["bc3-rgba-unorm", "bc5-rg-unorm", "bc3-rgba-unorm"],
    uncompressedFormats: ["rgba8unorm-srgb", "rgba8unorm", "r8unorm"],
  },
  world_height: {
    label: "World Height",
    attributes: ["worldHeight"],
    targets: [channels("worldHeight", 1)],
    compressedFormats: ["r16unorm"],
    uncompressedFormats: ["r16unorm"],
  },
  displacement: {
    label: "Displacement",
    attributes: ["displacement"],
    targets: [channels("displacement", 1)],
    compressedFormats: ["bc4-r-unorm"],
    uncompressedFormats: ["r8unorm"],
  },
  mask4: {
    label: "Mask4",
    attributes: ["mask4"],
    targets: [
      channels("mask4", 3),
      [{ attribute: "mask4", component: 3 }],
    ],
    compressedFormats: ["bc3-rgba-unorm"],
    uncompressedFormats: ["rgba8unorm"],
  },
});

/** Every {@linkcode MaterialTypeName}. */
export const MATERIAL_TYPE_NAMES: readonly MaterialTypeName[] = Object.freeze(
  Object.keys(MATERIAL_TYPES) as MaterialTypeName[],
);
