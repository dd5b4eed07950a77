/**
 * Shader modules with a material's code in them, and whether they compile.
 *
 * @module
 */

import { type ForgeDevice, oncePerOwner } from "../../gpu/mod.ts";
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

const modules = oncePerOwner<CheckedModule>();

/** The module of a shader, made once for each key. A material that does not compile is no error here. */
export function checkedModule(
  device: ForgeDevice,
  key: string,
  shader: { readonly material: DrawnMaterial; readonly makeCode: () => ShaderCode },
): CheckedModule {
  const { material, makeCode } = shader;
  return modules(device.gpu, { owner: material.owner, key }, () => {
    const { code, linesBefore } = makeCode();
    // In a scope of its own: what does not compile is asked for, and no error of the work around it.
    const { value: module, error: reported } = device.guard(
      key,
      () => device.gpu.createShaderModule({ label: key, code }),
    );
    const made = {
      module,
      isValid: null as boolean | null,
      error: Promise.resolve<Error | null>(null),
    };
    made.error = askCompiler(device, { module, material, linesBefore, reported }).then((error) => {
      made.isValid = error === null;
      return error;
    });
    return made;
  });
}

async function askCompiler(
  { health }: ForgeDevice,
  shader: {
    readonly module: GPUShaderModule;
    readonly material: DrawnMaterial;
    readonly linesBefore: number;
    readonly reported: Promise<Error | null>;
  },
): Promise<Error | null> {
  const { module, material, linesBefore, reported } = shader;
  try {
    // A lost device may never answer, or call everything wrong.
    const [info] = await health.unlessLost(Promise.all([module.getCompilationInfo(), reported]));
    const error = explainCompilation(info.messages, material, { linesBefore });
    return error !== null && await health.findLoss() ? null : error;
  } catch {
    // The device's next use says that it is lost.
    return null;
  }
}
