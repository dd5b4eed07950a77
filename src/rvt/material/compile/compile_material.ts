/**
 * Compiles materials to WGSL.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedFunction,
  checkedInteger,
  checkOptionNames,
} from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../../errors.ts";
import { ATTRIBUTE_NAMES, type AttributeName } from "../../asset/attributes.ts";
import type { RuntimeVirtualTextureLike } from "../expressions/expression.ts";
import { COMPILE_CONTEXTS, type CompileContext, contextPins } from "../material_graph.ts";
import type { MaterialInterface } from "../material_interface.ts";
import { emitMaterial } from "./emit_material.ts";
import { emitVirtualTexture } from "./emit_virtual_texture.ts";
import { type HasTexture, lowerMaterial } from "./lower_material.ts";
import { assetOf, layOutMaterial, type MaterialLayout } from "./material_layout.ts";

/** What the WGSL of a sampled runtime virtual texture has to be like. */
export interface RuntimeVirtualTextureCodeOptions {
  /** What its names begin with, such as `rvt0_`. */
  readonly prefix: string;
  /** Number of the bind group. */
  readonly group: number;
  /** First of its bindings. */
  readonly firstBinding: number;
  /**
   * As of `virtualTextureWgsl`: false for no feedback, true to declare it under the prefix, or the
   * prefix under which it is declared.
   */
  readonly feedback: boolean | string;
  /** What it is sampled for: a tile of another texture, or a picture. */
  readonly context: CompileContext;
}

/**
 * Gives the WGSL that samples a runtime virtual texture: a struct `PREFIXValues` with a member for each
 * attribute that the asset's type stores (`base_color`, `normal`, …), and functions that return it:
 * `PREFIXsample_world(place: vec3f, …)` and `PREFIXsample_uv(place: vec2f, …)`, and the same with a mip
 * mode and its inputs after the place: `_level(…, level: f32)`, `_bias(…, bias: f32)`,
 * `_derivatives(…, ddx: vec2f, ddy: vec2f)`, `_world_derivatives(…, ddx: vec3f, ddy: vec3f)`. All of
 * them end with `pixel: vec2f, reports: bool`: `@builtin(position).xy`, and whether the sample reports
 * the tiles that it wants if there is feedback.
 */
export type RuntimeVirtualTextureCode = (
  asset: RuntimeVirtualTextureLike,
  options: RuntimeVirtualTextureCodeOptions,
) => string;

/** Options of {@linkcode compileMaterial}. */
export interface CompileMaterialOptions {
  /** What takes the material's values: a tile of a runtime virtual texture, or a picture. */
  readonly context: CompileContext;
  /**
   * Attributes that are wanted; default all of the context. Those of them that are not connected are
   * not written.
   */
  readonly wanted?: readonly AttributeName[];
  /** Whether virtual texturing is supported and enabled; default true. */
  readonly virtualTexturing?: boolean;
  /** Number of the material's bind group; default 0. */
  readonly group?: number;
  /**
   * Whether virtual textures report the tiles that they want: in the feedback that is bound with the
   * first that does, or in one that the prefix of another virtual texture of the shader stands for.
   * Default false.
   */
  readonly feedback?: boolean | string;
  /**
   * Whether the WGSL of a sampled runtime virtual texture reports tiles: not if no volume places it, so that
   * the feedback is bound with another one. Default all do.
   */
  readonly reports?: (asset: RuntimeVirtualTextureLike) => boolean;
  /**
   * Whether runtime virtual textures that are sampled at the pixel's own world position are sampled by its
   * position from the picture's origin: by `PREFIXsample_relative(place: vec3f, …)`, whose mip modes are
   * those of `PREFIXsample_world`. Default false.
   */
  readonly relative?: boolean;
  /** Gives the WGSL of sampled runtime virtual textures; needed where there are any. */
  readonly runtimeVirtualTextureCode?: RuntimeVirtualTextureCode;
  /**
   * Whether a virtual texture can be sampled; samples of others are 0, or the attributes' clear values.
   * Default all can.
   */
  readonly hasTexture?: HasTexture;
}

/** A material as WGSL, with all that is needed to run it. */
export interface CompiledMaterial {
  /** The material's or instance's name. */
  readonly name: string;
  /** What it was compiled for. */
  readonly context: CompileContext;
  /**
   * WGSL with `fn material_evaluate(input: MaterialInput) -> MaterialOutput`, for fragment shaders, in
   * uniform control flow. With {@linkcode MaterialLayout.layers}, the shader declares
   * `fn material_layer_weight(layer: u32) -> f32` too. Names begin with `material_`, `Material` or the
   * prefixes of virtual textures.
   *
   * `MaterialOutput` has a member for each of {@linkcode writes} (for pictures: always `base_color`,
   * `specular`, `roughness` and `normal`), `opacity`, and `height_range`, the world heights between
   * which the pixel is written at all.
   */
  readonly code: string;
  /** Equal for materials that can share a pipeline: those whose WGSL and layout are equal. */
  readonly key: string;
  /** Attributes that are connected, in the order of `ATTRIBUTE_NAMES`. */
  readonly writes: readonly AttributeName[];
  /** World heights between which pixels are written; null for all. */
  readonly heightRange: readonly [number, number] | null;
  /** What is bound. */
  readonly layout: MaterialLayout;
  /** What messages call the node of a line of the code, for {@linkcode explainCompilation}. */
  readonly lineLabels: ReadonlyMap<number, string>;
}

