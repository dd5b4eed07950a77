/**
 * Checks the materials and functions of projects. Pure.
 *
 * @module
 */

import {
  type AttributeName,
  currentMaterialType,
  DEFAULT_SETTINGS,
  MATERIAL_TYPES,
} from "../../asset/mod.ts";
import type { MaterialFunctionJson, MaterialJson } from "../../material/mod.ts";
import { fileIn, isMaterialJson, type Project } from "../../project/mod.ts";
import { type Finding, finding } from "../finding.ts";
import { MENDED_BY_FIX, mendedByGiving, notStored, otherType } from "../type_messages.ts";
import { fixAssets, type SampleTypeChange } from "./fix_materials.ts";
import { type InstanceMisfit, misfitKey, misfitsIn } from "./instance_types.ts";
import { isSample } from "./sampled_assets.ts";

/**
 * Samples of other types than their assets', assets of other types that instances give, and samples of what an
 * asset does not store, whether a scene uses them or not.
 */
export function checkMaterials(project: Project): Finding[] {
  const { changes, project: fixed } = fixAssets(project);
  // What fits once samples have the types of their own assets is mended with those.
  const lasting = new Set(misfitsIn(fixed).map(misfitKey));
  return [
    ...changes.map(mismatch),
    ...misfitsIn(project).filter((one) => lasting.has(misfitKey(one))).map(misfit),
    ...lackingSamples(project, changes),
  ];
}

function mismatch({ kind, name, file, node, asset, from, to }: SampleTypeChange): Finding {
  return finding(
    "type_mismatch",
    [name, asset],
    `${labelOf(kind)} "${name}" in ${file} samples "${asset}" at node ${node} as ` +
      `${otherType(from, to)}. ${MENDED_BY_FIX}`,
  );
}

function misfit({ name, parameter, asset, wanted, stored }: InstanceMisfit): Finding {
  return finding(
    "type_mismatch",
    [name, asset],
    `Material instance "${name}" gives "${asset}" to parameter "${parameter}", whose material type is ` +
      `${otherType(wanted, stored)}. ${mendedByGiving(parameter)}`,
  );
}

/** Samples of what their asset does not store, but for those that have another type than it. */
function lackingSamples(project: Project, changes: readonly SampleTypeChange[]): Finding[] {
  const { assets, materialFunctions, materials } = project.content;
  const types = new Map(
    assets.map(({ name, materialType = DEFAULT_SETTINGS.materialType }) => [
      name,
      currentMaterialType(materialType, "Cannot check materials"),
    ]),
  );
  const known = new Set(changes.map(({ kind, name, node }) => JSON.stringify([kind, name, node])));
  const lacking = (
    { name, nodes }: MaterialFunctionJson | MaterialJson,
    kind: SampleTypeChange["kind"],
  ): Finding[] => {
    const list = kind === "material" ? "materials" : "materialFunctions";
    return nodes.flatMap((node, number) => {
      if (!isSample(node) || known.has(JSON.stringify([kind, name, number]))) return [];
      const asset = node.asset as string;
      const attribute = node.attribute as AttributeName;
      const stored = types.get(asset)!;
      if (MATERIAL_TYPES[stored].attributes.includes(attribute)) return [];
      const message =
        `${labelOf(kind)} "${name}" in ${fileIn(project, list, name)} samples "${asset}" ` +
        `at node ${number} for ${notStored(attribute, stored)}`;
      return [finding("type_mismatch", [name, asset], message)];
    });
  };
  return [
    ...materialFunctions.flatMap((one) => lacking(one, "material function")),
    ...materials.flatMap((one) => isMaterialJson(one) ? lacking(one, "material") : []),
  ];
}

function labelOf(kind: SampleTypeChange["kind"]): string {
  return kind === "material" ? "Material" : "Material function";
}
