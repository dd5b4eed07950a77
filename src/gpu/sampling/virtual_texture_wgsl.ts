/**
 * Assembles the WGSL that samples a virtual texture.
 *
 * @module
 */

import anisotropicCode from "../../../shaders/sampling/sample_anisotropic.wgsl" with {
  type: "text",
};
import appearanceCode from "../../../shaders/sampling/virtual_texture_appearance.wgsl" with {
  type: "text",
};
import bindingsCode from "../../../shaders/sampling/virtual_texture_bindings.wgsl" with {
  type: "text",
};
import coordinateCode from "../../../shaders/sampling/virtual_texture_coordinate.wgsl" with {
  type: "text",
};
import debugCode from "../../../shaders/sampling/virtual_texture_debug.wgsl" with { type: "text" };
import fadingCode from "../../../shaders/sampling/sample_fading.wgsl" with { type: "text" };
import feedbackCode from "../../../shaders/feedback/feedback.wgsl" with { type: "text" };
import fragmentCode from "../../../shaders/sampling/sample_in_fragment.wgsl" with { type: "text" };
import levelCode from "../../../shaders/sampling/virtual_texture_level.wgsl" with { type: "text" };
import lookupCode from "../../../shaders/sampling/virtual_texture_lookup.wgsl" with {
  type: "text",
};
import noReportCode from "../../../shaders/feedback/virtual_texture_no_feedback.wgsl" with {
  type: "text",
};
import pageEntryCode from "../../../shaders/page_table/page_entry.wgsl" with { type: "text" };
import reportCode from "../../../shaders/feedback/virtual_texture_feedback.wgsl" with {
  type: "text",
};
import sampleCode from "../../../shaders/sampling/sample_virtual_texture.wgsl" with {
  type: "text",
};
import onePlaneCode from "../../../shaders/sampling/sample_one_plane.wgsl" with { type: "text" };
import sumCode from "../../../shaders/sampling/sample_sum.wgsl" with { type: "text" };
import steadyCode from "../../../shaders/sampling/sample_steady.wgsl" with { type: "text" };
import threePlanesCode from "../../../shaders/sampling/sample_three_planes.wgsl" with {
  type: "text",
};
import twoPlanesCode from "../../../shaders/sampling/sample_two_planes.wgsl" with { type: "text" };

import {
  checkedBoolean,
  checkedChoice,
  checkedInteger,
  checkedString,
  checkOptionNames,
} from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import { COLOR_MAPS, type ColorMap } from "../../texels/mod.ts";
import { colorMapWgsl } from "./color_map_wgsl.ts";
import { checkedPlanes, type PlaneCount } from "./planes.ts";
import { checkedTaps, needsShares, tapsWgsl, type TexelTap, withTaps } from "./texel_taps.ts";

/** How texels are filtered. */
export type SampleFilter = "bilinear" | "trilinear" | "anisotropic";

/** Options of {@linkcode virtualTextureWgsl}. */
export interface VirtualTextureWgslOptions {
  /** Number of the bind group. */
  readonly group: number;
  /** Number of the first of the bindings; default 0. */
  readonly firstBinding?: number;
  /**
   * Prefix of every name; default `vt_`. A shader with several virtual textures gives each
   * its own. `sample_virtual_texture` and `unpack_atlas_coords` have no prefix by default.
   */
  readonly prefix?: string;
  /**
   * Whether drawing reports the tiles that it wants. `true` declares the feedback's binding; the
   * prefix of another virtual texture of the same shader shares the one that was declared for it,
   * since a buffer may not be bound twice for writing. Default `false`.
   */
  readonly feedback?: boolean | string;
  /** Whether new tiles fade in, in the trilinear and anisotropic filters; default `true`. */
  readonly fade?: boolean;
  /** Filter of `vt_sample`, and the one that the small pass reports for; default `"trilinear"`. */
  readonly filter?: SampleFilter;
  /** How many planes are sampled, at most those of the texture; default 1. */
  readonly planes?: PlaneCount;
  /** How each of the planes is tapped; default `"filtered"`. */
  readonly taps?: readonly TexelTap[];
  /** The colour map of `vt_color_map`; default none, and no such function. */
  readonly colorMap?: ColorMap;
}

const FAILURE = "Cannot make WGSL";

const OPTION_NAMES: readonly (keyof VirtualTextureWgslOptions)[] = [
  "group",
  "firstBinding",
  "prefix",
  "feedback",
  "fade",
  "filter",
  "planes",
  "taps",
  "colorMap",
];