const OPTION_NAMES: readonly (keyof CompileMaterialOptions)[] = [
  "context",
  "wanted",
  "virtualTexturing",
  "group",
  "feedback",
  "reports",
  "relative",
  "runtimeVirtualTextureCode",
  "hasTexture",
];
/** What a picture can be shaded with. */
const SURFACE_ATTRIBUTES: readonly AttributeName[] = [
  "baseColor",
  "specular",
  "roughness",
  "normal",
];

/**
 * Compiles what the wanted attributes of a material reach. The values of parameters are not in the
 * text, so that instances share it, and so do materials with equal graphs.
 *
 * @param material A material, or an instance of one.
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if an option is not one of its choices, or a material of the domain
 * `virtual_texture` is compiled for pictures.
 * @throws {UnsupportedError} if a runtime virtual texture is sampled and nothing gives its WGSL.
 */
export function compileMaterial(
  material: MaterialInterface,
  options: CompileMaterialOptions,
): CompiledMaterial {
  const failure = `Cannot compile material "${material.name}"`;
  const checked = checkedOptions(options, failure);
  const { context, wanted, virtualTexturing, group, feedback, relative } = checked;
  const { hasTexture } = options;
  const { graph } = material;
  if (context === "main_pass" && graph.domain !== "surface") {
    throw new OutOfRangeError(
      "domain",
      `${failure} for pictures as its domain must be surface: current value is ${graph.domain}`,
    );
  }
  const lowered = lowerMaterial(material, { context, wanted, virtualTexturing, hasTexture });
  const layout = layOutMaterial(lowered, { material, group, feedback, reports: options.reports });
  const pins = contextPins(graph, context);
  const writes = ATTRIBUTE_NAMES.filter((name) => wanted.includes(name) && pins.has(name));
  const heightRange = context === "virtual_texture" ? graph.output?.heightRange ?? null : null;
  const lines = emitMaterial({
    graph: lowered,
    layout,
    relative,
    members: context === "main_pass" ? SURFACE_ATTRIBUTES : writes,
    heightRange,
    textureCode: textureCode(material, { layout, options, feedback, failure }),
  });
  const { code } = lines;
  return {
    name: material.name,
    context,
    code,
    // All bindings are in the text.
    key: `${context} ${writes}\n${code}`,
    writes,
    heightRange,
    layout,
    lineLabels: lines.labels,
  };
}

function checkedOptions(
  options: CompileMaterialOptions,
  failure: string,
): Required<Omit<CompileMaterialOptions, "runtimeVirtualTextureCode" | "hasTexture" | "reports">> {
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const { context, virtualTexturing = true, group = 0, feedback = false } = options;
  const { relative = false } = options;
  checkedBoolean(relative, { name: "relative", failure });
  checkedChoice(context, { name: "context", failure, choices: COMPILE_CONTEXTS });
  checkedBoolean(virtualTexturing, { name: "virtualTexturing", failure });
  checkedInteger(group, { name: "group", failure, range: [0, 3] });
  if (typeof feedback !== "string") checkedBoolean(feedback, { name: "feedback", failure });
  const choices = context === "main_pass" ? SURFACE_ATTRIBUTES : ATTRIBUTE_NAMES;
  const { wanted = choices, runtimeVirtualTextureCode: code, hasTexture } = options;
  if (!Array.isArray(wanted)) {
    throw new InvalidArgumentError("wanted", `${failure} as wanted must be a list of attributes`);
  }
  for (const name of wanted) checkedChoice(name, { name: "wanted", failure, choices });
  if (code !== undefined) checkedFunction(code, { name: "runtimeVirtualTextureCode", failure });
  if (hasTexture !== undefined) checkedFunction(hasTexture, { name: "hasTexture", failure });
  if (options.reports !== undefined) checkedFunction(options.reports, { name: "reports", failure });
  const sorted = ATTRIBUTE_NAMES.filter((name) => wanted.includes(name));
  return { context, wanted: sorted, virtualTexturing, group, feedback, relative };
}

/** WGSL of all virtual textures, streaming ones first. */
function textureCode(
  material: MaterialInterface,
  { layout, options, feedback, failure }: {
    readonly layout: MaterialLayout;
    readonly options: CompileMaterialOptions;
    readonly feedback: boolean | string;
    readonly failure: string;
  },
): string[] {
  const { group, streamedTextures, runtimeVirtualTextures } = layout;
  const declaring = [...streamedTextures, ...runtimeVirtualTextures].find((slot) =>
    slot.bindsFeedback
  );
  const shared = typeof feedback === "string" ? feedback : declaring?.prefix ?? false;
  const { context } = options;
  const code = streamedTextures.map((slot) =>
    emitVirtualTexture(slot, { group, feedback: shared, context })
  );
  for (const slot of runtimeVirtualTextures) {
    const { prefix, firstBinding, bindsFeedback } = slot;
    const asset = assetOf(slot, material);
    const give = options.runtimeVirtualTextureCode;
    if (give === undefined) {
      throw new UnsupportedError(
        "runtime virtual textures",
        `${failure} as it samples runtime virtual texture "${asset.name}": ` +
          `runtimeVirtualTextureCode must be given`,
      );
    }
    const feedback = bindsFeedback || shared;
    code.push(give(asset, { prefix, group, firstBinding, feedback, context }));
  }
  return code;
}
