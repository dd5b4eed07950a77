/**
 * What the pixels of a picture show of a scene, by rays in float64.
 *
 * @module
 */

import type {
  ComponentDraw,
  LandscapeDraw,
  MeshDraw,
} from "../../../src/rvt/component/component_draw.ts";
import type { RenderCamera } from "../../../src/scene/mod.ts";
import {
  crossed,
  difference,
  dot,
  inverted,
  normalized,
  transformedNormal,
  transformedPoint,
  transformedVector,
  type Vec3,
  weighted,
} from "../../rvt/oracle/affine.ts";
import type { Fragment } from "../../rvt/oracle/fragment.ts";
import { heightAt, layerWeightAt, normalAt } from "../../rvt/oracle/height_field.ts";

/** Points from + t · along; of a perspective camera, those with t > 0 are in front of it. */
export interface Ray {
  readonly from: Vec3;
  readonly along: Vec3;
  readonly isPerspective: boolean;
}

/** The ray through a place of a picture, in pixels from its upper left corner. */
export type RayOf = (x: number, y: number) => Ray;

/** The rays of a camera whose projection has a row for w of 0, 0, ±1, 0 or 0, 0, 0, 1. */
export function raysOf({ view, projection, width, height }: RenderCamera): RayOf {
  const toWorld = inverted(view);
  const p = projection!;
  const isPerspective = p[11] !== 0;
  return (x, y) => {
    const [clipX, clipY] = [2 * x / width - 1, 1 - 2 * y / height];
    if (isPerspective) {
      // At z = −1 of the view.
      const w = -p[11]!;
      const along: Vec3 = [(clipX * w + p[8]!) / p[0]!, (clipY * w + p[9]!) / p[5]!, -1];
      return {
        from: transformedPoint(toWorld, [0, 0, 0]),
        along: transformedVector(toWorld, along),
        isPerspective,
      };
    }
    const from: Vec3 = [(clipX - p[12]!) / p[0]!, (clipY - p[13]!) / p[5]!, 0];
    return {
      from: transformedPoint(toWorld, from),
      along: transformedVector(toWorld, [0, 0, -1]),
      isPerspective,
    };
  };
}

/** A triangle of a draw. */
export interface Facet {
  /** Number of its draw. */
  readonly draw: number;
  readonly corners: readonly [Vec3, Vec3, Vec3];
  /** Whether its corners turn the other way, as its object is mirrored. */
  readonly isMirrored: boolean;
  /** Whether it is shown from behind, with the normals of that side. */
  readonly isTwoSided: boolean;
  /** The surface at a point of the triangle's plane, by weights of its corners. */
  surfaceAt(weights: Vec3): Omit<Fragment, "view" | "shifted">;
}

/**
 * The triangles of draws. A landscape has two for each cell of samples, divided from the corner of higher
 * x to that of higher y; on them, heights and normals are the landscape's own.
 */
export function facetsOf(draws: readonly ComponentDraw[]): Facet[] {
  return draws.flatMap((draw, number) =>
    draw.kind === "mesh" ? meshFacets(draw, number) : landscapeFacets(draw, number)
  );
}

function meshFacets({ mesh, instances, material }: MeshDraw, draw: number): Facet[] {
  const three = (numbers: Float32Array, k: number) =>
    Array.from(numbers.subarray(3 * k, 3 * k + 3)) as unknown as Vec3;
  return instances.flatMap((toWorld) => {
    const inverse = inverted(toWorld);
    return Array.from({ length: mesh.indices.length / 3 }, (_, k): Facet => {
      const corners = [0, 1, 2].map((i) => mesh.indices[3 * k + i]!);
      const at = (vertex: number) => transformedPoint(toWorld, three(mesh.positions, vertex));
      const normal = (vertex: number) =>
        normalized(transformedNormal(inverse, three(mesh.normals, vertex)));
      const uv = (vertex: number): Vec3 => [mesh.uvs[2 * vertex]!, mesh.uvs[2 * vertex + 1]!, 0];
      const all = (of: (vertex: number) => Vec3) => corners.map(of) as [Vec3, Vec3, Vec3];
      const [places, normals, uvs] = [all(at), all(normal), all(uv)];
      return {
        draw,
        corners: places,
        isMirrored: isMirroring(toWorld),
        isTwoSided: material.graph.twoSided,
        surfaceAt: (weights) => {
          const [u, v] = weighted(weights, uvs);
          return {
            worldPosition: weighted(weights, places),
            uv: [u, v],
            vertexNormal: normalized(weighted(weights, normals)),
            layerWeight: () => 0,
          };
        },
      };
    });
  });
}

/** Whether a matrix turns triangles the other way: its determinant is below 0. */
function isMirroring(m: ArrayLike<number>): boolean {
  const column = (i: number): Vec3 => [m[4 * i]!, m[4 * i + 1]!, m[4 * i + 2]!];
  return dot(column(0), crossed(column(1), column(2))) < 0;
}

