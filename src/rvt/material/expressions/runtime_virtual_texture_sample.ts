/**
 * Samples of runtime virtual textures.
 *
 * @module
 */

import { checkedBoolean, checkedChoice, checkOptionNames, describeValue } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import { ATTRIBUTE_NAMES, type AttributeName, ATTRIBUTES } from "../../asset/attributes.ts";
import { currentMaterialType, type REMOVED_MATERIAL_TYPE } from "../../asset/asset_settings.ts";
import {
  MATERIAL_TYPE_NAMES,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../../asset/material_type.ts";
import type {
  Expression,
  ExpressionInput,
  RuntimeMipMode,
  RuntimeVirtualTextureLike,
  RuntimeVirtualTextureSampleExpression,
  RuntimeVirtualTextureSampleSettings,
} from "./expression.ts";
import { worldPosition } from "./inputs.ts";
import { checkedInput, makeExpression } from "./make_expression.ts";
import { type MipInputs, mipInputsOf } from "./mip_inputs.ts";
import { checkedName } from "../checked_name.ts";
import { checkedUv, VIRTUAL_MIP_MODES } from "./texture_samples.ts";

/** Options of {@linkcode runtimeVirtualTextureSample}. */
export interface RuntimeVirtualTextureSampleOptions extends MipInputs {
  /** What the asset has to store; default what it stores. The removed type stands for its successor. */
  readonly materialType?: MaterialTypeName | typeof REMOVED_MATERIAL_TYPE;
  /**
   * How the level is found: `"none"` (default) by the pixel's derivatives, `"level"` is given, `"bias"`
   * is added to what the derivatives ask for, `"derivatives"` of uv or `"world_derivatives"` of the
   * world position are given.
   */
  readonly mipMode?: RuntimeMipMode;
  /** Whether it is sampled at a world position (default) or at a texture coordinate of the texture. */
  readonly by?: "world_position" | "uv";
  /** Where, by uv: (0, 0) to (1, 1); two components; default the component's texture coordinate. */
  readonly uv?: ExpressionInput;
  /** Where, by world position; three components; default the pixel's. */
  readonly worldPosition?: ExpressionInput;
  /** Whether passes that report wanted tiles report those of this sample; default true. */
  readonly feedback?: boolean;
}

const OPTION_NAMES: readonly (keyof RuntimeVirtualTextureSampleOptions)[] = [
  "materialType",
  "mipMode",
  "by",
  "uv",
  "worldPosition",
  "feedback",
  "level",
  "bias",
  "ddx",
  "ddy",
];
const MIP_MODES: readonly RuntimeMipMode[] = [...VIRTUAL_MIP_MODES, "world_derivatives"];

/**
 * A sample of a runtime virtual texture, with one output for each attribute. Outputs that its material
 * type lacks have the attribute's clear value. All outputs together are one sample.
 */
export class RuntimeVirtualTextureSample
  implements Readonly<Record<AttributeName, RuntimeVirtualTextureSampleExpression>> {
  /** What is sampled, and how. */
  readonly settings: RuntimeVirtualTextureSampleSettings;
  /** Where, and what the mip mode needs. */
  readonly inputs: readonly Expression[];
  /** Linear colour; three components. */
  readonly baseColor: RuntimeVirtualTextureSampleExpression;
  /** One component. */
  readonly specular: RuntimeVirtualTextureSampleExpression;
  /** One component. */
  readonly roughness: RuntimeVirtualTextureSampleExpression;
  /**
   * The normal that was written, of length 1, or less where the sign of its z changes between texels; three
   * components.
   */
  readonly normal: RuntimeVirtualTextureSampleExpression;
  /** World height; one component. */
  readonly worldHeight: RuntimeVirtualTextureSampleExpression;
  /** One component. */
  readonly mask: RuntimeVirtualTextureSampleExpression;
  /** One component. */
  readonly displacement: RuntimeVirtualTextureSampleExpression;
  /** Four components. */
  readonly mask4: RuntimeVirtualTextureSampleExpression;

  /** Use {@linkcode runtimeVirtualTextureSample}. */
  constructor(settings: RuntimeVirtualTextureSampleSettings, inputs: readonly Expression[]) {
    this.settings = settings;
    this.inputs = inputs;
    const output = (attribute: AttributeName) =>
      makeExpression({
        kind: "runtime_virtual_texture_sample",
        components: ATTRIBUTES[attribute].components,
        inputs,
        name: null,
        sample: settings,
        attribute,
      });
    this.baseColor = output("baseColor");
    this.specular = output("specular");
    this.roughness = output("roughness");
    this.normal = output("normal");
    this.worldHeight = output("worldHeight");
    this.mask = output("mask");
    this.displacement = output("displacement");
    this.mask4 = output("mask4");
  }

  /** Whether the material type stores what an output gives. */
  hasOutput(attribute: AttributeName): boolean {
    checkedChoice(attribute, {
      name: "attribute",
      failure: "Cannot tell output",
      choices: ATTRIBUTE_NAMES,
    });
    return MATERIAL_TYPES[this.settings.materialType].attributes.includes(attribute);
  }
}

/**
 * Samples what was written to an asset's texture. In passes without virtual
 * texturing every output has its attribute's clear value.
 *
 * @param asset What is sampled.
 * @throws {InvalidArgumentError} if the asset is none, or an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if an option is not one of its choices, the asset has another material type
 * than wanted, or an input does not go with the options or has the wrong number of components.
 */
export function runtimeVirtualTextureSample(
  asset: RuntimeVirtualTextureLike,
  options: RuntimeVirtualTextureSampleOptions = {},
): RuntimeVirtualTextureSample {
  const failure = "Cannot make runtime virtual texture sample";
  return makeSample(asset, { parameter: null, options, failure });
}

/**
 * As {@linkcode runtimeVirtualTextureSample}, of an asset that instances can replace by another one of
 * the same material type.
 *
 * @param parameter The name that they use.
 * @param asset Sampled where no instance gives another.
 * @throws {InvalidArgumentError} if the name is not a string, the asset is none, or an option does not
 * exist or has the wrong type.
 * @throws {OutOfRangeError} as of a sample, and if the name is empty.
 */
export function runtimeVirtualTextureSampleParameter(
  parameter: string,
  asset: RuntimeVirtualTextureLike,
  options: RuntimeVirtualTextureSampleOptions = {},
): RuntimeVirtualTextureSample {
  const failure = "Cannot make runtime virtual texture sample parameter";
  checkedName(parameter, { name: "parameter", failure });
  return makeSample(asset, { parameter, options, failure: `${failure} ${parameter}` });
}

/**
 * The same sample of an asset that instances can replace.
 *
 * @param sample Is left as it is.
 * @param parameter The name that instances use.
 * @throws {InvalidArgumentError} if the sample is none, or the name is not a string.
 * @throws {OutOfRangeError} if the name is empty.
 */
export function convertToParameter(
  sample: RuntimeVirtualTextureSample,
  parameter: string,
): RuntimeVirtualTextureSample {
  const failure = "Cannot convert to parameter";
  if (!(sample instanceof RuntimeVirtualTextureSample)) {
    throw new InvalidArgumentError(
      "sample",
      `${failure} as sample must be a RuntimeVirtualTextureSample: current value is ${
        describeValue(sample)
      }`,
    );
  }
  checkedName(parameter, { name: "parameter", failure });
  const settings = Object.freeze({ ...sample.settings, parameter });
  return new RuntimeVirtualTextureSample(settings, sample.inputs);
}

function makeSample(
  asset: RuntimeVirtualTextureLike,
  { parameter, options, failure }: {
    readonly parameter: string | null;
    readonly options: RuntimeVirtualTextureSampleOptions;
    readonly failure: string;
  },
): RuntimeVirtualTextureSample {
  checkAsset(asset, failure);
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const materialType = currentMaterialType(options.materialType ?? asset.materialType, failure);
  const { mipMode = "none", by = "world_position" } = options;
  const { feedback = true } = options;
  checkSameType(asset, { materialType, failure });
  checkedChoice(mipMode, { name: "mipMode", failure, choices: MIP_MODES });
  checkedChoice(by, { name: "by", failure, choices: ["world_position", "uv"] as const });
  checkedBoolean(feedback, { name: "feedback", failure });
  const settings = Object.freeze({ asset, materialType, parameter, mipMode, by, feedback });
  const inputs = [placeOf(by, options, failure), ...mipInputsOf(mipMode, options, failure)];
  return new RuntimeVirtualTextureSample(settings, inputs);
}

function placeOf(
  by: "world_position" | "uv",
  options: RuntimeVirtualTextureSampleOptions,
  failure: string,
): Expression {
  const other = by === "uv" ? "worldPosition" : "uv";
  if (options[other] !== undefined) {
    throw new OutOfRangeError(other, `${failure} as ${other} is given: it is sampled by ${by}`);
  }
  if (by === "uv") return checkedUv(options.uv, failure);
  if (options.worldPosition === undefined) return worldPosition();
  return checkedInput(options.worldPosition, { name: "worldPosition", failure, components: [3] });
}

/**
 * Checks that a value is an asset, as far as materials know it.
 *
 * @throws {InvalidArgumentError} if it is not.
 */
export function checkAsset(asset: unknown, failure: string): void {
  const like = asset as Partial<RuntimeVirtualTextureLike> | null | undefined;
  const isAsset = typeof like === "object" && like !== null && typeof like.name === "string" &&
    MATERIAL_TYPE_NAMES.includes(like.materialType!) &&
    (like.subscribe === undefined || typeof like.subscribe === "function");
  if (isAsset) return;
  throw new InvalidArgumentError(
    "asset",
    `${failure} as asset must be a runtime virtual texture: current value is ${
      describeValue(asset)
    }`,
  );
}

/**
 * Checks that an asset stores what a sample wants.
 *
 * @throws {OutOfRangeError} if it has another material type; the message names both.
 */
export function checkSameType(
  asset: RuntimeVirtualTextureLike,
  { materialType, failure }: { readonly materialType: MaterialTypeName; readonly failure: string },
): void {
  if (asset.materialType === materialType) return;
  throw new OutOfRangeError(
    "materialType",
    `${failure} as the material type of asset "${asset.name}" must be ${materialType}: ` +
      `current value is ${asset.materialType}`,
  );
}
