/**
 * Makes nodes of fields that were read from JSON, with the builders that everyone uses.
 *
 * @module
 */

import { checkedChoice, checkedInstance, checkedString } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import { ATTRIBUTE_NAMES, type AttributeName } from "../../asset/attributes.ts";
import { constant, scalarParameter, vectorParameter } from "../expressions/constants.ts";
import { customWgsl } from "../expressions/custom_wgsl.ts";
import type {
  ComponentCount,
  Expression,
  FunctionInputExpression,
  NoiseName,
  OperationName,
  RuntimeMipMode,
  VirtualMipMode,
} from "../expressions/expression.ts";
import {
  layerWeight,
  textureCoordinate,
  vertexNormal,
  viewProperty,
  worldPosition,
} from "../expressions/inputs.ts";
import { MaterialFunction } from "../expressions/material_function.ts";
import { mipInputNames, type MipInputs } from "../expressions/mip_inputs.ts";
import { noise } from "../expressions/noise.ts";
import { makeOperation, OPERATIONS } from "../expressions/operations.ts";
import {
  runtimeVirtualTextureSample,
  type RuntimeVirtualTextureSampleOptions,
  runtimeVirtualTextureSampleParameter,
} from "../expressions/runtime_virtual_texture_sample.ts";
import {
  runtimeVirtualTextureReplace,
  virtualTextureFeatureSwitch,
} from "../expressions/switches.ts";
import {
  textureSample,
  textureSampleParameter,
  virtualTextureSample,
} from "../expressions/texture_samples.ts";
import { append, componentMask } from "../expressions/vectors.ts";
import { checkedList, type JsonObject } from "./json_fields.ts";
import { lookUp, type MaterialLookup } from "./material_lookup.ts";

/** What a node is made with besides its own fields. */
export interface BuildNodeOptions {
  readonly inputs: readonly Expression[];
  readonly lookup: MaterialLookup;
  readonly functionInputs: Readonly<Record<string, FunctionInputExpression>>;
}

const FAILURE = "Cannot make node";

/**
 * The node that fields describe.
 *
 * @throws {InvalidArgumentError} if a field has the wrong type.
 * @throws {OutOfRangeError} if there is no such kind, the node is not valid, or the lookup does not find
 * what it names.
 */
export function buildNode(fields: JsonObject, options: BuildNodeOptions): Expression {
  const choices = Object.keys(BUILDERS) as Expression["kind"][];
  const kind = checkedChoice(fields.kind as string, { name: "kind", failure: FAILURE, choices });
  const node = BUILDERS[kind as Expression["kind"]](fields, options);
  if (node.inputs.length === options.inputs.length) return node;
  throw new OutOfRangeError(
    "inputs",
    `${FAILURE} as inputs must be ${node.inputs.length}: ` +
      `current value has ${options.inputs.length}`,
  );
}

type Builder = (fields: JsonObject, options: BuildNodeOptions) => Expression;

