/**
 * Find Materials Using This, over projects.
 *
 * @module
 */

import { checkedInstance, checkedString } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import type { MaterialFunctionJson, MaterialJson, NodeJson } from "../../material/mod.ts";
import { type AssetJson, fileIn, isMaterialJson, Project } from "../../project/mod.ts";

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
 * functions that they call and parents that they have.
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
  const users = new Map<string, FoundMaterial>();
  const found: FoundMaterial[] = [];
  // Until nothing more comes, as a function may be called by one that stands before it.
  for (let before = -1; before !== users.size;) {
    before = users.size;
    for (const one of materialFunctions) noteFunction(one);
  }
  const parents = new Map<string, FoundMaterial>();
  for (let before = -1; before !== parents.size;) {
    before = parents.size;
    for (const one of materials) noteMaterial(one);
  }
  found.push(...materialFunctions.flatMap(({ name }) => users.get(name) ?? []));
  found.push(...materials.flatMap(({ name }) => parents.get(name) ?? []));
  return found;

  function noteFunction(one: MaterialFunctionJson): void {
    const nodes = sampleNodes(one, asset);
    const through = calledOf(one).filter((name) => users.has(name));
    if (nodes.length + through.length === 0) return;
    const file = fileIn(project, "materialFunctions", one.name);
    const kind = "material function";
    users.set(one.name, { kind, name: one.name, file, nodes, parameters: [], through });
  }

  function noteMaterial(one: typeof materials[number]): void {
    const file = fileIn(project, "materials", one.name);
    const { name } = one;
    if (isMaterialJson(one)) {
      const nodes = sampleNodes(one, asset);
      const through = calledOf(one).filter((called) => users.has(called));
      if (nodes.length + through.length === 0) return;
      parents.set(name, { kind: "material", name, file, nodes, parameters: [], through });
      return;
    }
    const parameters = Object.entries(one.runtimeVirtualTextures)
      .flatMap(([parameter, given]) => given === asset ? [parameter] : []);
    const through = parents.has(one.parent) ? [one.parent] : [];
    if (parameters.length + through.length === 0) return;
    parents.set(name, { kind: "material instance", name, file, nodes: [], parameters, through });
  }
}

/**
 * An asset of a project.
 *
 * @throws {InvalidArgumentError} if the name is not a string.
 * @throws {OutOfRangeError} if there is no such asset.
 */
export function assetNamed(project: Project, name: string, failure: string): AssetJson {
  checkedString(name, { name: "asset", failure });
  const { assets } = project.content;
  const found = assets.find((asset) => asset.name === name);
  if (found !== undefined) return found;
  throw new OutOfRangeError(
    "asset",
    `${failure} as asset must be one of ${assets.map((asset) => asset.name).join(", ")}: ` +
      `current value is ${name}`,
  );
}

type WithNodes = Pick<MaterialJson | MaterialFunctionJson, "nodes">;

/** Whether a node samples an asset. */
export function samplesAsset(node: NodeJson, asset: string): boolean {
  return node.kind === "runtime_virtual_texture_sample" && node.asset === asset;
}

function sampleNodes({ nodes }: WithNodes, asset: string): number[] {
  return nodes.flatMap((node, number) => samplesAsset(node, asset) ? [number] : []);
}

function calledOf({ nodes }: WithNodes): string[] {
  return [
    ...new Set(
      nodes.flatMap((node) => node.kind === "function_call" ? [node.function as string] : []),
    ),
  ];
}
