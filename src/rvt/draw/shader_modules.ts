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
  /**
   * Resolves, once the compiler has answered, to the error that names a node of one of the materials whose
   * code this is, or null. Never rejects.
   */
  explain(material: ExplainedMaterial): Promise<Error | null>;
}

/** What errors name of a material. */
export type ExplainedMaterial = Pick<DrawnMaterial, "name" | "lineLabels">;

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
    const answer = askCompiler(device, { module, reported }).then((messages) => {
      made.isValid = explainCompilation(messages, material, { linesBefore }) === null;
      return messages;
    });
    const made = {
      module,
      isValid: null as boolean | null,
      // Materials of equal code may have other names, and their nodes too.
      explain: async (explained: ExplainedMaterial) =>
        explainCompilation(await answer, explained, { linesBefore }),
    };
    return made;
  });
}

/** What the compiler says of a module; nothing if the device is lost. */

async function askCompiler(
  { health }: ForgeDevice,
  shader: {
    readonly module: GPUShaderModule;
    readonly reported: Promise<Error | null>;
  },
): Promise<readonly GPUCompilationMessage[]> {
  const { module, reported } = shader;
  try {
    // A lost device may never answer, or call everything wrong.
    const [info] = await health.unlessLost(Promise.all([module.getCompilationInfo(), reported]));
    const isWrong = info.messages.some(({ type }) => type === "error");
    return isWrong && await health.findLoss() ? [] : info.messages;
  } catch {
    // The device's next use says that it is lost.
    return [];
  }
}
