/**
 * Assets that instances of a project give to parameters of other material types. Pure.
 *
 * @module
 */

import {
  currentMaterialType,
  DEFAULT_SETTINGS,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../../asset/mod.ts";
import type { MaterialInstanceJson, MaterialJson, NodeJson } from "../../material/mod.ts";
import { isMaterialJson, type Project } from "../../project/mod.ts";
import { type Finding, finding } from "../finding.ts";

/** A project without such assets, and what was found. */
export interface FittingInstances {
  /** The project; instances have the values of their parents in the place of assets that do not fit. */
  readonly project: Project;
  /** A finding for each of those. */
  readonly findings: readonly Finding[];
}

/** Finds the assets that do not fit, in a project whose samples have the types of their assets. */
export function fittingInstances(project: Project): FittingInstances {
  const { content } = project;
  const types = new Map(
    content.assets.map(({ name, materialType }) => [name, typeOf(materialType)]),
  );
  const byName = new Map(content.materials.map((material) => [material.name, material]));
  const functions = new Map(content.materialFunctions.map((one) => [one.name, one]));
  const parameters = new Map<MaterialJson, ReadonlyMap<string, MaterialTypeName>>();
  const findings: Finding[] = [];
  const materials = content.materials.map((instance) => {
    if (isMaterialJson(instance)) return instance;
    const given = Object.entries(instance.runtimeVirtualTextures);
    const fitting = given.filter(([parameter, asset]) => {
      const wanted = typeOfParameter(instance, parameter);
      const type = types.get(asset)!;
      if (wanted === undefined || wanted === type) return true;
      findings.push(misfit(instance, { parameter, asset, wanted, type }));
      return false;
    });
    if (fitting.length === given.length) return instance;
    return { ...instance, runtimeVirtualTextures: Object.fromEntries(fitting) };
  });
  if (findings.length === 0) return { project, findings };
  return { project: project.withContent({ materials }), findings };

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
    const lists: (readonly NodeJson[])[] = [root.nodes];
    const called = new Set<string>();
    // The list grows while it is looked through.
    for (const nodes of lists) {
      for (const node of nodes) {
        if (node.kind === "runtime_virtual_texture_sample" && node.parameter !== undefined) {
          const type = node.materialType as MaterialTypeName | undefined;
          const stored = type === undefined ? types.get(node.asset as string)! : typeOf(type);
          found.set(node.parameter as string, stored);
        }
        const name = node.function as string;
        if (node.kind !== "function_call" || called.has(name)) continue;
        called.add(name);
        lists.push(functions.get(name)!.nodes);
      }
    }
    return found;
  }
}

function misfit(
  { name }: MaterialInstanceJson,
  { parameter, asset, wanted, type }: {
    readonly parameter: string;
    readonly asset: string;
    readonly wanted: MaterialTypeName;
    readonly type: MaterialTypeName;
  },
): Finding {
  return finding(
    "type_mismatch",
    [name, asset],
    `Material instance "${name}" gives "${asset}" to parameter "${parameter}", whose material type is ` +
      `${MATERIAL_TYPES[wanted].label}: it stores ${MATERIAL_TYPES[type].label}`,
  );
}

function typeOf(type: string = DEFAULT_SETTINGS.materialType): MaterialTypeName {
  return currentMaterialType(type, "Cannot check instance");
}
