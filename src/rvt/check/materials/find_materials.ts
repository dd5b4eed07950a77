/**
 * Find Materials Using This, over projects.
 *
 * @module
 */

import { checkedInstance, checkedKnownName } from "../../../checks.ts";
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
  const functions = usersOf(materialFunctions.map((one): Candidate => ({
    kind: "material function",
    name: one.name,
    file: fileIn(project, "materialFunctions", one.name),
    ...samplesIn(one, asset),
    parameters: [],
  })));
  const calling = new Set(functions.map(({ name }) => name));
  const found = usersOf(materials.map((one): Candidate => {
    const common = { name: one.name, file: fileIn(project, "materials", one.name) };
    if (!isMaterialJson(one)) {
      const parameters = Object.entries(one.runtimeVirtualTextures)
        .flatMap(([parameter, given]) => given === asset ? [parameter] : []);
      return { kind: "material instance", ...common, nodes: [], parameters, needs: [one.parent] };
    }
    const { nodes, needs } = samplesIn(one, asset);
    const through = needs.filter((name) => calling.has(name));
    return { kind: "material", ...common, nodes, parameters: [], needs: [], through };
  }));
  return [...functions, ...found];
}

/** Something that may sample an asset, and what it could sample it through, of its own list. */
interface Candidate extends Omit<FoundMaterial, "through"> {
  readonly needs: readonly string[];
  /** What it is known to sample it through, of another list. */
  readonly through?: readonly string[];
}

/** Those that sample the asset themselves, or through others that do, in their order. */
function usersOf(candidates: readonly Candidate[]): FoundMaterial[] {
  const users = new Set(
    candidates.filter(({ nodes, parameters, through = [] }) =>
      nodes.length + parameters.length + through.length > 0
    ).map(({ name }) => name),
  );
  // Until nothing more comes, as one may stand before what it needs.
  for (let before = -1; before !== users.size;) {
    before = users.size;
    for (const { name, needs } of candidates) {
      if (needs.some((need) => users.has(need))) users.add(name);
    }
  }
  return candidates.filter(({ name }) => users.has(name)).map(
    ({ needs, through = [], ...found }) => ({
      ...found,
      through: [...through, ...needs.filter((need) => users.has(need))],
    }),
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

type WithNodes = Pick<MaterialJson | MaterialFunctionJson, "nodes">;

/** Whether a node samples an asset. */
export function samplesAsset(node: NodeJson, asset: string): boolean {
  return node.kind === "runtime_virtual_texture_sample" && node.asset === asset;
}

/** Nodes that sample an asset, and functions that are called. */
function samplesIn({ nodes }: WithNodes, asset: string): Pick<Candidate, "nodes" | "needs"> {
  const called = nodes.flatMap((node) =>
    node.kind === "function_call" ? [node.function as string] : []
  );
  return {
    nodes: nodes.flatMap((node, number) => samplesAsset(node, asset) ? [number] : []),
    needs: [...new Set(called)],
  };
}
