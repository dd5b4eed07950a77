/**
 * What expressions become before they are written as WGSL: a list of distinct nodes without choices and
 * calls.
 *
 * @module
 */

import type {
  AppendExpression,
  ComponentCount,
  ComponentMaskExpression,
  ConstantExpression,
  CustomWgslExpression,
  Expression,
  InputExpression,
  LayerWeightExpression,
  NoiseExpression,
  OperationExpression,
  ParameterExpression,
  RuntimeVirtualTextureLike,
  RuntimeVirtualTextureSampleSettings,
  TextureSampleExpression,
  ViewPropertyExpression,
  VirtualTextureSampleExpression,
} from "../expressions/expression.ts";
import type { OutputPinName } from "../expressions/runtime_virtual_texture_output.ts";
import type { AttributeName } from "../../asset/attributes.ts";

/** One number as several. */
export interface Splat {
  readonly kind: "splat";
}

/** A sample of a runtime virtual texture, all outputs together; has no components of its own. */
export interface SampleCall {
  readonly kind: "sample_call";
  readonly settings: RuntimeVirtualTextureSampleSettings;
  /** What is sampled: the settings' asset, or an instance's. */
  readonly asset: RuntimeVirtualTextureLike;
}

/** One output of a {@linkcode SampleCall}, its input. */
export interface SampleOutput {
  readonly kind: "sample_output";
  readonly attribute: AttributeName;
}

/** What a node does. */
export type LoweredOperation =
  | ConstantExpression
  | ParameterExpression
  | InputExpression
  | LayerWeightExpression
  | OperationExpression
  | ComponentMaskExpression
  | AppendExpression
  | NoiseExpression
  | CustomWgslExpression
  | TextureSampleExpression
  | VirtualTextureSampleExpression
  | ViewPropertyExpression
  | Splat
  | SampleCall
  | SampleOutput;

/** A node whose inputs are numbers of nodes before it. */
export interface LoweredNode {
  /** What it does. Inputs of an expression here are those of the node, not the expression's. */
  readonly operation: LoweredOperation;
  /** Numbers of the nodes that it computes with. */
  readonly inputs: readonly number[];
  /** Numbers of its value. */
  readonly components: ComponentCount;
  /** What it was made of, for messages. */
  readonly source: Expression;
}

/** The nodes that some outputs reach, each after its inputs, no two of them equal. */
export interface LoweredGraph {
  readonly nodes: readonly LoweredNode[];
  /** Number of the node of each output, which has as many components as the pin. */
  readonly outputs: ReadonlyMap<OutputPinName, number>;
}
