/**
 * Expression graphs evaluated point by point in float64, by what their documentation says.
 *
 * @module
 */

import { type AttributeName, ATTRIBUTES } from "../../../../src/rvt/asset/attributes.ts";
import { MATERIAL_TYPES } from "../../../../src/rvt/asset/material_type.ts";
import type {
  CustomWgslExpression,
  Expression,
  RuntimeVirtualTextureSampleExpression,
  TextureSampleExpression,
  VirtualTextureSampleExpression,
} from "../../../../src/rvt/material/expressions/expression.ts";
import type { MaterialInterface } from "../../../../src/rvt/material/material_interface.ts";
import type { Fragment, WrittenValues } from "../fragment.ts";
import { evaluateNoise } from "./noise.ts";
import { broadcast, evaluateOperation, type Numbers } from "./operations.ts";
import type { SamplePlace, Samplers } from "./samplers.ts";

/** How graphs are evaluated. */
export interface InterpreterOptions {
  /** What for: filling a runtime virtual texture, or drawing a picture. */
  readonly context: "virtual_texture" | "main_pass";
  /** Whether virtual texturing is supported; default true. */
  readonly virtualTexturing?: boolean;
  /** What textures hold; graphs without any need none. */
  readonly samplers?: Samplers;
  /** What the code of custom WGSL does, by that code, from the inputs in their order. */
  readonly customWgsl?: ReadonlyMap<string, (...inputs: Numbers[]) => Numbers>;
  /** Applied to each number of each node; default nothing. `Math.fround` shows what float32 would do. */
  readonly round?: (value: number) => number;
}

/** Evaluates what a material writes at a point, or how it shades it; pins without a node write nothing. */
export function interpretMaterial(
  material: MaterialInterface,
  fragment: Fragment,
  options: InterpreterOptions,
): WrittenValues {
  const { graph } = material;
  const isOutput = options.context === "virtual_texture";
  const pins = isOutput ? graph.output?.pins ?? new Map() : graph.surfacePins;
  const evaluation = new Evaluation(material, fragment, options);
  let opacity = 1;
  const values: Partial<Record<AttributeName, Numbers>> = {};
  for (const [pin, node] of pins) {
    const value = evaluation.valueOf(node);
    if (pin === "opacity") opacity = value[0]!;
    else {values[pin as AttributeName] = broadcast(
        value,
        ATTRIBUTES[pin as AttributeName].components,
      );}
  }
  const heightRange = isOutput ? graph.output?.heightRange ?? null : null;
  return { opacity, values, ...(heightRange === null ? {} : { heightRange }) };
}

/** Evaluates one expression at a point, with the parameters of a material. */
export function interpretExpression(
  expression: Expression,
  fragment: Fragment,
  options: InterpreterOptions & { readonly material?: MaterialInterface },
): Numbers {
  return new Evaluation(options.material ?? null, fragment, options).valueOf(expression);
}

/** The values that a material's graph has at one point. */
class Evaluation {
  readonly #material: MaterialInterface | null;
  readonly #fragment: Fragment;
  readonly #options: InterpreterOptions;
  readonly #functionInputs: ReadonlyMap<string, Numbers>;
  readonly #values = new Map<Expression, Numbers>();

  constructor(
    material: MaterialInterface | null,
    fragment: Fragment,
    options: InterpreterOptions,
    functionInputs: ReadonlyMap<string, Numbers> = new Map(),
  ) {
    this.#material = material;
    this.#fragment = fragment;
    this.#options = options;
    this.#functionInputs = functionInputs;
  }

