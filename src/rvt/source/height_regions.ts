/**
 * What a tile reads of textures that heights are streamed of. Pure, in float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import type { StreamedTexture } from "../../streaming/mod.ts";
import { flippedAxes } from "../../texels/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { ComponentDraw, LandscapeDraw } from "../component/mod.ts";
import type { TileView } from "../tile/tile_view.ts";
import type { SampledRegion } from "./sampled_regions.ts";

/** Samples by which rounding may move a place. */
const REACH_SAMPLES = 1 / 16;

/** The texture that the heights of a draw are streamed of; null for most draws. */
export function heightTextureOf(draw: ComponentDraw): StreamedTexture | null {
  return draw.kind === "mesh" ? null : draw.surface.streamedHeights?.texture ?? null;
}

/**
 * The heights that draws read in a tile: one region for each draw that reads any.
 *
 * @param gridOf The tiles of a texture; null if it is not loaded, and nothing of it is needed.
 */
export function heightRegions(
  draws: readonly ComponentDraw[],
  { view, gridOf }: {
    readonly view: TileView;
    readonly gridOf: (texture: StreamedTexture) => TileGrid | null;
  },
): SampledRegion[] {
  return draws.flatMap((draw) => {
    const object = heightTextureOf(draw);
    const grid = object === null ? null : gridOf(object);
    if (grid === null) return [];
    const rect = rectOf(draw as LandscapeDraw, view);
    if (rect === null) return [];
    const { samplesPerPixel } = (draw as LandscapeDraw).heightDetail!;
    const level = Math.log2(samplesPerPixel);
    return [{ object: object!, grid, rect, levels: [level, level] as const }];
  });
}

/** The samples that are nearest to the places of a draw that a tile may show; null if it shows none. */
function rectOf(draw: LandscapeDraw, view: TileView): SampledRegion["rect"] | null {
  const { surface: { width, height, streamedHeights }, section, heightDetail } = draw;
  // Corners of quads lie up to a sample outside of what a tile shows.
  const reach = REACH_SAMPLES + Number(heightDetail!.shapesQuads);
  const places = placesInTile(draw, view, streamedHeights!.range);
  const along = (axis: 0 | 1, [first, last]: readonly [number, number], count: number) => {
    const all = places === null ? [first, last] : places.map((place) => place[axis]);
    const [least, most] = [Math.min(...all) - reach, Math.max(...all) + reach];
    if (most < first || least > last) return null;
    const nearest = (place: number) => Math.min(Math.max(Math.floor(place + 0.5), 0), count - 1);
    return [nearest(Math.max(least, first)), nearest(Math.min(most, last))] as const;
  };
  const x = along(0, [section.x0 - reach, section.x1 + reach], width);
  const y = along(1, [section.y0 - reach, section.y1 + reach], height);
  if (x === null || y === null) return null;
  const [flipsX, flipsY] = flippedAxes(streamedHeights!.texture);
  const [x0, x1] = flipsX ? [width - 1 - x[1], width - 1 - x[0]] : x;
  const [y0, y1] = flipsY ? [height - 1 - y[1], height - 1 - y[0]] : y;
  return [x0, y0, x1, y1];
}

/** The places at the corners of a tile, at the least and the largest height; null if they are anywhere. */
function placesInTile(
  { toWorld }: LandscapeDraw,
  { toClip, texels }: TileView,
  range: readonly [number, number],
): (readonly [number, number])[] | null {
  const m = mat4d.multiply(toClip, toWorld as Float64Array) as Float64Array;
  const determinant = m[0]! * m[5]! - m[1]! * m[4]!;
  // Seen from its edge, or nearly so.
  const isFlat = Math.abs(determinant) >
    FLATTEST * Math.hypot(m[0]!, m[1]!) * Math.hypot(m[4]!, m[5]!);
  if (!isFlat) return null;
  // The centres of the outermost texels.
  const edge = 1 - 1 / texels;
  return range.flatMap((z) =>
    [[-edge, -edge], [edge, -edge], [-edge, edge], [edge, edge]].map(([clipX, clipY]) => {
      const [x, y] = [clipX! - m[12]! - m[8]! * z, clipY! - m[13]! - m[9]! * z];
      return [
        (m[5]! * x - m[4]! * y) / determinant,
        (m[0]! * y - m[1]! * x) / determinant,
      ] as const;
    })
  );
}

/** Sine of the angle between a landscape's axes, below which it counts as seen from its edge. */
const FLATTEST = 1e-9;
