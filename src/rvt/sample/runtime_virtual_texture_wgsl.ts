/**
 * The WGSL that samples a runtime virtual texture by world position.
 *
 * @module
 */

import placementCode from "../../../shaders/rvt/sample_placement.wgsl" with { type: "text" };
import modesCode from "../../../shaders/rvt/sample_modes.wgsl" with { type: "text" };
import relativeValuesCode from "../../../shaders/rvt/relative_values.wgsl" with { type: "text" };
import relativeCode from "../../../shaders/rvt/sample_relative.wgsl" with { type: "text" };
import sampleCode from "../../../shaders/rvt/sample_values.wgsl" with { type: "text" };
import { checkedBoolean, checkedChoice, checkOptionNames, describeValue } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import {
  SAMPLE_FILTERS,
  type SampleFilter,
  steadyLevelWgsl,
  virtualTextureWgsl,
} from "../../gpu/mod.ts";
import type { PlaneCount } from "../../gpu/mod.ts";
import { isTexelFormat, type TexelFormat } from "../../texels/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES, type YcocgScale } from "../asset/mod.ts";
import { type PlaneKind, planeTaps, unpackWgsl } from "../planes/mod.ts";

/** Number of the binding of a texture's place, after those of its planes, from the first binding on. */
export const PLACE_BINDING = 8;

/** What WGSL has to know of a texture. */
export interface SampledTexture extends PlaneKind {
  /** Formats of its planes in the atlas. */
  readonly formats: readonly TexelFormat[];
  /** Which texels of compressed YCoCg colours share a scale; default `block`. */
  readonly ycocgScale?: YcocgScale;
}

/** Options of {@linkcode runtimeVirtualTextureWgsl}. */
export interface RuntimeVirtualTextureWgslOptions {
  /** Number of the bind group. */
  readonly group: number;
  /** Number of the first of the bindings; default 0. */
  readonly firstBinding?: number;
  /** Prefix of every name; default `rvt_`. A shader with several textures gives each its own. */
  readonly prefix?: string;
  /** As of `virtualTextureWgsl`; default false. */
  readonly feedback?: boolean | string;
  /** Whether new tiles fade in; default true. */
  readonly fade?: boolean;
  /** `"trilinear"` (default), `"anisotropic"`, or `"bilinear"` for the nearest level alone. */
  readonly filter?: SampleFilter;
  /**
   * Whether what is sampled is kept, in a tile of another texture: levels then depend neither on the
   * pool's bias nor on rounding, and the filter is trilinear. Default false.
   */
  readonly steady?: boolean;
}

const FAILURE = "Cannot make WGSL of runtime virtual texture";
const OPTION_NAMES: readonly (keyof RuntimeVirtualTextureWgslOptions)[] = [
  "group",
  "firstBinding",
  "prefix",
  "feedback",
  "fade",
  "filter",
  "steady",
];

/**
 * WGSL with a struct of values and functions that sample them; each tap is one look into the page table,
 * whatever the number of planes. With the prefix `rvt_`:
 *
 * - `struct rvt_Values`: `base_color` (linear), `specular`, `roughness`, `normal`, `world_height`, `mask`,
 *   `displacement`, `mask4`; what the texture's type lacks has its clear value, and
 *   `const rvt_has_base_color: bool` and its like say what it has;
 * - `rvt_sample_world(place: vec3f, pixel: vec2f, reports: bool) -> rvt_Values`, by a world position, at
 *   the level that the pixel needs; `pixel` is `@builtin(position).xy`, and `reports` whether the tiles
 *   that are wanted are reported, if there is feedback. `rvt_sample_uv` is the same by a place on the
 *   texture;
 * - with a mip mode: `rvt_sample_world_level(place, level: f32, pixel, reports)`, `…_bias(place, bias: f32,
 *   …)`, `…_derivatives(place, ddx: vec2f, ddy: vec2f, …)` in uv, `…_world_derivatives(place, ddx: vec3f,
 *   ddy: vec3f, …)`. The first two and the plain ones are for fragment shaders in uniform control flow, the
 *   others for any shader, such as `rvt_sample_world_level(place, level, vec2f(), false)` in a vertex
 *   shader, which reports nothing;
 * - `rvt_sample_relative(place: vec3f, …)` and its mip modes: the same by the position from an origin that
 *   `RuntimeVirtualTextureSampling.setOrigin` sets, such as the camera's. A world position of 32 bits is
 *   too coarse where texels are small beside their distance from the world's origin. Not if `steady`;
 * - `rvt_uv_of(place: vec3f) -> vec2f`.
 *
 * @param texture What is sampled, as `RuntimeVirtualTextureSampling` knows it.
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type, or the texture is none.
 * @throws {OutOfRangeError} as `virtualTextureWgsl` does.
 */