  valueOf(node: Expression): Numbers {
    const known = this.#values.get(node);
    if (known !== undefined) return known;
    const { round } = this.#options;
    const exact = broadcast(this.#evaluate(node), node.components);
    const value = round === undefined ? exact : exact.map(round);
    this.#values.set(node, value);
    return value;
  }

  #evaluate(node: Expression): Numbers {
    const { context, virtualTexturing = true } = this.#options;
    const { view } = this.#fragment;
    switch (node.kind) {
      case "constant":
        return node.values;
      case "parameter":
        return this.#material?.overrides.numbers.get(node.parameter) ?? node.defaultValues;
      case "input":
        return this.#input(node.input);
      case "layer_weight":
        return [this.#fragment.layerWeight(node.layer)];
      case "operation":
        return evaluateOperation(node.operation, node.inputs.map((input) => this.valueOf(input)));
      case "component_mask": {
        const value = this.valueOf(node.inputs[0]!);
        return [...node.channels].map((channel) => value["xyzw".indexOf(channel)]!);
      }
      case "append":
        return node.inputs.flatMap((input) => this.valueOf(input));
      case "noise":
        return [evaluateNoise(this.valueOf(node.inputs[0]!), node)];
      case "custom_wgsl":
        return this.#customWgsl(node);
      case "texture_sample":
        return this.#textureSample(node);
      case "virtual_texture_sample":
        return this.#virtualTextureSample(node);
      case "runtime_virtual_texture_sample":
        return this.#runtimeVirtualTextureSample(node);
      case "runtime_virtual_texture_replace":
        return this.valueOf(node.inputs[context === "virtual_texture" ? 1 : 0]!);
      case "virtual_texture_feature_switch":
        return this.valueOf(node.inputs[virtualTexturing ? 0 : 1]!);
      case "view_property":
        if (context === "main_pass") return [0];
        if (node.property === "virtual_texture_output_level") return [view.outputLevel];
        if (node.property === "virtual_texture_max_level") return [view.levelCount];
        return view.outputDerivative;
      case "function_input": {
        const value = this.#functionInputs.get(node.input);
        if (value === undefined) throw new Error(`No function has been called with ${node.input}`);
        return value;
      }
      case "function_call": {
        const inputs = new Map(
          Object.entries(node.function.inputs).map(([name, components], k) =>
            [name, broadcast(this.valueOf(node.inputs[k]!), components)] as const
          ),
        );
        const inside = new Evaluation(this.#material, this.#fragment, this.#options, inputs);
        return inside.valueOf(node.function.outputs[node.output]!);
      }
    }
  }

  #input(input: "world_position" | "texture_coordinate" | "vertex_normal"): Numbers {
    if (input === "world_position") return this.#fragment.worldPosition;
    return input === "vertex_normal" ? this.#fragment.vertexNormal : this.#fragment.uv;
  }

  #customWgsl(node: CustomWgslExpression): Numbers {
    const evaluate = this.#options.customWgsl?.get(node.code);
    if (evaluate === undefined) throw new Error(`Nothing says what this does: ${node.code}`);
    return evaluate(...node.inputs.map((input) => this.valueOf(input)));
  }

  #textureSample(node: TextureSampleExpression): Numbers {
    const { textures } = this.#material?.overrides ?? {};
    const texture = (node.parameter === null ? undefined : textures?.get(node.parameter)) ??
      node.texture;
    return this.#samplers.texture(texture, this.#placeOf(node, "none"));
  }

  #virtualTextureSample(node: VirtualTextureSampleExpression): Numbers {
    return this.#samplers.virtualTexture(node.texture, this.#placeOf(node, node.mipMode));
  }

  #runtimeVirtualTextureSample(node: RuntimeVirtualTextureSampleExpression): Numbers {
    const { virtualTexturing = true } = this.#options;
    const { materialType, parameter, mipMode, by } = node.sample;
    const stores = MATERIAL_TYPES[materialType].attributes.includes(node.attribute);
    if (!stores || !virtualTexturing) return ATTRIBUTES[node.attribute].clearValue;
    const { runtimeVirtualTextures } = this.#material?.overrides ?? {};
    const asset = (parameter === null ? undefined : runtimeVirtualTextures?.get(parameter)) ??
      node.sample.asset;
    const place = this.#placeOf(node, mipMode);
    return this.#samplers.runtimeVirtualTexture(asset, { ...place, by, attribute: node.attribute });
  }

  get #samplers(): Samplers {
    const { samplers } = this.#options;
    if (samplers === undefined) throw new Error("A graph samples textures: no samplers are given");
    return samplers;
  }

  /** Where a node samples, and what gives its level. */
  #placeOf(
    node: Expression,
    mipMode: "none" | "level" | "bias" | "derivatives" | "world_derivatives",
  ): SamplePlace {
    const [place, first, second] = node.inputs;
    const at = this.valueOf(place!);
    if (mipMode === "level") return { at, level: this.valueOf(first!)[0]! };
    if (mipMode === "derivatives" || mipMode === "world_derivatives") {
      const [ddx, ddy] = [this.valueOf(first!), this.valueOf(second!)];
      return { at, ddx, ddy, bias: 0, derivativesOf: mipMode === "derivatives" ? "uv" : "world" };
    }
    const step = (columns: number, rows: number) => {
      const there = this.#fragment.shifted(columns, rows);
      const moved = new Evaluation(this.#material, there, this.#options, this.#functionInputs);
      return moved.valueOf(place!).map((part, k) => part - at[k]!);
    };
    const bias = mipMode === "bias" ? this.valueOf(first!)[0]! : 0;
    const derivativesOf = at.length === 2 ? "uv" : "world";
    return { at, ddx: step(1, 0), ddy: step(0, 1), bias, derivativesOf };
  }
}
