/**
 * Which parts of a texture the meshes of a component are certain to cover. Pure.
 *
 * @module
 */

import { type Mesh, multiply4, transformPoint } from "../../geometry/mod.ts";
import {
  type ComponentDraw,
  type Footprint,
  footprintBounds,
  type FootprintPoint,
  type FootprintRect,
  isInTriangle,
  isTriangleDrawn,
  lineTouches,
  type MeshDraw,
  triangleNormal,
  viewInObject,
} from "../component/mod.ts";

/** How near to the top or the bottom of a volume nothing is certain to be drawn, as a part of its depth. */
const DEPTH_MARGIN = 1e-4;
/** Triangles of a component that are looked at; meshes beyond cover nothing that is certain. */
const MOST_TRIANGLES = 200_000;

type Triangle = readonly [FootprintPoint, FootprintPoint, FootprintPoint];

/** Triangles of a mesh that face one way, as they lie on a texture. */
interface Surface {
  readonly triangles: readonly Triangle[];
  /** Edges that no other of the triangles continues. */
  readonly rim: readonly (readonly [FootprintPoint, FootprintPoint])[];
  readonly bounds: FootprintRect;
}

/** The meshes of a component in a tile. */
export class MeshCover {
  readonly #surfaces: readonly Surface[];

  /**
   * @param draws What the component draws into the tile; parts of landscapes are left out.
   * @param toVolume World to volume, column-major.
   */
  constructor(draws: readonly ComponentDraw[], toVolume: ArrayLike<number>) {
    let left = MOST_TRIANGLES;
    this.#surfaces = draws.flatMap((draw) => {
      if (draw.kind === "landscape") return [];
      return draw.instances.flatMap((toWorld) => {
        left -= draw.mesh.indices.length / 3;
        return left < 0 ? [] : surfacesOf(draw, toWorld, toVolume);
      });
    });
  }

  /**
   * Whether one of the meshes is certain to draw every point of a convex polygon: no rim crosses it, so that a
   * surface has all of it or nothing. What only several meshes cover together is not certain.
   */
  covers(polygon: Footprint): boolean {
    const { u0, v0, u1, v1 } = footprintBounds(polygon);
    return this.#surfaces.some(({ bounds, rim, triangles }) => {
      if (bounds.u0 > u0 || bounds.v0 > v0 || bounds.u1 < u1 || bounds.v1 < v1) return false;
      return triangles.some((triangle) => isInTriangle(polygon[0]!, triangle)) &&
        !rim.some((edge) => lineTouches(edge, polygon));
    });
  }
}

/** The front of a mesh, and of one whose material has two sides its back. */
function surfacesOf(
  { mesh, material }: MeshDraw,
  toWorld: ArrayLike<number>,
  toVolume: ArrayLike<number>,
): Surface[] {
  const matrix = multiply4(toVolume, toWorld);
  const view = viewInObject(toWorld, toVolume);
  const { positions, indices } = mesh;
  const places = Array.from({ length: positions.length / 3 }, (_, vertex) => {
    const [x, y, z] = positions.subarray(3 * vertex, 3 * vertex + 3);
    return transformPoint(matrix, [x!, y!, z!]);
  });
  const isInside = places.map(([, , w]) => w >= DEPTH_MARGIN && w <= 1 - DEPTH_MARGIN);
  const [front, back]: number[][] = [[], []];
  for (let triangle = 0; 3 * triangle < indices.length; triangle++) {
    if (![0, 1, 2].every((corner) => isInside[indices[3 * triangle + corner]!])) continue;
    const normal = triangleNormal(mesh, triangle);
    if (!isTriangleDrawn(normal, view, material.graph.twoSided)) continue;
    (isTriangleDrawn(normal, view, false) ? front! : back!).push(triangle);
  }
  return [front!, back!].filter((side) => side.length > 0)
    .map((side) => surfaceOf(mesh, side, places));
}

function surfaceOf(
  mesh: Mesh,
  list: readonly number[],
  places: readonly ArrayLike<number>[],
): Surface {
  const { indices } = mesh;
  const merged = mergedVertices(mesh);
  const at = (vertex: number): FootprintPoint => [places[vertex]![0]!, places[vertex]![1]!];
  const triangles = list.map((triangle): Triangle => [
    at(indices[3 * triangle]!),
    at(indices[3 * triangle + 1]!),
    at(indices[3 * triangle + 2]!),
  ]);
  const edges = list.flatMap((triangle) =>
    [0, 1, 2].map((corner) => [
      merged[indices[3 * triangle + corner]!]!,
      merged[indices[3 * triangle + (corner + 1) % 3]!]!,
    ])
  );
  const key = (from: number, to: number) => from * places.length + to;
  const known = new Set(edges.map(([from, to]) => key(from!, to!)));
  const rim = edges.filter(([from, to]) => !known.has(key(to!, from!)))
    .map(([from, to]) => [at(from!), at(to!)] as const);
  const corners = rim.length === 0 ? triangles.flat() : rim.flat();
  return { triangles, rim, bounds: boundsOf(corners) };
}

/** For each vertex the first one at its place: vertices at one place stay at one on the GPU, too. */
function mergedVertices({ positions }: Mesh): readonly number[] {
  const first = new Map<string, number>();
  return Array.from({ length: positions.length / 3 }, (_, vertex) => {
    const place = positions.subarray(3 * vertex, 3 * vertex + 3).join();
    if (!first.has(place)) first.set(place, vertex);
    return first.get(place)!;
  });
}

function boundsOf(points: readonly FootprintPoint[]): FootprintRect {
  let [u0, v0, u1, v1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [u, v] of points) {
    [u0, v0] = [Math.min(u0, u), Math.min(v0, v)];
    [u1, v1] = [Math.max(u1, u), Math.max(v1, v)];
  }
  return { u0, v0, u1, v1 };
}
