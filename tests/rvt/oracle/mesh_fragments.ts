/**
 * What a mesh shows of itself in a tile.
 *
 * @module
 */

import type { MeshDraw } from "../../../src/rvt/component/component_draw.ts";
import {
  type Affine,
  crossed,
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
import { type FragmentView, type FragmentVisitor, type Tolerances, UNCERTAIN } from "./fragment.ts";
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

/**
 * Draws a mesh: instances in their order, in each the triangles in theirs, without a depth test. World
 * position and uv are interpolated, and so are normals, of unit length in the world at the corners and
 * again at the texel.
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
      const triangle = [0, 1, 2].map((k) => corners[indices[first + k]!]!) as [
        Corner,
        Corner,
        Corner,
      ];
      if (options.faces === "both" || facesTheTop(triangle, toWorld, options.tile)) {
        drawTriangle(triangle, options);
      }
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

/** Whether the side from which the corners run counter-clockwise in the object faces w = 0. */
function facesTheTop([a, b, c]: readonly Corner[], toWorld: Affine, tile: TileView): boolean {
  const normal = crossed(difference(b!.world, a!.world), difference(c!.world, a!.world));
  const down: Vec3 = [tile.worldToVolume[2]!, tile.worldToVolume[6]!, tile.worldToVolume[10]!];
  // A mirrored instance keeps its outside, while its corners run the other way around.
  const [x, y, z] = [0, 4, 8].map((at) => [toWorld[at]!, toWorld[at + 1]!, toWorld[at + 2]!]);
  const isMirrored =
    dot(crossed(x as unknown as Vec3, y as unknown as Vec3), z as unknown as Vec3) < 0;
  return dot(normal, down) * (isMirrored ? -1 : 1) < 0;
}

function drawTriangle(triangle: readonly [Corner, Corner, Corner], options: MeshFragmentOptions) {
  const { tile, tolerances, visitor, view } = options;
  const pick = (name: keyof Corner) => triangle.map((corner) => corner[name]) as [Vec3, Vec3, Vec3];
  const places = triangle.map(({ texels }) => [texels[0], texels[1]] as Place);
  rasterizeTriangle(places as [Place, Place, Place], {
    raster: { width: tile.width, height: tile.height, edgeTexels: tolerances.edgeTexels },
    visitor: {
      nearEdge: (column, row) => visitor.mark(column, row, UNCERTAIN.edge),
      cover: (column, row, weights) => {
        const w = weighted(weights, pick("texels"))[2];
        if (Math.min(Math.abs(w), Math.abs(w - 1)) <= tolerances.depth) {
          visitor.mark(column, row, UNCERTAIN.height);
        }
        if (w < 0 || w > 1) return;
        const [u, v] = weighted(weights, pick("uv"));
        visitor.draw(column, row, {
          worldPosition: weighted(weights, pick("world")),
          uv: [u, v],
          vertexNormal: normalized(weighted(weights, pick("normal"))),
          layerWeight: () => 0,
          view,
        });
      },
    },
  });
}
