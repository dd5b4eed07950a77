/**
 * Fix Material Usage, over projects.
 *
 * @module
 */

import { checkedInstance } from "../../../checks.ts";
import {
  type AttributeName,
  currentMaterialType,
  DEFAULT_SETTINGS,
  MATERIAL_TYPES,
  type MaterialTypeName,
} from "../../asset/mod.ts";
import type { MaterialFunctionJson, MaterialJson, NodeJson } from "../../material/mod.ts";
import { type AssetJson, fileIn, isMaterialJson, Project } from "../../project/mod.ts";
import { assetNamed, samplesAsset } from "./find_materials.ts";
import { type InstanceMisfit, misfitKey, misfitsIn } from "./instance_types.ts";

/** A sample whose material type is not that of its asset. */
export interface SampleTypeChange {
  /** What the sample is in. */
  readonly kind: "material" | "material function";
  /** Its name. */
  readonly name: string;
  /** The file of the project that holds it. */
  readonly file: string;
  /** The number of the sample's node. */
  readonly node: number;
  /** The asset that is sampled. */
  readonly asset: string;
  /** The material type of the sample. */
  readonly from: MaterialTypeName;
  /** The material type of the asset. */
  readonly to: MaterialTypeName;
  /** What the sample gives, if the asset does not store it: its clear value then; else null. */
  readonly lacks: AttributeName | null;
}

/** A project whose samples were fixed, and what was changed. */
export interface FixedMaterials {
  /** The project as it is now; the same object if nothing was to be fixed. */
  readonly project: Project;
  /** What was changed. */
  readonly changes: readonly SampleTypeChange[];
  /**
   * Assets that instances give to parameters, and that fit no more: parameters have the type of the sample's
   * own asset. They stay as they are, and `checkProject` finds them.
   */
  readonly misfits: readonly InstanceMisfit[];
}

/**
 * Gives every sample of an asset, in the materials and functions of a project, the material type that the
 * asset has. The project stays as it is; the one that comes back can be saved.
 *
 * @throws {InvalidArgumentError} if the project is none, or the name is not a string.
 * @throws {OutOfRangeError} if the project has no such asset.
 */
export function fixMaterials(project: Project, asset: string): FixedMaterials {
  const failure = "Cannot fix materials";
  checkedInstance(project, { name: "project", failure, kind: Project });
  const fixed = fixAssets(project, [assetNamed(project, asset, failure)]);
  const before = new Set(misfitsIn(project).map(misfitKey));
  const misfits = misfitsIn(fixed.project).filter((one) => !before.has(misfitKey(one)));
  return { ...fixed, misfits };
}

/** As {@linkcode fixMaterials}, for some assets of a project, or all of them, without looking for misfits. */
export function fixAssets(
  project: Project,
  assets: readonly AssetJson[] = project.content.assets,
): Omit<FixedMaterials, "misfits"> {
  const changes: SampleTypeChange[] = [];
  const types = new Map(assets.map((asset) => [asset.name, typeOf(asset)]));
  const fixed = <Json extends MaterialJson | MaterialFunctionJson>(
    json: Json,
    kind: SampleTypeChange["kind"],
  ): Json => {
    const file = fileIn(
      project,
      kind === "material" ? "materials" : "materialFunctions",
      json.name,
    );
    const own: SampleTypeChange[] = [];
    const nodes = json.nodes.map((node, number) => {
      const asset = node.asset as string;
      const to = samplesAsset(node, asset) ? types.get(asset) : undefined;
      if (to === undefined || node.materialType === undefined) return node;
      const from = currentMaterialType(node.materialType, "Cannot fix materials");
      if (from === to) return node;
      const lacks = lackOf(node, to);
      own.push({ kind, name: json.name, file, node: number, asset, from, to, lacks });
      return { ...node, materialType: to };
    });
    changes.push(...own);
    return own.length === 0 ? json : { ...json, nodes };
  };
  const { content } = project;
  const materialFunctions = content.materialFunctions.map((one) => fixed(one, "material function"));
  const materials = content.materials.map((one) =>
    isMaterialJson(one) ? fixed(one, "material") : one
  );
  if (changes.length === 0) return { project, changes };
  return { project: project.withContent({ materialFunctions, materials }), changes };
}

function typeOf({ name, materialType = DEFAULT_SETTINGS.materialType }: AssetJson) {
  return currentMaterialType(materialType, `Cannot tell the material type of "${name}"`);
}

function lackOf({ attribute }: NodeJson, type: MaterialTypeName): AttributeName | null {
  const name = attribute as AttributeName;
  return MATERIAL_TYPES[type].attributes.includes(name) ? null : name;
}
