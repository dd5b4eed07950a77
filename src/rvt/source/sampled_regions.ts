/**
 * What a tile samples of virtual textures: which parts, at which levels. Pure, in float64.
 *
 * @module
 */

import { flippedAxes } from "../../texels/mod.ts";
import { CLAMPED, type TileGrid, type WrapMode } from "../../tiles/mod.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
import type { LoweredGraph } from "../material/compile/lowered_graph.ts";
import type { TileView } from "../tile/tile_view.ts";
import {
  evaluateGraph,
  nodesBehind,
  type SurfacePoint,
  type TileProperties,
} from "./evaluate_graph.ts";
import type { Numbers } from "./operations.ts";
import { type PointsOfPart, sampledPoints } from "./sampled_points.ts";
import {
  type Sample,
  sampleAt,
  type SampledPlane,
  type SampleNode,
  sampleNodes,
  tappedLevels,
} from "./sampled_levels.ts";

/** What a material samples: a streamed texture, or an asset that a volume may place. */
export type SampledObject = StreamedTexture | RuntimeVirtualTextureLike;

/** A texture that is sampled, as it is placed now. */
export interface SampledTexturePlace extends SampledPlane {
  readonly grid: TileGrid;
}

/** A part of a texture. */
export interface SampledRegion {
  readonly object: SampledObject;
  readonly grid: TileGrid;
  /** In stored texels of level 0: x0, y0, x1 and y1, the last ones included. */
  readonly rect: readonly [number, number, number, number];
  /** First and last level that is tapped. */
  readonly levels: readonly [number, number];
}

/** What is known of a draw. */
export interface SampledDraw {
  readonly draw: ComponentDraw;
  /** What its material's wanted outputs are computed by. */
  readonly graph: LoweredGraph;
}

/** A tile whose samples are looked for. */
export interface SampledTile {
  readonly view: TileView;
  readonly properties: TileProperties;
  readonly draws: readonly SampledDraw[];
  /** Where an object lies; null if it cannot be sampled now, and nothing of it is needed. */
  placeOf(object: SampledObject): SampledTexturePlace | null;
}

/** What nodes sample: the texture of a streaming sample, or the asset of a runtime one. */
export function sampledObject({ operation }: SampleNode): SampledObject {
  return operation.kind === "sample_call" ? operation.asset : operation.texture;
}

/**
 * The regions that a tile samples. Places and levels are evaluated at points of each draw; between them
 * they may be off by as much as they are bent there. Where a place cannot be known it is the whole
 * texture, and where a level cannot, all levels.
 */
export function sampledRegions(tile: SampledTile): SampledRegion[] {
  return tile.draws.flatMap(({ draw, graph }) => {
    const nodes = sampleNodes(graph).flatMap((node) => {
      const place = tile.placeOf(sampledObject(node));
      return place === null ? [] : [{ node, place }];
    });
    if (nodes.length === 0) return [];
    const wanted = nodesBehind(graph, nodes.flatMap(({ node }) => node.inputs));
    return sampledPoints(draw, tile.view).flatMap((points) => {
      const evaluate = (point: SurfacePoint) =>
        evaluateGraph(graph, wanted, {
          point,
          tile: tile.properties,
          overrides: draw.material.overrides,
        });
      return regionsOfPart(nodes, points, evaluate);
    });
  });
}

type Evaluate = (point: SurfacePoint) => (Numbers | null | undefined)[];

function regionsOfPart(
  nodes: readonly { readonly node: SampleNode; readonly place: SampledTexturePlace }[],
  points: PointsOfPart,
  evaluate: Evaluate,
): SampledRegion[] {
  const samples: (Sample | null)[][] = nodes.map(() => []);
  for (const { at, right, below } of points) {
    const values = { at: evaluate(at), right: evaluate(right), below: evaluate(below) };
    nodes.forEach(({ node, place }, i) => {
      const inputs = node.inputs.map((input) => values.at[input] ?? null);
      const [rightPlace, belowPlace] = [values.right, values.below].map((of) =>
        of[node.inputs[0]!] ?? null
      );
      const isKnown = !inputs.includes(null) && rightPlace !== null && belowPlace !== null;
      samples[i]!.push(
        isKnown
          ? sampleAt(
            node,
            { at: inputs as Numbers[], right: rightPlace!, below: belowPlace! },
            place,
          )
          : null,
      );
    });
  }
  return nodes.flatMap(({ node, place }, i) =>
    regionsAround(samples[i]!, { object: sampledObject(node), place })
  );
}

/** Texels of level 0 by which rounding may move a place. */
const REACH_TEXELS = 1 / 16;