/** The type that a tap returns, and the code of taps, by the number of planes. */
const PLANES: Readonly<Record<PlaneCount, { readonly texels: string; readonly code: string }>> = {
  1: { texels: "vec4<f32>", code: onePlaneCode },
  2: { texels: "mat2x4<f32>", code: twoPlanesCode },
  3: { texels: "mat3x4<f32>", code: threePlanesCode },
};

/** Every {@linkcode SampleFilter}. */
export const SAMPLE_FILTERS: readonly SampleFilter[] = ["bilinear", "trilinear", "anisotropic"];

const DEFAULT_PREFIX = "vt_";

/** The binding that shaders/feedback/feedback.wgsl leaves to the module that includes it. */
const FEEDBACK_DECLARATION =
  "@group(0) @binding(5) var<storage, read_write> vt_feedback: VtFeedback;\n";

/** Names that have no prefix by default, and get one where there are several textures. */
const PLAIN_NAMES =
  /\b(?:sample_virtual_texture|unpack_atlas_coords|VtFeedback|VT_FEEDBACK_PROBES)\b/g;

/**
 * The WGSL that a shader of the user's own needs to sample one virtual texture; the bind group is
 * `VirtualTextureBinding.group`, or `groupWithoutFeedback` for a shader made without feedback.
 *
 * In fragment shaders, in uniform control flow:
 *
 * - `vt_sample(uv: vec2<f32>, pixel: vec2<f32>) -> vt_Texels`: the texture at the level that the
 *   pixel needs, by the filter that was chosen; `pixel` is `@builtin(position).xy`;
 * - `vt_sample_bilinear`, `vt_sample_trilinear`, `vt_sample_anisotropic`: the same by one filter;
 * - `vt_level_of_detail(uv) -> f32`: the level that the pixel needs, bias included;
 * - `vt_debug_level(uv, pixel) -> vec4<f32>`: the level shown as a colour, with outlined tiles;
 * - `vt_report_in_small_pass(uv)`, with feedback only: reports what a pixel wants in a pass of an
 *   eighth of the picture's size that does nothing else, for passes that should not write storage;
 *   its vertex shader sends positions through `vt_small_pass_position(clip, picture_size)`.
 *
 * Anywhere:
 *
 * - `vt_bilinear(uv, level: u32)`, `vt_trilinear(uv, lod: f32)`, `vt_anisotropic(uv, dx, dy)`;
 * - `vt_content_level(uv, level: u32) -> u32`: level of the content that stands in for a level, or
 *   `vt_no_level` (31) if nothing is resident;
 * - `vt_is_premultiplied() -> bool`: whether the texture's colours are multiplied by alpha, as its file
 *   says; they are sampled as they are stored;
 * - `sample_virtual_texture(virtual_coords, mip_level, page_table, atlas_texture, atlas_sampler)`
 *   and `unpack_atlas_coords(page_entry: vec4<u32>) -> vec3<u32>`.
 *
 * uv runs from (0, 0) at the picture's upper left corner to (1, 1) at the lower right one. Beyond, a texture
 * is clamped to its edges or repeats, along each axis as its `wrap` says. Colours are as the hardware reads them: linear light from sRGB formats, else
 * stored values; or what the plane's tap makes of them. Where nothing is resident every function returns transparent black.
 *
 * **Planes.** `vt_Texels` is `vec4<f32>` for one plane, and for two or three a matrix with a column
 * for each: `vt_sample(uv, pixel)[1]` is plane 1. However many there are, each level is looked up
 * once. Plane 0 of `sample_virtual_texture` is `atlas_texture`. Bindings, from `firstBinding` on:
 * 0 uniform, 1 page table, 2 atlas of plane 0 (of integers for taps of `uint16`, of unfilterable floats for `float32` and `holes` where the device does not filter them), 3 sampler, 4 frames of slots, 5 feedback, 6 and 7
 * atlases of planes 1 and 2; without feedback, 5 is left free.
 *
 * **32-bit floats.** Where the device has no `float32-filterable`, samplers do not filter `r32float`,
 * `rg32float` and `rgba32float`: make the shader with `taps: ["float32"]`, which loads four texels
 * and mixes them. `StreamedTexture.taps` says what a texture needs on its device; `render` follows it.
 *
 * **Holes.** In textures of floats NaN is no value. `taps: ["holes"]` leaves such texels out, and says
 * in alpha how much of a sample has a value, so that edges are smooth; it needs no `float32-filterable`,
 * and takes four loads for a tap. `StreamedTexture.taps` says where a texture has holes.
 *
 * **Values as colours.** With `colorMap`, `vt_color_map(value: f32, range: vec2<f32>) -> vec4<f32>` gives the
 * colour of a sampled value, sRGB-encoded and opaque: decode it where the target encodes. `range` has the
 * values of the first and the last colour, which stand for all beyond, too. There is no binding for it;
 * `StreamedTexture.valueRange` gives ranges, in units of sampled values. `vt_color_map_at(at: f32) -> vec3<f32>`
 * takes a number from 0 to 1.
 *
 * **Large textures.** 32-bit uv rounds places to 2^-24 of the texture's size, and interpolation
 * between corners adds to it. The largest errors measured on lavapipe in the last corner, in
 * texels, and in steps of 255 for magnified content whose neighbouring texels have nothing in
 * common:
 *
 * | size | texels | of 255 |
 * | ---- | ------ | ------ |
 * | 2^14 | 0.004  | 2      |
 * | 2^15 | 0.010  | 3      |
 * | 2^16 | 0.016  | 5      |
 * | 2^17 | 0.033  | 9      |
 * | 2^18 | 0.055  | 14     |
 * | 2^20 | 0.27   | 57     |
 *
 * So from 2^15 texels on plain uv is not enough for sharp content. The functions that take a texel
 * and an offset from it stay within 2 of 255 at every size, and take a few percent longer. They
 * have the names above with `_at` appended, and `texel: vec2<i32>, offset: vec2<f32>` in the place
 * of `uv`: `vt_sample_at(texel, offset, pixel)`, `vt_bilinear_at(texel, offset, level)`,
 * `vt_debug_level_at`, `vt_report_in_small_pass_at(texel, offset)` and so on; but
 * `vt_level_of_detail_at(offset)`, and `vt_anisotropic_at(texel, offset, dx, dy)` with steps in
 * texels. The place that is sampled lies `offset` texels of level 0 from the outer corner of
 * `texel`, to the right and down. Offsets may be of any length and sign, and are as exact as they
 * are short; so is uv. Where the texture repeats, `texel` may lie up to 2^20 texels outside.
 *
 * In fragment shaders `texel` is the same for all pixels of a draw, since derivatives are taken of
 * the offset: an anchor near the camera, such as `anchorTexel` gives. Vertices carry their offset
 * from it, from the CPU (`u * width - anchor` in 64 bits), or made from a vertex's own texel by
 * `vt_offset_from(anchor: vec2<i32>, texel: vec2<i32>, offset: vec2<f32>) -> vec2<f32>`. Triangles
 * that reach far beyond the picture lose this precision, as corners are rounded to 2^-24 of their
 * distance: clip them, or split them.
 *
 * @example A fragment shader with two virtual textures
 * ```ts
 * import { virtualTextureWgsl } from "@forge3d/forge3d";
 *
 * const code = virtualTextureWgsl({ group: 1, prefix: "color_", feedback: true }) +
 *   virtualTextureWgsl({ group: 2, prefix: "normal_", feedback: "color_" }) + `
 *   @fragment fn main(@builtin(position) at: vec4f, @location(0) uv: vec2f) -> @location(0) vec4f {
 *     let normal = 2.0 * normal_sample(uv, at.xy).xyz - 1.0;
 *     return color_sample(uv, at.xy) * max(normal.z, 0.0);
 *   }`;
 * ```
 *
 * @example A texture of any size, with vertices that know their texel
 * ```ts
 * import { virtualTextureWgsl } from "@forge3d/forge3d";
 *
 * // anchor is what anchorTexel(camera, texture) gives, written once a frame. Positions are relative
 * // to the camera, as 32-bit ones relative to the world's origin would be as coarse as plain uv.
 * const code = virtualTextureWgsl({ group: 1 }) + `
 *   struct Frame { view_projection: mat4x4f, anchor: vec2i }
 *   @group(0) @binding(0) var<uniform> frame: Frame;
 *   struct Corner { @builtin(position) position: vec4f, @location(0) offset: vec2f }
 *   @vertex fn project(@location(0) at: vec3f, @location(1) texel: vec2i) -> Corner {
 *     let offset = vt_offset_from(frame.anchor, texel, vec2f());
 *     return Corner(frame.view_projection * vec4f(at, 1.0), offset);
 *   }
 *   @fragment fn shade(corner: Corner) -> @location(0) vec4f {
 *     return vt_sample_at(frame.anchor, corner.offset, corner.position.xy);
 *   }`;
 * ```
 *
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if a group or binding is not an integer or is negative, a prefix is not
 * the beginning of an identifier, the filter or colour map is not one of its choices, planes is not 1, 2 or 3, or a tap is unknown or missing.
 * @throws {UnsupportedError} if a plane of several is tapped as `uint16`, `float32` or `holes`.
 */
