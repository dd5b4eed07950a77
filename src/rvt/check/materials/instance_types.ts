/**
 * The assets that instances of a project give to parameters of other material types. Pure.
 *
 * @module
 */

import { currentMaterialType, DEFAULT_SETTINGS, type MaterialTypeName } from "../../asset/mod.ts";
import type { MaterialInstanceJson, MaterialJson } from "../../material/mod.ts";
import { fileIn, isMaterialJson, type Project } from "../../project/mod.ts";
import { calledBy, isSample } from "./sampled_assets.ts";

/** An asset that an instance gives to a parameter of another material type. */
export interface InstanceMisfit {
  /** The name of the instance. */
  readonly name: string;
  /** The file of the project that holds it. */
  readonly file: string;
  /** The parameter. */
  readonly parameter: string;
  /** The asset that is given. */
  readonly asset: string;
  /** The material type of the parameter. */
  readonly wanted: MaterialTypeName;
  /** The material type of the asset. */
  readonly stored: MaterialTypeName;
}

/** The same for what one parameter of one instance has. */
export function misfitKey({ name, parameter }: InstanceMisfit): string {
  return JSON.stringify([name, parameter]);
}

/** Finds the assets that do not fit, in the order of the project. */
export function misfitsIn(project: Project): InstanceMisfit[] {
  const { content } = project;
  const types = new Map(
    content.assets.map(({ name, materialType }) => [name, typeOf(materialType)]),
  );
  const byName = new Map(content.materials.map((material) => [material.name, material]));
  const functions = new Map(content.materialFunctions.map((one) => [one.name, one]));
  const parameters = new Map<MaterialJson, ReadonlyMap<string, MaterialTypeName>>();
  return content.materials.flatMap((instance): InstanceMisfit[] => {
    if (isMaterialJson(instance)) return [];
    return Object.entries(instance.runtimeVirtualTextures).flatMap(([parameter, asset]) => {
      const wanted = typeOfParameter(instance, parameter);
      const stored = types.get(asset)!;
      if (wanted === undefined || wanted === stored) return [];
      const { name } = instance;
      const file = fileIn(project, "materials", name);
      return [{ name, file, parameter, asset, wanted, stored }];
    });
  });

  function typeOfParameter(
    instance: MaterialInstanceJson,
    parameter: string,
  ): MaterialTypeName | undefined {
    let root = byName.get(instance.parent)!;
    while (!isMaterialJson(root)) root = byName.get(root.parent)!;
    let known = parameters.get(root);
    if (known === undefined) parameters.set(root, known = parametersOf(root));
    return known.get(parameter);
  }

  /** Material types of the parameters of a material, in the functions that it calls, too. */
  function parametersOf(root: MaterialJson): ReadonlyMap<string, MaterialTypeName> {
    const found = new Map<string, MaterialTypeName>();
    const called = new Set(calledBy(root));
    // The set grows while it is looked through.
    for (const name of called) for (const next of calledBy(functions.get(name)!)) called.add(next);
    const lists = [root, ...[...called].map((name) => functions.get(name)!)];
    for (const node of lists.flatMap(({ nodes }) => nodes)) {
      if (!isSample(node) || node.parameter === undefined) continue;
      const type = node.materialType as MaterialTypeName | undefined;
      const wanted = type === undefined ? types.get(node.asset as string)! : typeOf(type);
      found.set(node.parameter as string, wanted);
    }
    return found;
  }
}

/** A project in which instances have the values of their parents in the place of assets that do not fit. */
export function withoutMisfits(project: Project): Project {
  const misfits = Map.groupBy(misfitsIn(project), ({ name }) => name);
  if (misfits.size === 0) return project;
  const materials = project.content.materials.map((instance) => {
    const own = misfits.get(instance.name);
    if (own === undefined || isMaterialJson(instance)) return instance;
    const fitting = Object.entries(instance.runtimeVirtualTextures)
      .filter(([parameter]) => own.every((misfit) => misfit.parameter !== parameter));
    return { ...instance, runtimeVirtualTextures: Object.fromEntries(fitting) };
  });
  return project.withContent({ materials });
}

function typeOf(type: string = DEFAULT_SETTINGS.materialType): MaterialTypeName {
  return currentMaterialType(type, "Cannot check instance");
}