function regionsAround(
  samples: readonly (Sample | null)[],
  { object, place: { grid, size } }: {
    readonly object: SampledObject;
    readonly place: SampledTexturePlace;
  },
): SampledRegion[] {
  const known = samples.filter((sample) => sample !== null);
  const isFinite = known.every(({ uv, level }) =>
    Number.isFinite(uv[0]) && Number.isFinite(uv[1]) && !Number.isNaN(level)
  );
  const [width, height] = size;
  if (known.length < samples.length || !isFinite) {
    const levels = [0, grid.levelCount - 1] as const;
    return [{ object, grid, rect: [0, 0, width - 1, height - 1], levels }];
  }
  const [flipsU, flipsV] = flippedAxes("orientation" in object ? object : {});
  const us = known.map(({ uv }) => flipsU ? 1 - uv[0]! : uv[0]!);
  const vs = known.map(({ uv }) => flipsV ? 1 - uv[1]! : uv[1]!);
  const details = known.map(({ level }) => level);
  const levels = tappedLevels(least(details), most(details), grid.levelCount - 1);
  // Bent places pass those of the points between them.
  const reach = REACH_TEXELS + (most(details) - least(details) > 0.01 ? 2 ** levels[1] : 0);
  const [wrapU, wrapV] = "wrap" in object ? object.wrap : CLAMPED;
  const columns = texelSpans(us, { size: width, reach, mode: wrapU });
  const rows = texelSpans(vs, { size: height, reach, mode: wrapV });
  return rows.flatMap(([y0, y1]) =>
    columns.map(([x0, x1]) => ({ object, grid, rect: [x0, y0, x1, y1] as const, levels }))
  );
}

/** First and last texel of what lies around places of an axis: of both ends, if they are round an edge. */
function texelSpans(
  places: readonly number[],
  { size, reach, mode }: {
    readonly size: number;
    readonly reach: number;
    readonly mode: WrapMode;
  },
): (readonly [number, number])[] {
  const inside = (texel: number) => Math.min(Math.max(texel, 0), size - 1);
  const [from, to] = [least(places), most(places)];
  if (mode === "clamp") {
    const texel = (place: number, step: number) =>
      inside(Math.floor(Math.min(Math.max(place, 0), 1) * size + step));
    return [[texel(from, -reach), texel(to, reach)]];
  }
  const [first, last] = [Math.floor(from * size - reach), Math.floor(to * size + reach)];
  if (!(last - first < size - 1)) return [[0, size - 1]];
  const turns = Math.floor(first / size) * size;
  const [start, end] = [first - turns, last - turns];
  return end < size ? [[start, end]] : [[start, size - 1], [0, end - size]];
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/**
 * Adds the tiles of a region to a set, each level that is tapped so many levels coarser.
 *
 * @returns False if the set has more than so many then; some are missing in it.
 */
export function addTilesOfRegion(
  { grid, rect, levels }: SampledRegion,
  tiles: Set<number>,
  options: { readonly coarser: number; readonly most: number },
): boolean {
  const last = grid.levelCount - 1;
  const { tileSize } = grid;
  for (let level = levels[0]; level <= levels[1]; level++) {
    const coarse = Math.min(level + options.coarser, last);
    const { tilesX, tilesY } = grid.level(coarse);
    const tile = (texel: number, count: number) =>
      Math.min(Math.floor(texel / (tileSize * 2 ** coarse)), count - 1);
    const [x0, y0, x1, y1] = rect;
    for (let y = tile(y0, tilesY); y <= tile(y1, tilesY); y++) {
      for (let x = tile(x0, tilesX); x <= tile(x1, tilesX); x++) {
        tiles.add(grid.tileIndexOf(coarse, x, y));
        if (tiles.size > options.most) return false;
      }
    }
  }
  return true;
}

/** Whether a tile of one of the levels that are tapped, or so many coarser, has a part in a region. */
export function isInRegion(
  { grid, rect, levels }: SampledRegion,
  tile: number,
  { coarser }: { readonly coarser: number },
): boolean {
  const { level, x, y } = grid.addressOf(tile);
  if (level < levels[0] || level > levels[1] + coarser) return false;
  const { tilesX, tilesY } = grid.level(level);
  const at = (texel: number, count: number) =>
    Math.min(Math.floor(texel / (grid.tileSize * 2 ** level)), count - 1);
  return at(rect[0], tilesX) <= x && x <= at(rect[2], tilesX) &&
    at(rect[1], tilesY) <= y && y <= at(rect[3], tilesY);
}
