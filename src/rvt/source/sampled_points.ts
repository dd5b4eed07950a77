/**
 * Points of a draw in a tile, at which is found what the tile samples. Pure, in float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import type { ComponentDraw, LandscapeDraw, MeshDraw } from "../component/mod.ts";
import { heightAt, normalAt } from "../../geometry/mod.ts";
import type { TileView } from "../tile/tile_view.ts";
import { type ClipPoint, clipToTile, gridInside } from "./clip_to_tile.ts";
import type { SurfacePoint } from "./evaluate_graph.ts";
import type { Numbers } from "./operations.ts";

/** A point of a draw, and the points one texel further on its plane, to the right and below. */
export interface SampledPoint {
  readonly at: SurfacePoint;
  readonly right: SurfacePoint;
  readonly below: SurfacePoint;
}

/** Points of one part of a draw, which stand for all of it. */
export type PointsOfPart = readonly SampledPoint[];

/**
 * Points of the parts of a draw in a tile: the instances of a mesh, or a section of a landscape. Corners
 * of what lies in the tile are among them. Parts without any are left out.
 */
export function sampledPoints(draw: ComponentDraw, view: TileView): PointsOfPart[] {
  const parts = draw.kind === "landscape"
    ? [landscapePoints(draw, view)]
    : draw.instances.map((toWorld) => meshPoints(draw, toWorld, view));
  return parts.filter(({ length }) => length > 0);
}

function landscapePoints(draw: LandscapeDraw, view: TileView): SampledPoint[] {
  const { toWorld, section: { x0, y0, x1, y1 } } = draw;
  const m = mat4d.multiply(view.toClip, toWorld as Float64Array) as Float64Array;
  const pointAt = landscapePointAt(draw);
  const determinant = m[0]! * m[5]! - m[1]! * m[4]!;
  const step = 2 / view.texels;
  // Height moves what is seen at an angle: then every part of the section may be anywhere in the tile.
  const isStraight = Math.hypot(m[8]!, m[9]!) < STRAIGHT_TEXELS * step;
  const places = isStraight && determinant !== 0
    ? placesIn([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], ([x, y]) => clipOf(m, [x, y, 0]), view)
    : gridOf([x0, y0, x1, y1]);
  const stepOf = (right: number, below: number): readonly [number, number] => [
    (right * m[5]! + below * m[4]!) * step / determinant,
    (-right * m[1]! - below * m[0]!) * step / determinant,
  ];
  const [rightX, rightY] = stepOf(1, 0);
  const [belowX, belowY] = stepOf(0, 1);
  // Of streamed heights the range alone is known: what lies between both ends may be anywhere there.
  const heights = draw.surface.streamedHeights?.range ?? [null];
  return heights.flatMap((z) =>
    places.map(([x, y]) => ({
      at: pointAt([x, y], z),
      right: pointAt([x + rightX, y + rightY], z),
      below: pointAt([x + belowX, y + belowY], z),
    }))
  );
}

/** Texels by which a unit of height moves what counts as seen along the landscape's own z. */
const STRAIGHT_TEXELS = 1e-4;

/**
 * What the shader finds at a place of a landscape, at a height or, with null, its own; places outside have
 * the heights of its edge.
 */
function landscapePointAt(
  { surface, toWorld }: LandscapeDraw,
): (place: Place, height: number | null) => SurfacePoint {
  const { width, height, heights, layers } = surface;
  const field = { width, height, heights };
  const toNormal = normalMatrix(toWorld);
  return ([x, y], given) => {
    const place = { x: clamp(x, 0, width - 1), y: clamp(y, 0, height - 1) };
    const z = given ?? heightAt(field, place);
    return {
      world: transformed(toWorld, [x, y, z]),
      uv: [x / (width - 1), y / (height - 1)],
      get normal() {
        return given === null ? unit(rotated(toNormal, normalAt(field, place))) : null;
      },
      layerWeight: (layer) => {
        const weights = layers.get(layer);
        return weights === undefined ? 0 : bilinear(weights, width, height, place) / 255;
      },
    };
  };
}

/** A place in a list of numbers, row by row, between four of them. */
function bilinear(
  values: ArrayLike<number>,
  width: number,
  height: number,
  { x, y }: { readonly x: number; readonly y: number },
): number {
  const [column, row] = [Math.min(Math.floor(x), width - 2), Math.min(Math.floor(y), height - 2)];
  const [s, t] = [x - column, y - row];
  const at = (i: number, j: number) => values[(row + j) * width + column + i]!;
  const first = at(0, 0) * (1 - s) + at(1, 0) * s;
  const second = at(0, 1) * (1 - s) + at(1, 1) * s;
  return first * (1 - t) + second * t;
}

/** Places of a polygon whose clip coordinates, which are affine in them, lie in the tile. */
function placesIn(
  corners: readonly (readonly [number, number])[],
  toClip: (place: readonly [number, number]) => ClipPoint,
  view: TileView,
): (readonly [number, number])[] {
  const [a, b, c, d] = corners as [Place, Place, Place, Place];
  return [[a, b, c], [a, c, d]].flatMap((triangle) => {
    const clip = triangle.map(toClip) as [ClipPoint, ClipPoint, ClipPoint];
    return weightsIn(clip, view).map((weights) =>
      [0, 1].map((k) => mixed(weights, triangle.map((place) => place[k]!))) as unknown as Place
    );
  });
}

