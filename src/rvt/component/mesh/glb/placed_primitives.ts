/**
 * The primitives of a glTF scene, where its nodes place them.
 *
 * @module
 */

import type { Mesh, Node, Root } from "npm:@gltf-transform/core@4.5.1";

/** A primitive of a mesh, at one node. */
export interface PlacedPrimitive {
  /** The name of its node, else that of its mesh, else `mesh` and its number in the list. */
  readonly name: string;
  /** The mesh that it is part of, and which part. */
  readonly mesh: Mesh;
  readonly at: number;
  /** To a space whose z is up, column-major. */
  readonly toScene: readonly number[];
}

/** glTF's y is up, and its z comes towards the viewer: x, y, z become x, -z, y. */
const Z_UP = [1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1];

/**
 * Lists the primitives that a file shows, in the order of its nodes.
 *
 * @param skinned Numbers of the nodes whose own transforms do not move their mesh.
 */
export function placedPrimitives(root: Root, skinned: ReadonlySet<number>): PlacedPrimitive[] {
  const nodes = root.listNodes();
  const scene = root.getDefaultScene();
  const shown = new Set<Node>();
  if (scene === null) nodes.forEach((node) => shown.add(node));
  else scene.traverse((node) => void shown.add(node));
  const placed: PlacedPrimitive[] = [];
  for (const [number, node] of nodes.entries()) {
    const mesh = node.getMesh();
    if (!shown.has(node) || mesh === null) continue;
    const toScene = skinned.has(number) ? Z_UP : zUp(node.getWorldMatrix());
    for (const at of mesh.listPrimitives().keys()) {
      const name = node.getName() || mesh.getName() || `mesh ${placed.length}`;
      placed.push({ name, mesh, at, toScene });
    }
  }
  return placed;
}

function zUp(matrix: ArrayLike<number>): number[] {
  return Array.from(matrix, (_, at) => {
    const first = at - at % 4;
    const [x, y, z, w] = [0, 1, 2, 3].map((row) => matrix[first + row]!) as [
      number,
      number,
      number,
      number,
    ];
    return [x, -z, y, w][at % 4]!;
  });
}
