/**
 * Checks of glTF's nodes and scenes: nodes form trees, and scenes list their roots.
 *
 * @module
 */

import { malformedGlb } from "./glb_container.ts";
import { checkIndex, type GlbFile, indices, type JsonRecord } from "./json_values.ts";

/** Nodes whose mesh has a skin, so that their own transforms do not move it (glTF 2.0, 3.7.3.3). */
export function skinnedNodes(json: unknown): ReadonlySet<number> {
  const nodes = (json as { nodes?: readonly JsonRecord[] }).nodes ?? [];
  return new Set([...nodes.keys()].filter((node) => nodes[node]!.skin !== undefined));
}

/**
 * Checks nodes: each has one parent at most, and is not below itself.
 *
 * @throws {MalformedFileError} if it is not so.
 */
export function checkNodes(
  nodes: readonly JsonRecord[],
  { file, meshes }: { readonly file: GlbFile; readonly meshes: readonly JsonRecord[] },
): void {
  const parents = new Int32Array(nodes.length).fill(-1);
  nodes.forEach((node, at) => {
    const what = `node ${at}`;
    if (node.mesh !== undefined) {
      checkIndex(node.mesh, `mesh of ${what}`, { file, count: meshes.length });
    }
    for (
      const [part, count] of [["translation", 3], ["rotation", 4], ["scale", 3], ["matrix", 16]]
    ) {
      const numbers = node[part as string];
      if (numbers === undefined) continue;
      const isVector = Array.isArray(numbers) && numbers.length === count &&
        numbers.every(Number.isFinite);
      if (!isVector) {
        throw malformedGlb(file.name, `${part} of ${what} must be ${count} finite numbers`);
      }
    }
    for (const child of indices(node.children, `children of ${what}`, file)) {
      checkIndex(child, `a child of ${what}`, { file, count: nodes.length });
      if (parents[child as number] !== -1) {
        throw malformedGlb(file.name, `node ${child} must have one parent`);
      }
      parents[child as number] = at;
    }
  });
  // Along the parents of one node there are fewer steps than nodes, unless they go round.
  const isBelowRoot = new Uint8Array(nodes.length);
  nodes.forEach((_, at) => {
    const path: number[] = [];
    let node = at;
    while (node !== -1 && isBelowRoot[node] === 0) {
      if (path.length > nodes.length) throw malformedGlb(file.name, "its nodes must form trees");
      path.push(node);
      node = parents[node]!;
    }
    for (const passed of path) isBelowRoot[passed] = 1;
  });
}

/**
 * Checks a scene: it lists nodes without parents, each once.
 *
 * @throws {MalformedFileError} if it does not.
 */
export function checkScene(
  scene: JsonRecord,
  what: string,
  { file, nodes }: { readonly file: GlbFile; readonly nodes: readonly JsonRecord[] },
): void {
  const children = new Set(nodes.flatMap((node) => (node.children ?? []) as readonly unknown[]));
  const listed = indices(scene.nodes, `nodes of ${what}`, file);
  for (const node of listed) {
    checkIndex(node, `a node of ${what}`, { file, count: nodes.length });
    if (children.has(node)) throw malformedGlb(file.name, `node ${node} must have one parent`);
  }
  if (new Set(listed).size === listed.length) return;
  throw malformedGlb(file.name, `${what} must list each node once`);
}
