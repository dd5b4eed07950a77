/**
 * Material functions: parts of graphs that several materials share.
 *
 * @module
 */

import {
  checkedFunction,
  checkedInteger,
  checkOptionNames,
  describeValue,
} from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import type {
  ComponentCount,
  Expression,
  ExpressionInput,
  FunctionCallExpression,
  FunctionInputExpression,
  MaterialFunctionGraph,
} from "./expression.ts";
import { checkedInput, makeExpression } from "./make_expression.ts";
import { checkedName } from "../checked_name.ts";
import { reachedBy } from "./reached_by.ts";

/** Options of {@linkcode materialFunction}. */
export interface MaterialFunctionOptions<Input extends string, Output extends string> {
  /** Components of each input by its name. */
  readonly inputs: Readonly<Record<Input, ComponentCount>>;
  /** Makes the outputs of nodes that stand for the inputs. Called once. */
  readonly build: (
    inputs: Readonly<Record<Input, FunctionInputExpression>>,
  ) => Readonly<Record<Output, ExpressionInput>>;
}

/** How many functions may call each other: walks over graphs call themselves for each. */
const DEEPEST = 256;

/** A part of a graph with a name, inputs and outputs. Made by {@linkcode materialFunction}. */
export class MaterialFunction<Input extends string = string, Output extends string = string>
  implements MaterialFunctionGraph {
  /** By which files refer to it; unique in a material. */
  readonly name: string;
  /** Components of each input by name. */
  readonly inputs: Readonly<Record<Input, ComponentCount>>;
  /** What each output is computed from. */
  readonly outputs: Readonly<Record<Output, Expression>>;
  /** How many functions call each other, from this one on. */
  readonly #depth: number;

  /** Use {@linkcode materialFunction}. */
  constructor(
    name: string,
    inputs: Readonly<Record<Input, ComponentCount>>,
    outputs: Readonly<Record<Output, Expression>>,
  ) {
    this.name = name;
    this.inputs = Object.freeze({ ...inputs });
    this.outputs = Object.freeze({ ...outputs });
    this.#depth = 1;
    for (const node of reachedBy(Object.values<Expression>(outputs))) {
      if (node.kind !== "function_call" || !(#depth in node.function)) continue;
      this.#depth = Math.max(this.#depth, 1 + node.function.#depth);
    }
    if (this.#depth <= DEEPEST) return;
    throw new OutOfRangeError(
      "build",
      `Cannot make material function "${name}" as functions may call each other at most ${DEEPEST} deep: ` +
        `current depth is ${this.#depth}`,
    );
  }

  /**
   * The outputs for some inputs; one of one component stands for as many equal ones as are wanted.
   *
   * @throws {InvalidArgumentError} if an input does not exist, or is neither an expression nor numbers.
   * @throws {OutOfRangeError} if one is missing, or has another number of components.
   */
  call(inputs: Readonly<Record<Input, ExpressionInput>>): Record<Output, FunctionCallExpression> {
    const failure = `Cannot call material function "${this.name}"`;
    const names = Object.keys(this.inputs) as Input[];
    checkOptionNames(inputs, { failure, names, what: "input" });
    const values = names.map((name) => {
      if (inputs[name] === undefined) {
        throw new OutOfRangeError(name, `${failure} as input ${name} must be given`);
      }
      const components = [...new Set([1, this.inputs[name]])] as ComponentCount[];
      return checkedInput(inputs[name], { name, failure, components });
    });
    const outputs = Object.entries<Expression>(this.outputs).map(([output, { components }]) => [
      output,
      makeExpression({
        kind: "function_call",
        components,
        inputs: values,
        name: null,
        function: this,
        output,
      }),
    ]);
    return Object.fromEntries(outputs);
  }
}

/**
 * A part of a graph with a name, inputs and outputs, which is called by
 * {@linkcode MaterialFunction.call}. Files of materials refer to it by its name.
 *
 * @param name Unique among the functions of a material.
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type, or an output is
 * neither an expression nor numbers.
 * @throws {OutOfRangeError} if a name is empty, the components of an input are not 1 to 4, there is no
 * output, one uses the inputs of another function, or more than 256 functions call each other.
 */
export function materialFunction<Input extends string, Output extends string>(
  name: string,
  options: MaterialFunctionOptions<Input, Output>,
): MaterialFunction<Input, Output> {
  checkedName(name, { name: "name", failure: "Cannot make material function" });
  const failure = `Cannot make material function "${name}"`;
  checkOptionNames(options, { failure, names: ["inputs", "build"] });
  const { inputs, build } = options;
  checkedFunction(build, { name: "build", failure });
  checkRecord(inputs, { name: "inputs", failure });
  const nodes = Object.entries<ComponentCount>(inputs).map(
    ([input, components]): [string, FunctionInputExpression] => {
      checkedName(input, { name: "inputs", failure });
      checkedInteger(components, { name: `components of ${input}`, failure, range: [1, 4] });
      const kind = "function_input";
      return [input, makeExpression({ kind, components, inputs: [], name: null, input })];
    },
  );
  const built = build(Object.fromEntries(nodes) as Record<Input, FunctionInputExpression>);
  checkRecord(built, { name: "outputs", failure });
  const outputs = Object.entries<ExpressionInput>(built).map(([output, value]) => {
    checkedName(output, { name: "outputs", failure });
    return [output, checkedInput(value, { name: output, failure })] as const;
  });
  if (outputs.length === 0) throw new OutOfRangeError("build", `${failure} as it has no outputs`);
  const own = new Set<Expression>(nodes.map(([, node]) => node));
  for (const node of reachedBy(outputs.map(([, output]) => output))) {
    if (node.kind !== "function_input" || own.has(node)) continue;
    throw new OutOfRangeError(
      node.input,
      `${failure} as it uses input ${node.input} of another material function`,
    );
  }
  return new MaterialFunction(
    name,
    inputs,
    Object.fromEntries(outputs) as Record<Output, Expression>,
  );
}

function checkRecord(
  value: unknown,
  { name, failure }: { readonly name: string; readonly failure: string },
): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw new InvalidArgumentError(
    name,
    `${failure} as ${name} must be an object: current value is ${describeValue(value)}`,
  );
}