type Place = readonly [number, number];

/** Places of a grid over a rectangle. */
function gridOf([x0, y0, x1, y1]: readonly [number, number, number, number]): Place[] {
  const places: Place[] = [];
  for (let j = 0; j <= ANGLED_STEPS; j++) {
    for (let i = 0; i <= ANGLED_STEPS; i++) {
      places.push([x0 + (x1 - x0) * i / ANGLED_STEPS, y0 + (y1 - y0) * j / ANGLED_STEPS]);
    }
  }
  return places;
}

/** Steps along an edge of a section that is seen at an angle. */
const ANGLED_STEPS = 16;

function meshPoints(
  { mesh }: MeshDraw,
  toWorld: ArrayLike<number>,
  view: TileView,
): SampledPoint[] {
  const m = mat4d.multiply(view.toClip, toWorld as Float64Array) as Float64Array;
  const toNormal = normalMatrix(toWorld);
  const { positions, normals, uvs, indices } = mesh;
  const points: SampledPoint[] = [];
  for (let i = 0; i < indices.length; i += 3) {
    const vertices = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
    const clip = vertices.map((vertex) => clipOf(m, numbersAt(positions, vertex, 3))) as Triangle;
    const inside = weightsIn(clip, view);
    if (inside.length === 0) continue;
    const texel = weightSteps(clip, 2 / view.texels);
    const world = vertices.map((vertex) => transformed(toWorld, numbersAt(positions, vertex, 3)));
    const uv = vertices.map((vertex) => numbersAt(uvs, vertex, 2));
    const normal = vertices.map((vertex) => unit(rotated(toNormal, numbersAt(normals, vertex, 3))));
    const pointAt = (weights: Numbers): SurfacePoint => ({
      world: mixedAll(weights, world),
      uv: mixedAll(weights, uv),
      normal: unit(mixedAll(weights, normal)),
      layerWeight: () => 0,
    });
    for (const weights of inside) {
      const moved = (step: Numbers) => pointAt(weights.map((weight, k) => weight + step[k]!));
      points.push({ at: pointAt(weights), right: moved(texel.right), below: moved(texel.below) });
    }
  }
  return points;
}

type Triangle = [ClipPoint, ClipPoint, ClipPoint];

/** Barycentric weights of points that stand for the part of a triangle in the tile. */
function weightsIn(clip: Triangle, view: TileView): Numbers[] {
  const polygon = clipToTile(clip, view.texels);
  if (polygon.length === 0 || doubleArea(clip) === 0) return [];
  return [...polygon, ...gridInside(polygon, view.texels)].map((point) => weightsOf(clip, point));
}

function doubleArea([a, b, c]: Triangle): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
}

function weightsOf([a, b, c]: Triangle, p: ClipPoint): Numbers {
  const whole = doubleArea([a, b, c]);
  const second = doubleArea([a, p, c]) / whole;
  const third = doubleArea([a, b, p]) / whole;
  return [1 - second - third, second, third];
}

/** What a step of a texel adds to barycentric weights. */
function weightSteps(clip: Triangle, step: number): { right: Numbers; below: Numbers } {
  const [x, y] = clip[0];
  const from = weightsOf(clip, [x, y]);
  const to = (point: ClipPoint) => weightsOf(clip, point).map((weight, k) => weight - from[k]!);
  return { right: to([x + step, y]), below: to([x, y - step]) };
}

function numbersAt(list: ArrayLike<number>, index: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => list[index * count + k]!);
}

function clipOf(m: ArrayLike<number>, [x, y, z]: Numbers): ClipPoint {
  return [0, 1].map((row) =>
    m[row]! * x! + m[4 + row]! * y! + m[8 + row]! * z! + m[12 + row]!
  ) as unknown as ClipPoint;
}

function transformed(m: ArrayLike<number>, [x, y, z]: Numbers): Numbers {
  return [0, 1, 2].map((row) => m[row]! * x! + m[4 + row]! * y! + m[8 + row]! * z! + m[12 + row]!);
}

function rotated(m: ArrayLike<number>, [x, y, z]: Numbers): Numbers {
  return [0, 1, 2].map((row) => m[row]! * x! + m[4 + row]! * y! + m[8 + row]! * z!);
}

function normalMatrix(toWorld: ArrayLike<number>): Float64Array {
  return mat4d.transpose(mat4d.invert(toWorld as Float64Array)) as Float64Array;
}

function unit(a: Numbers): Numbers {
  const length = Math.hypot(...a) || 1;
  return a.map((x) => x / length);
}

function mixed(weights: Numbers, values: Numbers): number {
  return weights.reduce((sum, weight, k) => sum + weight * values[k]!, 0);
}

function mixedAll(weights: Numbers, values: readonly Numbers[]): Numbers {
  return values[0]!.map((_, k) => mixed(weights, values.map((value) => value[k]!)));
}

function clamp(x: number, least: number, most: number): number {
  return Math.min(Math.max(x, least), most);
}