/** The builders check the types of fields; here they are only handed on. */
const BUILDERS: Readonly<Record<Expression["kind"], Builder>> = {
  constant: ({ values }) => constant(values as number[]),
  parameter: ({ parameter, defaultValues }) => {
    const values = checkedList(defaultValues, { name: "defaultValues", failure: FAILURE });
    const name = parameter as string;
    return values.length === 1
      ? scalarParameter(name, values[0] as number)
      : vectorParameter(name, values as number[]);
  },
  input: ({ input }) => {
    const choices = ["world_position", "texture_coordinate", "vertex_normal"] as const;
    const name = checkedChoice(input as string, { name: "input", failure: FAILURE, choices });
    if (name === "world_position") return worldPosition();
    return name === "vertex_normal" ? vertexNormal() : textureCoordinate();
  },
  layer_weight: ({ layer }) => layerWeight(layer as string),
  view_property: ({ property }) => viewProperty(property as "virtual_texture_max_level"),
  operation: ({ operation }, { inputs }) => {
    const choices = Object.keys(OPERATIONS) as OperationName[];
    checkedChoice(operation as string, { name: "operation", failure: FAILURE, choices });
    return makeOperation(operation as OperationName, inputs);
  },
  component_mask: ({ channels }, { inputs }) => componentMask(inputs[0]!, channels as string),
  append: (_, { inputs }) => append(...inputs),
  noise: ({ noise: kind, octaves, seed }, { inputs }) =>
    noise(inputs[0]!, {
      kind: kind as NoiseName,
      octaves: octaves as number,
      seed: seed as number,
    }),
  custom_wgsl: ({ code, inputNames, components }, { inputs }) =>
    customWgsl({
      code: code as string,
      inputs: namedInputs(inputNames, inputs),
      components: components as ComponentCount,
    }),
  texture_sample: ({ texture, parameter }, { inputs: [uv], lookup }) => {
    const found = lookUp(lookup, "texture", { name: texture, failure: FAILURE });
    const options = uv === undefined ? {} : { uv };
    if (parameter === undefined) return textureSample(found, options);
    return textureSampleParameter(parameter as string, found, options);
  },
  virtual_texture_sample: ({ texture, mipMode }, { inputs: [uv, ...rest], lookup }) =>
    virtualTextureSample(lookUp(lookup, "streamedTexture", { name: texture, failure: FAILURE }), {
      ...(uv === undefined ? {} : { uv }),
      mipMode: mipMode as VirtualMipMode,
      ...mipInputs(mipMode, rest),
    }),
  runtime_virtual_texture_sample: readSample,
  runtime_virtual_texture_replace: (_, { inputs: [first, output] }) =>
    runtimeVirtualTextureReplace({ default: first!, output: output! }),
  virtual_texture_feature_switch: (_, { inputs: [yes, no] }) =>
    virtualTextureFeatureSwitch({ yes: yes!, no: no! }),
  function_input: ({ input }, { functionInputs }) => {
    const name = checkedString(input, { name: "input", failure: FAILURE });
    if (Object.hasOwn(functionInputs, name)) return functionInputs[name]!;
    throw new OutOfRangeError("input", `${FAILURE} as there is no input "${name}" of a function`);
  },
  function_call: ({ function: name, inputNames, output }, { inputs, lookup }) => {
    const found = checkedInstance(
      lookUp(lookup, "materialFunction", { name, failure: FAILURE }),
      { name: "materialFunction", failure: FAILURE, kind: MaterialFunction },
    );
    // By name, as keys of the function's document may stand in another order.
    const outputs = found.call(namedInputs(inputNames, inputs));
    const choices = Object.keys(outputs);
    return outputs[checkedChoice(output as string, { name: "output", failure: FAILURE, choices })]!;
  },
};

function namedInputs(
  inputNames: unknown,
  inputs: readonly Expression[],
): Record<string, Expression> {
  const names = checkedList(inputNames, { name: "inputNames", failure: FAILURE })
    .map((name) => checkedString(name, { name: "inputNames", failure: FAILURE }));
  return Object.fromEntries(names.map((name, i) => [name, inputs[i]!]));
}

function readSample(fields: JsonObject, { inputs, lookup }: BuildNodeOptions): Expression {
  const { materialType, mipMode, by, feedback, parameter } = fields;
  const attribute = checkedChoice(fields.attribute as AttributeName, {
    name: "attribute",
    failure: FAILURE,
    choices: ATTRIBUTE_NAMES,
  });
  const asset = lookUp(lookup, "runtimeVirtualTexture", { name: fields.asset, failure: FAILURE });
  const [place, ...rest] = inputs;
  // Those that a file lacks have their defaults.
  const given = Object.entries({ materialType, mipMode, by, feedback })
    .filter(([, value]) => value !== undefined);
  const options: RuntimeVirtualTextureSampleOptions = {
    ...Object.fromEntries(given),
    ...(place === undefined ? {} : { [by === "uv" ? "uv" : "worldPosition"]: place }),
    ...mipInputs(mipMode, rest),
  };
  const sample = parameter === undefined
    ? runtimeVirtualTextureSample(asset, options)
    : runtimeVirtualTextureSampleParameter(parameter as string, asset, options);
  return sample[attribute];
}

/** Inputs after the first, by their names in the mip mode. */
function mipInputs(mipMode: unknown, rest: readonly Expression[]): MipInputs {
  const names = mipInputNames(mipMode as RuntimeMipMode);
  return Object.fromEntries(names.flatMap((name, i) => i < rest.length ? [[name, rest[i]!]] : []));
}
