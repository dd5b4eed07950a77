/**
 * Nodes that choose when a material is compiled.
 *
 * @module
 */

import { checkOptionNames } from "../../../checks.ts";
import type {
  ComponentCount,
  Expression,
  ExpressionInput,
  RuntimeVirtualTextureReplaceExpression,
  VirtualTextureFeatureSwitchExpression,
} from "./expression.ts";
import { checkedInput, makeExpression, widestOf } from "./make_expression.ts";

/**
 * A Runtime Virtual Texture Replace: `output` where the material fills a runtime virtual texture,
 * `default` elsewhere. Only that input is compiled.
 *
 * @throws {InvalidArgumentError} if an input does not exist, is missing, or is neither an expression
 * nor numbers.
 * @throws {OutOfRangeError} if the inputs differ in components and neither has one.
 */
export function runtimeVirtualTextureReplace(
  inputs: { readonly default: ExpressionInput; readonly output: ExpressionInput },
): RuntimeVirtualTextureReplaceExpression {
  const failure = "Cannot make runtime virtual texture replace";
  checkOptionNames(inputs, { failure, names: ["default", "output"], what: "input" });
  const kind = "runtime_virtual_texture_replace";
  return makeExpression({ kind, ...choiceOf(inputs, ["default", "output"], failure) });
}

/**
 * A Virtual Texture Feature Switch: `yes` where virtual texturing is supported and enabled, `no`
 * elsewhere; the other one is not compiled.
 *
 * @throws {InvalidArgumentError} if an input does not exist, is missing, or is neither an expression
 * nor numbers.
 * @throws {OutOfRangeError} if the inputs differ in components and neither has one.
 */
export function virtualTextureFeatureSwitch(
  inputs: { readonly yes: ExpressionInput; readonly no: ExpressionInput },
): VirtualTextureFeatureSwitchExpression {
  const failure = "Cannot make virtual texture feature switch";
  checkOptionNames(inputs, { failure, names: ["yes", "no"], what: "input" });
  const kind = "virtual_texture_feature_switch";
  return makeExpression({ kind, ...choiceOf(inputs, ["yes", "no"], failure) });
}

function choiceOf<Name extends string>(
  values: Readonly<Record<Name, ExpressionInput>>,
  names: readonly Name[],
  failure: string,
): { inputs: Expression[]; components: ComponentCount; name: null } {
  const inputs = names.map((name) => checkedInput(values[name], { name, failure }));
  const byName = Object.fromEntries(names.map((name, i) => [name, inputs[i]!]));
  return { inputs, components: widestOf(byName, failure), name: null };
}
