/**
 * Shader modules with a material's code in them, and whether they compile.
 *
 * @module
 */

import { oncePerKey } from "../../gpu/mod.ts";
import { explainCompilation } from "../material/mod.ts";
import type { ShaderCode } from "./draw_code.ts";
import type { DrawnMaterial } from "./drawn_material.ts";

/** A module and what the compiler has said of it. */
export interface CheckedModule {
  /** The module, whether it compiles or not. */
  readonly module: GPUShaderModule;
  /** Null while the compiler is asked; then whether it compiles. */
  readonly isValid: boolean | null;
  /** Resolves, once the compiler has answered, to the error that names the node, or null. Never rejects. */
  readonly error: Promise<Error | null>;
}

const modules = oncePerKey<CheckedModule>();

/** The module of a shader, made once for each key. A material that does not compile is no error here. */
export function checkedModule(
  gpu: GPUDevice,
  key: string,
  shader: { readonly material: DrawnMaterial; readonly makeCode: () => ShaderCode },
): CheckedModule {
  return modules(gpu, key, () => {
    const { material, makeCode } = shader;
    const { code, linesBefore } = makeCode();
    // What it reports to error scopes is asked for by itself.
    gpu.pushErrorScope("validation");
    const module = gpu.createShaderModule({ label: key, code });
    const popped = gpu.popErrorScope().catch(() => null);
    const made = {
      module,
      isValid: null as boolean | null,
      error: Promise.resolve<Error | null>(null),
    };
    made.error = askCompiler(module, { material, linesBefore, popped }).then((error) => {
      made.isValid = error === null;
      return error;
    });
    return made;
  });
}

async function askCompiler(
  module: GPUShaderModule,
  shader: {
    readonly material: DrawnMaterial;
    readonly linesBefore: number;
    readonly popped: Promise<GPUError | null>;
  },
): Promise<Error | null> {
  const { material, linesBefore, popped } = shader;
  try {
    const { messages } = await module.getCompilationInfo();
    return explainCompilation(messages, material, { linesBefore });
  } catch {
    // A lost device compiles nothing, and is reported where it is used.
    return null;
  } finally {
    await popped;
  }
}
