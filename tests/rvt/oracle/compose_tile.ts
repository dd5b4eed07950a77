/**
 * A tile of a runtime virtual texture as it should be: drawn, blended and left unrounded, in float64.
 *
 * @module
 */

import { type AttributeName, ATTRIBUTES } from "../../../src/rvt/asset/attributes.ts";
import type { ComponentDraw } from "../../../src/rvt/component/component_draw.ts";
import {
  type Fragment,
  type MaterialEvaluator,
  type Tolerances,
  UNCERTAIN,
  type WrittenValues,
} from "./fragment.ts";
import { drawLandscapeFragments } from "./landscape_fragments.ts";
import { drawMeshFragments, type DrawnFaces } from "./mesh_fragments.ts";
import { heightRangeOf, texelWorldSize, type TileView } from "./tile_view.ts";

/** What a tile is composed of. */
export interface ComposeOptions {
  readonly tile: TileView;
  /** What to draw, in this order. */
  readonly draws: readonly ComponentDraw[];
  /** The attributes that the texture stores. */
  readonly attributes: readonly AttributeName[];
  readonly evaluate: MaterialEvaluator;
  /** Default those that each material asks for. */
  readonly faces?: DrawnFaces;
  /** Default {@linkcode DEFAULT_TOLERANCES}. */
  readonly tolerances?: Tolerances;
}

/** Values by texel, row by row. */
export interface ComposedTile {
  readonly width: number;
  readonly height: number;
  /** The numbers of each attribute, those of a texel side by side. World heights are world z. */
  readonly values: ReadonlyMap<AttributeName, Float64Array>;
  /** Bits of {@linkcode UNCERTAIN} by texel; 0 where any careful renderer must agree. */
  readonly uncertain: Uint8Array;
  /** Points drawn by texel. */
  readonly layers: Uint16Array;
}

/** Twice the step to which hardware rounds corners, and float32's error with room to spare. */
export const DEFAULT_TOLERANCES: Tolerances = Object.freeze({
  edgeTexels: 1 / 128,
  creaseSamples: 1e-4,
  depth: 1e-5,
});

/**
 * Composes a tile.
 *
 * It begins with each attribute's clear value; world height with the volume's lowest z, which is 0 of
 * its range. Points are then blended in the order in which they are drawn, each attribute that the
 * material writes "over" what is there: value · opacity + what is there · (1 − opacity). World height
 * keeps the higher of the two, whatever the opacity. A point outside its output's height range is left
 * out, for all attributes. Nothing is clamped or normalised: that is for the encoding.
 */
export function composeTile(options: ComposeOptions): ComposedTile {
  const { tile, attributes, evaluate } = options;
  const { tolerances = DEFAULT_TOLERANCES } = options;
  const texels = tile.width * tile.height;
  const values = clearedValues(tile, attributes);
  const uncertain = new Uint8Array(texels);
  const layers = new Uint16Array(texels);
  const view = {
    outputLevel: tile.level,
    levelCount: tile.levelCount,
    outputDerivative: texelWorldSize(tile),
  };
  const [low, high] = heightRangeOf(tile.worldToVolume);
  for (const draw of options.draws) {
    const visitor = {
      mark: (column: number, row: number, reason: number) => {
        uncertain[row * tile.width + column]! |= reason;
      },
      draw: (column: number, row: number, fragment: Fragment) => {
        const texel = row * tile.width + column;
        const written = evaluate(draw.material, fragment);
        const z = fragment.worldPosition[2];
        const { heightRange = [-Infinity, Infinity] } = written;
        if (heightRange.some((end) => Math.abs(z - end) <= tolerances.depth * (high - low))) {
          uncertain[texel]! |= UNCERTAIN.height;
        }
        if (z < heightRange[0] || z > heightRange[1]) return;
        layers[texel]!++;
        blend(values, written, texel);
      },
    };
    const { faces = draw.material.graph.twoSided ? "both" : "front" } = options;
    if (draw.kind === "mesh") drawMeshFragments(draw, { tile, view, faces, tolerances, visitor });
    else drawLandscapeFragments(draw, { tile, view, tolerances, visitor });
  }
  return { width: tile.width, height: tile.height, values, uncertain, layers };
}

function clearedValues(tile: TileView, attributes: readonly AttributeName[]) {
  return new Map(attributes.map((name) => {
    const { components, clearValue } = ATTRIBUTES[name];
    const clear = name === "worldHeight" ? [heightRangeOf(tile.worldToVolume)[0]] : clearValue;
    const values = new Float64Array(tile.width * tile.height * components);
    for (let k = 0; k < values.length; k++) values[k] = clear[k % components]!;
    return [name, values] as const;
  }));
}

function blend(
  values: ReadonlyMap<AttributeName, Float64Array>,
  written: WrittenValues,
  texel: number,
): void {
  const opacity = Math.min(1, Math.max(0, written.opacity));
  for (const [name, stored] of values) {
    const source = written.values[name];
    if (source === undefined) continue;
    const { components } = ATTRIBUTES[name];
    if (source.length !== components) throw new Error(`${name} has ${source.length} numbers`);
    for (let k = 0; k < components; k++) {
      const at = texel * components + k;
      stored[at] = name === "worldHeight"
        ? Math.max(stored[at]!, source[k]!)
        : source[k]! * opacity + stored[at]! * (1 - opacity);
    }
  }
}
