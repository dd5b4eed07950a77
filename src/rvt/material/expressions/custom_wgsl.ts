/**
 * Nodes that are written in WGSL.
 *
 * @module
 */

import { checkedInteger, checkedString, checkOptionNames, failureToMake } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import type { ComponentCount, CustomWgslExpression, ExpressionInput } from "./expression.ts";
import { checkedInput, makeExpression } from "./make_expression.ts";
import { checkedName } from "../checked_name.ts";

/** Options of {@linkcode customWgsl}. */
export interface CustomWgslOptions {
  /** The body of a function, which returns the value: `return color * max(light, 0.0);`. */
  readonly code: string;
  /** What the body can use, by the names that it uses; default nothing. */
  readonly inputs?: Readonly<Record<string, ExpressionInput>>;
  /** Numbers of the value, 1 to 4. */
  readonly components: ComponentCount;
  /** What messages call the node. */
  readonly name?: string;
}

/**
 * A function in WGSL of the inputs, which are `f32`, `vec2f`, `vec3f` or `vec4f`, and so is what it
 * returns. It is a body alone: it declares no functions, bindings or types, and has to be a function
 * of its inputs, as a node of equal code and inputs may be evaluated once for several.
 *
 * Code that does not compile is an error of the compilation, which names the node.
 *
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if the components are not 1 to 4, an input's name is not an identifier, or
 * the code is empty, has braces that do not match, brackets more than 256 deep, or more than 4000
 * characters between commas, semicolons and braces.
 */
export function customWgsl(options: CustomWgslOptions): CustomWgslExpression {
  const failure = failureToMake("custom WGSL", options);
  checkOptionNames(options, { failure, names: ["code", "inputs", "components", "name"] });
  const { code, inputs = {}, components, name } = options;
  const label = name === undefined ? null : checkedName(name, { name: "name", failure });
  checkedString(code, { name: "code", failure });
  checkedInteger(components, { name: "components", failure, range: [1, 4] });
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs)) {
    throw new InvalidArgumentError("inputs", `${failure} as inputs must be an object of inputs`);
  }
  const bare = withoutComments(code);
  checkBraces(bare, failure);
  checkNesting(bare, failure);
  const inputNames = Object.keys(inputs);
  inputNames.forEach((input) => checkIdentifier(input, failure));
  return makeExpression({
    kind: "custom_wgsl",
    components,
    inputs: inputNames.map((input) => checkedInput(inputs[input]!, { name: input, failure })),
    name: label,
    code: code.replaceAll(/\r\n?/g, "\n"),
    inputNames: Object.freeze(inputNames),
  });
}

/** Code that closes the function would put what follows outside of it. */
function checkBraces(bare: string, failure: string): void {
  let depth = 0;
  for (const [brace] of bare.matchAll(/[{}]/g)) {
    depth += brace === "{" ? 1 : -1;
    if (depth < 0) break;
  }
  if (depth === 0 && bare.trim() !== "") return;
  throw new OutOfRangeError(
    "code",
    `${failure} as code must be the body of a function, with braces and comments that are closed`,
  );
}

/** How deep brackets may stand in each other. */
const DEEPEST = 256;
/** How many characters an expression may have without a comma, so that operators do not nest too deep either. */
const LONGEST = 4000;

/** Compilers call themselves for each level of an expression: too many end the process, not the compilation. */
function checkNesting(bare: string, failure: string): void {
  let [depth, length] = [0, 0];
  for (const character of bare) {
    if ("([".includes(character)) depth++;
    else if (")]".includes(character)) depth--;
    length = ",;{}".includes(character) ? 0 : length + 1;
    if (depth <= DEEPEST && length <= LONGEST) continue;
    throw new OutOfRangeError(
      "code",
      `${failure} as code must have brackets at most ${DEEPEST} deep, and at most ${LONGEST} characters ` +
        `between commas, semicolons and braces`,
    );
  }
}

/** Every line break of WGSL (specification, section 3.2). */
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Code with a space for each comment; those between `/*` and its end nest. Empty if one is not closed. */
function withoutComments(code: string): string {
  let bare = "";
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    const pair = code.slice(at, at + 2);
    if (pair === "/*" || (depth > 0 && pair === "*/")) {
      depth += pair === "/*" ? 1 : -1;
      bare += " ";
      at++;
    } else if (depth === 0 && pair === "//") {
      while (at < code.length && !LINE_BREAK.test(code[at]!)) at++;
      bare += " ";
    } else if (depth === 0) bare += code[at];
  }
  return depth === 0 ? bare : "";
}

function checkIdentifier(name: string, failure: string): void {
  if (/^(?!__|material_)[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== "_") return;
  throw new OutOfRangeError(
    "inputs",
    `${failure} as inputs must have identifiers as names, and none that begins with material_: ` +
      `current value is "${name}"`,
  );
}
