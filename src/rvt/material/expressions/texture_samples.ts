/**
 * Samples of plain and of streaming virtual textures.
 *
 * @module
 */

import { checkedChoice, checkedInstance, checkOptionNames } from "../../../checks.ts";
import { StreamedTexture } from "../../../streaming/mod.ts";
import { MaterialTexture } from "../material_texture.ts";
import type {
  Expression,
  ExpressionInput,
  TextureSampleExpression,
  VirtualMipMode,
  VirtualTextureSampleExpression,
} from "./expression.ts";
import { textureCoordinate } from "./inputs.ts";
import { checkedInput, makeExpression } from "./make_expression.ts";
import { type MipInputs, mipInputsOf } from "./mip_inputs.ts";
import { checkedName } from "../checked_name.ts";

/** Options of {@linkcode textureSample}. */
export interface TextureSampleOptions {
  /** Where; two components; default the component's texture coordinate. */
  readonly uv?: ExpressionInput;
}

/**
 * A plain texture: red, green, blue and alpha, linear. Trilinear, at the level that the pixel's
 * derivatives of uv ask for: those of the picture, or of the tile that is being filled.
 *
 * @throws {InvalidArgumentError} if the texture is none, or an option does not exist.
 * @throws {OutOfRangeError} if uv has not two components.
 */
export function textureSample(
  texture: MaterialTexture,
  options: TextureSampleOptions = {},
): TextureSampleExpression {
  return sampleOf(texture, { parameter: null, options, failure: "Cannot make texture sample" });
}

/**
 * As {@linkcode textureSample}, of a texture that instances can replace.
 *
 * @param parameter The name that they use.
 * @param texture Sampled where no instance gives another.
 * @throws {InvalidArgumentError} if the name is not a string, the texture is none, or an option does
 * not exist.
 * @throws {OutOfRangeError} if the name is empty, or uv has not two components.
 */
export function textureSampleParameter(
  parameter: string,
  texture: MaterialTexture,
  options: TextureSampleOptions = {},
): TextureSampleExpression {
  const failure = "Cannot make texture sample parameter";
  checkedName(parameter, { name: "parameter", failure });
  return sampleOf(texture, { parameter, options, failure: `${failure} ${parameter}` });
}

function sampleOf(
  texture: MaterialTexture,
  { parameter, options, failure }: {
    readonly parameter: string | null;
    readonly options: TextureSampleOptions;
    readonly failure: string;
  },
): TextureSampleExpression {
  checkedInstance(texture, { name: "texture", failure, kind: MaterialTexture });
  checkOptionNames(options, { failure, names: ["uv"] });
  return makeExpression({
    kind: "texture_sample",
    components: 4,
    inputs: [checkedUv(options.uv, failure)],
    name: null,
    texture,
    parameter,
  });
}

/** Options of {@linkcode virtualTextureSample}. */
export interface VirtualTextureSampleOptions extends MipInputs {
  /** Where; two components; default the component's texture coordinate. */
  readonly uv?: ExpressionInput;
  /**
   * How the level is found: `"none"` (default) by the pixel's derivatives of uv, `"level"` is given,
   * `"bias"` is added to what the derivatives ask for, `"derivatives"` of uv are given.
   */
  readonly mipMode?: VirtualMipMode;
}

const VIRTUAL_OPTIONS: readonly (keyof VirtualTextureSampleOptions)[] = [
  "uv",
  "mipMode",
  "level",
  "bias",
  "ddx",
  "ddy",
];

/** Every {@linkcode VirtualMipMode}. */
export const VIRTUAL_MIP_MODES: readonly VirtualMipMode[] = Object.freeze(
  ["none", "level", "bias", "derivatives"] as const,
);

/**
 * The first plane of a streaming virtual texture: red, green, blue and alpha, linear. Trilinear; beyond its
 * edges clamped or repeated as the texture's `wrap` says; 0 where nothing of it is in memory.
 *
 * @throws {InvalidArgumentError} if the texture is none, or an option does not exist.
 * @throws {OutOfRangeError} if an input has the wrong number of components, or does not go with the
 * mip mode.
 */
export function virtualTextureSample(
  texture: StreamedTexture,
  options: VirtualTextureSampleOptions = {},
): VirtualTextureSampleExpression {
  const failure = "Cannot make virtual texture sample";
  checkedInstance(texture, { name: "texture", failure, kind: StreamedTexture });
  checkOptionNames(options, { failure, names: VIRTUAL_OPTIONS });
  const { uv, mipMode = "none" } = options;
  checkedChoice(mipMode, { name: "mipMode", failure, choices: VIRTUAL_MIP_MODES });
  return makeExpression({
    kind: "virtual_texture_sample",
    components: 4,
    inputs: [checkedUv(uv, failure), ...mipInputsOf(mipMode, options, failure)],
    name: null,
    texture,
    mipMode,
  });
}

/** A texture coordinate that was given, or the component's own. */
export function checkedUv(uv: ExpressionInput | undefined, failure: string): Expression {
  if (uv === undefined) return textureCoordinate();
  return checkedInput(uv, { name: "uv", failure, components: [2] });
}
