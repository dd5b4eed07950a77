/**
 * Find Materials Using This, over projects.
 *
 * @module
 */

import { checkedInstance, checkedKnownName } from "../../../checks.ts";
import type { MaterialFunctionJson, MaterialJson, NodeJson } from "../../material/mod.ts";
import { type AssetJson, fileIn, isMaterialJson, Project } from "../../project/mod.ts";
import { calledBy, isSample, projectSamples, samplesOne } from "./sampled_assets.ts";

/** Something that samples an asset. */
export interface FoundMaterial {
  /** What it is. */
  readonly kind: "material" | "material function" | "material instance";
  /** Its name. */
  readonly name: string;
  /** The file of the project that holds it. */
  readonly file: string;
  /** Numbers of its own nodes that sample the asset. */
  readonly nodes: readonly number[];
  /** Parameters of an instance that give the asset. */
  readonly parameters: readonly string[];
  /** Functions that it calls, and its parent, by which it samples the asset too. */
  readonly through: readonly string[];
}

/**
 * Finds the materials, functions and instances of a project that sample an asset, themselves or by
 * functions that they call and parents that they have. An instance that gives another asset to every parameter
 * by which its parent samples this one does not sample it.
 *
 * @returns Functions, then materials and instances, in the order of the project.
 * @throws {InvalidArgumentError} if the project is none, or the name is not a string.
 * @throws {OutOfRangeError} if the project has no such asset.
 */
export function findMaterials(project: Project, asset: string): FoundMaterial[] {
  const failure = "Cannot find materials";
  checkedInstance(project, { name: "project", failure, kind: Project });
  assetNamed(project, asset, failure);
  const { materialFunctions, materials } = project.content;
  const samples = projectSamples(project.content);
  const ofNodes = (json: MaterialFunctionJson | MaterialJson) => ({
    nodes: json.nodes.flatMap((node, number) => samplesAsset(node, asset) ? [number] : []),
    parameters: [],
    through: calledBy(json).filter((name) => samplesOne(samples.functions.get(name)!, asset)),
  });
  const found = [
    ...materialFunctions.map((one): FoundMaterial => ({
      kind: "material function",
      name: one.name,
      file: fileIn(project, "materialFunctions", one.name),
      ...ofNodes(one),
    })),
    ...materials.map((one): FoundMaterial => {
      const common = { name: one.name, file: fileIn(project, "materials", one.name) };
      if (isMaterialJson(one)) return { kind: "material", ...common, ...ofNodes(one) };
      const given = Object.entries(one.runtimeVirtualTextures);
      const parent = samples.materials.get(one.parent)!;
      return {
        kind: "material instance",
        ...common,
        nodes: [],
        parameters: given.flatMap(([parameter, set]) => set === asset ? [parameter] : []),
        through: samplesOne(parent, asset, given.map(([parameter]) => parameter))
          ? [one.parent]
          : [],
      };
    }),
  ];
  return found.filter(({ nodes, parameters, through }) =>
    nodes.length + parameters.length + through.length > 0
  );
}

/**
 * An asset of a project.
 *
 * @throws {InvalidArgumentError} if the name is not a string.
 * @throws {OutOfRangeError} if there is no such asset.
 */
export function assetNamed(project: Project, name: string, failure: string): AssetJson {
  const { assets } = project.content;
  checkedKnownName(name, { name: "asset", failure, known: assets.map((asset) => asset.name) });
  return assets.find((asset) => asset.name === name)!;
}

/** Whether a node samples an asset. */
export function samplesAsset(node: NodeJson, asset: string): boolean {
  return isSample(node) && node.asset === asset;
}