function landscapeFacets(
  { surface, section, toWorld, material }: LandscapeDraw,
  draw: number,
): Facet[] {
  const inverse = inverted(toWorld);
  const facets: Facet[] = [];
  const add = (...samples: readonly (readonly [number, number])[]) => {
    const own = samples.map(([x, y]): Vec3 => [x, y, heightAt(surface, [x, y])]);
    facets.push({
      draw,
      corners: own.map((at) => transformedPoint(toWorld, at)) as [Vec3, Vec3, Vec3],
      isMirrored: isMirroring(toWorld),
      isTwoSided: material.graph.twoSided,
      surfaceAt: (weights) => {
        const [x, y] = weighted(weights, own as [Vec3, Vec3, Vec3]);
        const place = [x, y] as const;
        return {
          worldPosition: transformedPoint(toWorld, [x, y, heightAt(surface, place)]),
          uv: [x / (surface.width - 1), y / (surface.height - 1)],
          vertexNormal: normalized(transformedNormal(inverse, normalAt(surface, place))),
          layerWeight: (layer) => layerWeightAt(surface, { layer, place }),
        };
      },
    });
  };
  for (let y = section.y0; y < section.y1; y++) {
    for (let x = section.x0; x < section.x1; x++) {
      add([x, y], [x + 1, y], [x, y + 1]);
      add([x, y + 1], [x + 1, y], [x + 1, y + 1]);
    }
  }
  return facets;
}

/** Where a ray meets the plane of a triangle, and from which side; null if it runs along it. */
export function meetPlane(
  { corners: [a, b, c], isMirrored }: Facet,
  { from, along }: Ray,
): { readonly t: number; readonly weights: Vec3; readonly isFront: boolean } | null {
  // Möller and Trumbore 1997, "Fast, Minimum Storage Ray/Triangle Intersection".
  const [edge1, edge2, offset] = [difference(b, a), difference(c, a), difference(from, a)];
  const p = crossed(along, edge2);
  const determinant = dot(p, edge1);
  if (determinant === 0) return null;
  const q = crossed(offset, edge1);
  const [u, v] = [dot(p, offset) / determinant, dot(q, along) / determinant];
  return {
    t: dot(q, edge2) / determinant,
    weights: [1 - u - v, u, v],
    isFront: determinant > 0 !== isMirrored,
  };
}

/** Finds the triangles that may be seen near a place of a picture, by the boxes around them there. */
export function facetFinder(
  facets: readonly Facet[],
  camera: RenderCamera,
): (x: number, y: number) => Facet[] {
  const boxes = facets.map(({ corners }) => {
    const places = corners.map((corner) => placeInPicture(corner, camera));
    // What reaches behind the camera may be anywhere.
    if (places.includes(null)) return [-Infinity, -Infinity, Infinity, Infinity] as const;
    const along = (axis: 0 | 1) => places.map((place) => place![axis]);
    return [
      ...[Math.min(...along(0)) - 1, Math.min(...along(1)) - 1],
      ...[Math.max(...along(0)) + 1, Math.max(...along(1)) + 1],
    ] as const;
  });
  return (x, y) =>
    facets.filter((_, i) => {
      const [left, top, right, bottom] = boxes[i]!;
      return x >= left! && x <= right! && y >= top! && y <= bottom!;
    });
}

/** Pixels from the upper left corner; null behind a perspective camera. */
function placeInPicture(
  corner: Vec3,
  { view, projection, width, height }: RenderCamera,
): readonly [number, number] | null {
  const [x, y, z] = transformedPoint(view, corner);
  const p = projection!;
  const w = p[11]! * z + p[15]!;
  if (w <= 0) return null;
  const clip = [p[0]! * x + p[8]! * z + p[12]!, p[5]! * y + p[9]! * z + p[13]!];
  return [(clip[0]! / w + 1) / 2 * width, (1 - clip[1]! / w) / 2 * height];
}

/** A point of a triangle that a ray meets. */
export interface Hit {
  readonly facet: Facet;
  readonly t: number;
}

/** What a ray meets, nearest first. */
export function hitsOf(facets: readonly Facet[], ray: Ray): Hit[] {
  const hits: Hit[] = [];
  for (const facet of facets) {
    const met = meetPlane(facet, ray);
    if (met === null || Math.min(...met.weights) < 0) continue;
    if (ray.isPerspective && met.t <= 0) continue;
    if (!met.isFront && !facet.isTwoSided) continue;
    hits.push({ facet, t: met.t });
  }
  return hits.sort((a, b) => a.t - b.t);
}

/** The surface that a pixel shows of a triangle; neighbouring pixels show the same plane. */
export function fragmentOf(
  facet: Facet,
  rayOf: RayOf,
  [x, y]: readonly [number, number],
): Fragment {
  const { weights, isFront } = meetPlane(facet, rayOf(x, y))!;
  const surface = facet.surfaceAt(weights);
  const [nx, ny, nz] = surface.vertexNormal;
  return {
    ...surface,
    vertexNormal: isFront ? surface.vertexNormal : [-nx, -ny, -nz],
    view: { outputLevel: 0, levelCount: 0, outputDerivative: [0, 0] },
    shifted: (columns, rows) => fragmentOf(facet, rayOf, [x + columns, y + rows]),
  };
}
