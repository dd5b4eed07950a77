/**
 * Errors of the WGSL compiler in terms of a material's nodes.
 *
 * @module
 */

import { checkedInteger, checkOptionNames } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import type { CompiledMaterial } from "./compile_material.ts";

/** What the compiler says; a `GPUCompilationMessage` is one. */
export interface CompilationMessage {
  /** `"error"`, `"warning"` or `"info"`. */
  readonly type: string;
  /** The compiler's own words. */
  readonly message: string;
  /** Line of the shader, from 1; 0 if it is not known. */
  readonly lineNum: number;
}

/** Options of {@linkcode explainCompilation}. */
export interface ExplainOptions {
  /** Lines of the shader before the material's code; default 0. */
  readonly linesBefore?: number;
}

/**
 * The error that the messages of a shader amount to, which names the node whose WGSL did not compile and
 * has the compiler's message.
 *
 * @param messages What the compiler says of a shader that has the material's code in it.
 * @param compiled The material.
 * @returns Null if no message is an error.
 */
export function explainCompilation(
  messages: Iterable<CompilationMessage>,
  compiled: Pick<CompiledMaterial, "name" | "lineLabels">,
  options: ExplainOptions = {},
): OutOfRangeError | null {
  const failure = "Cannot explain compilation";
  checkOptionNames(options, { failure, names: ["linesBefore"] });
  const { linesBefore = 0 } = options;
  checkedInteger(linesBefore, { name: "linesBefore", failure, range: [0, Infinity] });
  const errors = [...messages].filter(({ type }) => type === "error");
  const [first] = errors;
  if (first === undefined) return null;
  const labelled = errors.map(({ message, lineNum }) => ({
    message,
    label: compiled.lineLabels.get(lineNum - linesBefore) ??
      compiled.lineLabels.get(shownLine(message) - linesBefore),
  }));
  const { label, message } = labelled.find(({ label }) => label !== undefined) ??
    { label: undefined, message: first.message };
  const what = label ?? "the shader around it";
  return new OutOfRangeError(
    label ?? "code",
    `Cannot compile material "${compiled.name}" as ${what} is not valid WGSL: ${message.trim()}`,
  );
}

/**
 * The line that a message shows itself, NaN if none: wgpu calls the place of failed conversions line 1, and
 * shows where they are.
 */
function shownLine(message: string): number {
  return Number(/┌─ [^:\n]*:(\d+):\d+/.exec(message)?.[1]);
}

/**
 * Asks a shader module what the compiler says of it, and throws the error that names the node.
 *
 * @param module Of a shader that has the material's code in it. Creating it reports an error of its own
 * to the error scope around it.
 * @param compiled The material.
 * @throws {OutOfRangeError} if the shader does not compile.
 */
export async function assertMaterialCompiles(
  module: Pick<GPUShaderModule, "getCompilationInfo">,
  compiled: Pick<CompiledMaterial, "name" | "lineLabels">,
  options: ExplainOptions = {},
): Promise<void> {
  const { messages } = await module.getCompilationInfo();
  const error = explainCompilation(messages, compiled, options);
  if (error !== null) throw error;
}
