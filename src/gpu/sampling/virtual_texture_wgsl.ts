/**
 * Puts together the WGSL that samples a virtual texture.
 *
 * @module
 */

import anisotropicCode from "../../../shaders/sampling/sample_anisotropic.wgsl" with {
  type: "text",
};
import bindingsCode from "../../../shaders/sampling/virtual_texture_bindings.wgsl" with {
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
import steadyCode from "../../../shaders/sampling/sample_steady.wgsl" with { type: "text" };

import { checkedBoolean, checkedChoice, checkedInteger, checkedString } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";

/** How texels are put together to a pixel. */
export type SampleFilter = "bilinear" | "trilinear" | "anisotropic";

/** Options of {@linkcode virtualTextureWgsl}. */
export interface VirtualTextureWgslOptions {
  /** Number of the bind group. */
  readonly group: number;
  /** Number of the first of the bindings, which follow each other; default 0. */
  readonly firstBinding?: number;
  /**
   * What every name begins with; default `vt_`. A shader with several virtual textures gives each
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
  /** What `vt_sample` does, and for which the small pass reports; default `"trilinear"`. */
  readonly filter?: SampleFilter;
}

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
 * - `vt_sample(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32>`: the texture at the level that the
 *   pixel needs, by the filter that was chosen; `pixel` is `@builtin(position).xy`;
 * - `vt_sample_bilinear`, `vt_sample_trilinear`, `vt_sample_anisotropic`: the same by one filter;
 * - `vt_level_of_detail(uv) -> f32`: the level that the pixel needs, bias included;
 * - `vt_debug_level(uv, pixel)`: the level shown as a colour, with outlined tiles;
 * - `vt_report_in_small_pass(uv)`, with feedback only: reports what a pixel wants in a pass of an
 *   eighth of the picture's size that does nothing else, for passes that would rather not write
 *   storage; its vertex shader sends positions through `vt_small_pass_position(clip, picture_size)`.
 *
 * Anywhere:
 *
 * - `vt_bilinear(uv, level: u32)`, `vt_trilinear(uv, lod: f32)`, `vt_anisotropic(uv, dx, dy)`;
 * - `vt_content_level(uv, level: u32) -> u32`: level of the content that stands in for a level, or
 *   `vt_no_level` (31) if nothing is resident;
 * - `sample_virtual_texture(virtual_coords, mip_level, page_table, atlas_texture, atlas_sampler)`
 *   and `unpack_atlas_coords(page_entry: vec4<u32>) -> vec3<u32>`.
 *
 * uv runs from (0, 0) at the picture's upper left corner to (1, 1) at the lower right one and is
 * clamped to the edge. Colours are as the hardware reads them: linear light from sRGB formats, else
 * stored values. Where nothing is resident every function returns transparent black. Bindings, from
 * `firstBinding` on: uniform, page table, atlas, sampler, birth frames of slots, feedback.
 *
 * @example A fragment shader with two virtual textures
 * ```ts
 * import { virtualTextureWgsl } from "./src/gpu/mod.ts";
 *
 * const code = virtualTextureWgsl({ group: 1, prefix: "color_", feedback: true }) +
 *   virtualTextureWgsl({ group: 2, prefix: "normal_", feedback: "color_" }) + `
 *   @fragment fn main(@builtin(position) at: vec4f, @location(0) uv: vec2f) -> @location(0) vec4f {
 *     let normal = 2.0 * normal_sample(uv, at.xy).xyz - 1.0;
 *     return color_sample(uv, at.xy) * max(normal.z, 0.0);
 *   }`;
 * ```
 *
 * @throws {InvalidArgumentError} if an option has the wrong type.
 * @throws {OutOfRangeError} if a group or binding is no integer or negative, a prefix not the
 * beginning of an identifier, or the filter none of its choices.
 */
export function virtualTextureWgsl(options: VirtualTextureWgslOptions): string {
  const { group, firstBinding = 0, prefix = DEFAULT_PREFIX, feedback = false } = options;
  const { fade = true, filter = "trilinear" } = options;
  const failure = "Cannot assemble shader";
  checkedChoice(filter, { name: "filter", failure, choices: SAMPLE_FILTERS });
  checkedBoolean(fade, { name: "fade", failure });
  if (typeof feedback !== "string") checkedBoolean(feedback, { name: "feedback", failure });
  checkedInteger(group, { name: "group", failure, range: [0, Infinity] });
  checkedInteger(firstBinding, { name: "firstBinding", failure, range: [0, Infinity] });
  checkPrefix(prefix);
  const parts = [
    pageEntryCode,
    bindingsCode,
    lookupCode,
    levelCode,
    ...(feedback === true ? [FEEDBACK_DECLARATION, feedbackCode] : []),
    feedback === false ? noReportCode : reportCode,
    sampleCode,
    fade ? fadingCode : steadyCode,
    anisotropicCode,
    fragmentCode,
    debugCode,
    `fn vt_sample(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {\n` +
    `  return vt_sample_${filter}(uv, pixel);\n}\n`,
    `fn vt_wanted_level(footprint: vt_Footprint, shape: vt_Shape) -> i32 {\n` +
    `  return vt_wanted_${filter}(footprint, shape);\n}\n`,
  ];
  let code = parts.join("\n").replace(
    /@group\(\d+\) @binding\((\d+)\)/g,
    (_, binding) => `@group(${group}) @binding(${firstBinding + Number(binding)})`,
  );
  const feedbackPrefix = typeof feedback === "string" ? feedback : prefix;
  checkPrefix(feedbackPrefix);
  code = code.replace(
    /\bvt_(\w+)/g,
    (_, name) => (name === "feedback_add" ? feedbackPrefix : prefix) + name,
  );
  return prefix === DEFAULT_PREFIX ? code : code.replace(PLAIN_NAMES, (name) => prefix + name);
}

function checkPrefix(prefix: string): void {
  const failure = "Cannot assemble shader";
  checkedString(prefix, { name: "prefix", failure });
  // WGSL keeps identifiers that begin with two underscores for itself.
  if (/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/.test(prefix)) return;
  throw new OutOfRangeError(
    "prefix",
    `${failure} as prefix must be the beginning of an identifier: current value is "${prefix}"`,
  );
}
