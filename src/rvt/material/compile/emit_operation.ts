/**
 * Writes arithmetic in WGSL.
 *
 * @module
 */

import type { ComponentCount, OperationName } from "../expressions/expression.ts";
import { wgslType } from "./wgsl_text.ts";

/** An input of an operation. */
export interface OperationInput {
  /** WGSL of its value: a name. */
  readonly text: string;
  /** Numbers of the value. */
  readonly components: ComponentCount;
}

/** What divides by less counts as this, in `normalize`. */
const SHORTEST = "1e-10f";
/** Least z of a base plus (0, 0, 1), in `blend_normals`. */
const FLATTEST = "1e-5f";

/**
 * WGSL of an operation; the builders in `expressions/` document the formulas.
 *
 * @param operation Which.
 * @param inputs In the order of `OPERATIONS`.
 */
export function emitOperation(
  operation: OperationName,
  inputs: readonly OperationInput[],
): string {
  const widest = Math.max(...inputs.map(({ components }) => components)) as ComponentCount;
  const type = wgslType(widest);
  const [a, b, c] = inputs.map(({ text, components }) =>
    components === widest ? text : `${type}(${text})`
  ) as [string, string, string];
  const zero = `${type}()`;
  const one = `${type}(1f)`;
  switch (operation) {
    case "absolute":
      return `abs(${a})`;
    case "add":
      return `${a} + ${b}`;
    case "blend_normals":
      return `material_blend_normals(${a}, ${b})`;
    case "clamp":
      return `min(max(${a}, ${b}), ${c})`;
    case "cosine":
      return `cos(${a})`;
    case "cross":
      return `cross(${a}, ${b})`;
    case "distance":
      return `distance(${a}, ${b})`;
    case "divide":
      return `select(${a} / ${b}, ${zero}, ${b} == ${zero})`;
    case "dot":
      return widest === 1 ? `${a} * ${b}` : `dot(${a}, ${b})`;
    case "floor":
      return `floor(${a})`;
    case "fraction":
      return `${a} - floor(${a})`;
    case "length":
      return `length(${a})`;
    case "lerp":
      return `${a} * (${one} - ${c}) + ${b} * ${c}`;
    case "maximum":
      return `max(${a}, ${b})`;
    case "minimum":
      return `min(${a}, ${b})`;
    case "multiply":
      return `${a} * ${b}`;
    case "normalize":
      return `${a} / max(length(${a}), ${SHORTEST})`;
    case "one_minus":
      return `${one} - ${a}`;
    case "power":
      return `select(pow(abs(${a}), ${b}), ${zero}, ${a} <= ${zero})`;
    case "saturate":
      return `saturate(${a})`;
    case "sine":
      return `sin(${a})`;
    case "smoothstep":
      return `material_smoothstep${widest}(${a}, ${b}, ${c})`;
    case "sqrt":
      return `sqrt(max(${a}, ${zero}))`;
    case "step":
      return `select(${zero}, ${one}, ${a} >= ${b})`;
    case "subtract":
      return `${a} - ${b}`;
  }
}

/** Functions that the WGSL of an operation calls, or none. */
export function operationFunctions(operation: OperationName, widest: ComponentCount): string {
  if (operation === "blend_normals") return BLEND_NORMALS;
  return operation === "smoothstep" ? smoothstepFunction(widest) : "";
}

const BLEND_NORMALS = `
fn material_blend_normals(base: vec3f, detail: vec3f) -> vec3f {
  let t = base / max(length(base), ${SHORTEST}) + vec3f(0f, 0f, 1f);
  let u = detail / max(length(detail), ${SHORTEST}) * vec3f(-1f, -1f, 1f);
  return t * (dot(t, u) / max(t.z, ${FLATTEST})) - u;
}
`;

function smoothstepFunction(components: ComponentCount): string {
  const type = wgslType(components);
  return `
fn material_smoothstep${components}(x: ${type}, low: ${type}, high: ${type}) -> ${type} {
  let ramp = saturate((x - low) / (high - low));
  let t = select(ramp, select(${type}(), ${type}(1f), x >= low), low == high);
  return t * t * (3f - 2f * t);
}
`;
}