export function runtimeVirtualTextureWgsl(
  texture: SampledTexture,
  options: RuntimeVirtualTextureWgslOptions,
): string {
  checkOptionNames(options, { failure: FAILURE, names: OPTION_NAMES });
  const { group, firstBinding = 0, prefix = "rvt_", filter = "trilinear" } = options;
  const { feedback = false, fade = true, steady = false } = options;
  checkedBoolean(steady, { name: "steady", failure: FAILURE });
  checkedChoice(filter, { name: "filter", failure: FAILURE, choices: SAMPLE_FILTERS });
  const { materialType, compressed, formats } = checkedTexture(texture);
  const kind = { materialType, compressed };
  const planes = formats.length as PlaneCount;
  const taps = planeTaps(kind, texture);
  const code = virtualTextureWgsl({
    group,
    firstBinding,
    prefix,
    feedback,
    fade,
    filter,
    planes,
    taps,
  });
  const kept = steady ? `${steadyLevelWgsl("rvt_")}\n${keptCode}` : "";
  const filtered = steady ? "filtered_steady" : FILTERED[filter];
  const trilinear = steady
    ? "rvt_steady_taps(at.at, level)"
    : "rvt_two_taps_at_lod(at, level, rvt_page_table, rvt_atlas, rvt_sampler)";
  const own = [
    placementCode,
    kept,
    sampleCode.replaceAll("rvt_FILTERED", `rvt_${filtered}`)
      .replaceAll("rvt_TRILINEAR", trilinear),
    modesCode,
    steady ? "" : relativeValuesCode + relativeCode,
  ]
    .join("\n")
    .replace(
      "@group(0) @binding(8)",
      `@group(${group}) @binding(${firstBinding + PLACE_BINDING})`,
    )
    .replace(/\brvt_(\w+)/g, (_, name) => prefix + name);
  return [code, unpackWgsl({ ...kind, prefix }), own].join("\n");
}

function checkedTexture(texture: SampledTexture): SampledTexture {
  const { materialType, compressed, formats } = texture ?? {};
  checkedChoice(materialType, {
    name: "materialType",
    failure: FAILURE,
    choices: MATERIAL_TYPE_NAMES,
  });
  checkedBoolean(compressed, { name: "compressed", failure: FAILURE });
  const list: readonly unknown[] = Array.isArray(formats) ? formats : [];
  const { compressedFormats, uncompressedFormats } = MATERIAL_TYPES[materialType!];
  const { length } = compressed ? compressedFormats : uncompressedFormats;
  const areFormats = list.every((format) => isTexelFormat(format as string));
  if (areFormats && list.length === length) return texture;
  throw new InvalidArgumentError(
    "formats",
    `${FAILURE} as formats of ${materialType} must be ${length} texel formats, one for each plane: ` +
      `current value is ${describeValue(formats)}`,
  );
}

/** What takes a coordinate and a footprint and returns texels, by filter. */
const FILTERED: Readonly<Record<SampleFilter, string>> = {
  bilinear: "filtered_bilinear",
  trilinear: "filtered_trilinear",
  anisotropic: "filtered_anisotropic",
};

/** A filter whose level is steady; places are uv alone here. */
const keptCode = `
fn rvt_filtered_steady(at: rvt_Coordinate, footprint: rvt_Footprint, shape: rvt_Shape) -> rvt_Texels {
  return rvt_steady_taps(at.at, rvt_unbiased_level(footprint));
}
`;
