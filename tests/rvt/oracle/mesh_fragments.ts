/**
 * What a mesh shows of itself in a tile.
 *
 * @module
 */

import type { MeshDraw } from "../../../src/rvt/component/component_draw.ts";
import {
  type Affine,
  crossed,
  determinant,
  difference,
  dot,
  inverted,
  multiplied,
  normalized,
  transformedNormal,
  transformedPoint,
  type Vec3,
  weighted,
} from "./affine.ts";
import {
  type Fragment,
  type FragmentView,
  type FragmentVisitor,
  type Tolerances,
  UNCERTAIN,
} from "./fragment.ts";
import { type Place, rasterizeTriangle } from "./rasterize.ts";
import { type TileView, worldToTexels } from "./tile_view.ts";

/** Which sides of triangles are drawn: those that face the top of the volume, or all. */
export type DrawnFaces = "front" | "both";

/** Where to draw, and how. */
export interface MeshFragmentOptions {
  readonly tile: TileView;
  readonly view: FragmentView;
  readonly faces: DrawnFaces;
  readonly tolerances: Tolerances;
  readonly visitor: FragmentVisitor;
}

interface Corner {
  readonly world: Vec3;
  readonly texels: Vec3;
  readonly normal: Vec3;
  readonly uv: Vec3;
}

type Triangle = readonly [Corner, Corner, Corner];

/**
 * Draws a mesh: instances in their order, in each the triangles in theirs, without a depth test. World
 * position and uv are interpolated, and so are normals, of unit length in the world at the corners and
 * again at the texel. Normals are those of the side that is seen.
 */
export function drawMeshFragments(draw: MeshDraw, options: MeshFragmentOptions): void {
  const { indices } = draw.mesh;
  for (const toWorld of draw.instances) {
    const toTexels = multiplied(worldToTexels(options.tile), toWorld);
    const toObject = inverted(toWorld);
    const corners = Array.from(
      { length: draw.mesh.positions.length / 3 },
      (_, vertex) => cornerAt(draw, { vertex, toWorld, toObject, toTexels }),
    );
    for (let first = 0; first < indices.length; first += 3) {
      const triangle = [0, 1, 2].map((k) => corners[indices[first + k]!]!) as unknown as Triangle;
      if (facesTheTop(triangle, toWorld, options.tile)) drawTriangle(triangle, options);
      else if (options.faces === "both") drawTriangle(turned(triangle), options);
    }
  }
}

function cornerAt(
  { mesh }: MeshDraw,
  { vertex, toWorld, toObject, toTexels }: {
    readonly vertex: number;
    readonly toWorld: Affine;
    readonly toObject: Affine;
    readonly toTexels: Affine;
  },
): Corner {
  const position = Array.from(mesh.positions.subarray(3 * vertex, 3 * vertex + 3));
  const normal = Array.from(mesh.normals.subarray(3 * vertex, 3 * vertex + 3));
  return {
    world: transformedPoint(toWorld, position as unknown as Vec3),
    texels: transformedPoint(toTexels, position as unknown as Vec3),
    normal: normalized(transformedNormal(toObject, normal as unknown as Vec3)),
    uv: [mesh.uvs[2 * vertex]!, mesh.uvs[2 * vertex + 1]!, 0],
  };
}

/** The same triangle with the normals of its other side. */
function turned(triangle: Triangle): Triangle {
  return triangle.map((corner) => ({
    ...corner,
    normal: corner.normal.map((part) => -part) as unknown as Vec3,
  })) as unknown as Triangle;
}

/** Whether the side from which the corners run counter-clockwise in the object faces w = 0. */
function facesTheTop([a, b, c]: Triangle, toWorld: Affine, tile: TileView): boolean {
  const normal = crossed(difference(b.world, a.world), difference(c.world, a.world));
  const down: Vec3 = [tile.worldToVolume[2]!, tile.worldToVolume[6]!, tile.worldToVolume[10]!];
  // A mirrored instance keeps its outside, while its corners run the other way around.
  return dot(normal, down) * Math.sign(determinant(toWorld)) < 0;
}

function drawTriangle(triangle: Triangle, options: MeshFragmentOptions): void {
  const { tile, tolerances, visitor, view } = options;
  const corners = (name: keyof Corner) => triangle.map((corner) => corner[name]) as Vec3[];
  const texels = corners("texels") as [Vec3, Vec3, Vec3];
  const places = texels.map(([x, y]) => [x, y] as const) as unknown as [Place, Place, Place];
  rasterizeTriangle(places, {
    raster: { width: tile.width, height: tile.height, edgeTexels: tolerances.edgeTexels },
    visitor: {
      nearEdge: (column, row) => visitor.mark(column, row, UNCERTAIN.edge),
      cover: (column, row, weights) => {
        const w = weighted(weights, texels)[2];
        if (Math.min(Math.abs(w), Math.abs(w - 1)) <= tolerances.depth) {
          visitor.mark(column, row, UNCERTAIN.height);
        }
        if (w < 0 || w > 1) return;
        visitor.draw(column, row, fragmentAt(triangle, weights, view));
      },
    },
  });
}

function fragmentAt(triangle: Triangle, weights: Vec3, view: FragmentView): Fragment {
  const mean = (name: keyof Corner) =>
    weighted(weights, triangle.map((corner) => corner[name]) as [Vec3, Vec3, Vec3]);
  const [u, v] = mean("uv");
  return {
    worldPosition: mean("world"),
    uv: [u, v],
    vertexNormal: normalized(mean("normal")),
    layerWeight: () => 0,
    view,
    shifted: (columns, rows) => {
      const [x, y] = mean("texels");
      return fragmentAt(triangle, weightsAt(triangle, [x + columns, y + rows]), view);
    },
  };
}

/** Weights of the corners at a place of their plane, inside the triangle or not. */
function weightsAt(triangle: Triangle, [x, y]: Place): Vec3 {
  const [a, b, c] = triangle.map(({ texels }) => texels) as [Vec3, Vec3, Vec3];
  const area = (p: Vec3, q: Vec3) => (p[0] - x) * (q[1] - y) - (p[1] - y) * (q[0] - x);
  const parts = [area(b, c), area(c, a), area(a, b)] as const;
  const sum = parts[0] + parts[1] + parts[2];
  return [parts[0] / sum, parts[1] / sum, parts[2] / sum];
}