export function virtualTextureWgsl(options: VirtualTextureWgslOptions): string {
  checkOptionNames(options, { failure: FAILURE, names: OPTION_NAMES });
  const { group, firstBinding = 0, prefix = DEFAULT_PREFIX, feedback = false } = options;
  const { fade = true, filter = "trilinear" } = options;
  checkedChoice(filter, { name: "filter", failure: FAILURE, choices: SAMPLE_FILTERS });
  checkedBoolean(fade, { name: "fade", failure: FAILURE });
  if (typeof feedback !== "string") {
    checkedBoolean(feedback, { name: "feedback", failure: FAILURE });
  }
  const planeCount = checkedPlanes(options.planes ?? 1, { failure: FAILURE });
  const planes = PLANES[planeCount];
  const taps = checkedTaps(options.taps, { planes: planeCount, failure: FAILURE });
  const { colorMap } = options;
  if (colorMap !== undefined) {
    checkedChoice(colorMap, { name: "colorMap", failure: FAILURE, choices: COLOR_MAPS });
  }
  checkNumber("group", group);
  checkNumber("firstBinding", firstBinding);
  checkPrefix(prefix);
  const parts = [
    pageEntryCode,
    bindingsCode,
    appearanceCode,
    coordinateCode,
    lookupCode,
    levelCode,
    ...(feedback === true ? [FEEDBACK_DECLARATION, feedbackCode] : []),
    feedback === false ? noReportCode : reportCode,
    tapsWgsl(taps),
    ...(needsShares(taps) ? [] : [planes.code, sumCode]),
    sampleCode,
    fade ? fadingCode : steadyCode,
    anisotropicCode,
    fragmentCode,
    debugCode,
    chosenFilterCode(filter),
    ...(colorMap === undefined ? [] : [colorMapWgsl(colorMap)]),
  ];
  let code = withTaps(parts.join("\n"), taps).replace(
    /@group\(\d+\) @binding\((\d+)\)/g,
    (_, binding) => `@group(${group}) @binding(${firstBinding + Number(binding)})`,
  );
  code = code
    .replace(/\bvt_Texels\b/g, planes.texels)
    .replace(/\bvt_Sum\b/g, needsShares(taps) ? "mat2x4<f32>" : planes.texels) +
    `alias vt_Texels = ${planes.texels};\n`;
  const feedbackPrefix = typeof feedback === "string" ? feedback : prefix;
  checkPrefix(feedbackPrefix);
  code = code.replace(
    /\bvt_(\w+)/g,
    (_, name) => (name === "feedback_add" ? feedbackPrefix : prefix) + name,
  );
  return prefix === DEFAULT_PREFIX ? code : code.replace(PLAIN_NAMES, (name) => prefix + name);
}

/** The functions of the filter that was chosen, under names without it. */
function chosenFilterCode(filter: SampleFilter): string {
  return `
fn vt_sample(uv: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  return vt_sample_${filter}(uv, pixel);
}

fn vt_sample_at(texel: vec2<i32>, offset: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  return vt_sample_${filter}_at(texel, offset, pixel);
}

fn vt_wanted_level(footprint: vt_Footprint, shape: vt_Shape) -> i32 {
  return vt_wanted_${filter}(footprint, shape);
}
`;
}

function checkNumber(name: string, value: number): void {
  checkedInteger(value, { name, failure: FAILURE, range: [0, Infinity] });
}

function checkPrefix(prefix: string): void {
  checkedString(prefix, { name: "prefix", failure: FAILURE });
  // WGSL keeps identifiers that begin with two underscores for itself.
  if (/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/.test(prefix)) return;
  throw new OutOfRangeError(
    "prefix",
    `${FAILURE} as prefix must be the beginning of an identifier: current value is "${prefix}"`,
  );
}
