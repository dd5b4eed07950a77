/**
 * Tiles of scenes against those that the oracle composes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mat4d, quatd } from "npm:wgpu-matrix@3.4.2";
import type { Transform } from "../../../src/geometry/mod.ts";
import { MATERIAL_TYPES } from "../../../src/rvt/asset/mod.ts";
import type { ComponentDraw } from "../../../src/rvt/component/mod.ts";
import { volumeHeightRange } from "../../../src/rvt/volume/mod.ts";
import type { Affine } from "../oracle/affine.ts";
import { type ComposedTile, composeTile } from "../oracle/compose_tile.ts";
import { type EncodedPlane, encodePlanes } from "../oracle/encode_planes.ts";
import { interpretMaterial } from "../oracle/graphs/interpret.ts";
import { RANDOM_CUSTOM_WGSL } from "../oracle/graphs/random_steps.ts";
import type { TileView } from "../oracle/tile_view.ts";
import type { PlacedScene, TilePlanes } from "./placed_scene.ts";

/** A part of a tile in texels, borders counted. */
export interface TileWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A tile by the oracle. */
export interface OracleTile {
  /** The part that was composed. */
  readonly window: TileWindow;
  readonly composed: ComposedTile;
  readonly planes: readonly EncodedPlane[];
}

/** What the oracle is told beside what the scene says; the last two are for controls that must fail. */
export interface OracleOptions {
  /** Default all of the tile. */
  readonly window?: TileWindow;
  readonly view?: TileView;
  readonly draws?: readonly ComponentDraw[];
}

/** Composes a tile of a scene, or a part of it. */
export function oracleTile(
  placed: PlacedScene,
  tile: number,
  options: OracleOptions = {},
): OracleTile {
  const { materialType } = placed.asset;
  const { view = placed.viewOf(tile), draws = placed.draws() } = options;
  const { window = { x: 0, y: 0, width: view.width, height: view.height } } = options;
  const composed = composeTile({
    tile: { ...view, ...window, x: view.x + window.x, y: view.y + window.y },
    draws,
    attributes: MATERIAL_TYPES[materialType].attributes,
    evaluate: (material, fragment) =>
      interpretMaterial(material, fragment, {
        context: "virtual_texture",
        customWgsl: RANDOM_CUSTOM_WGSL,
      }),
    faces: "both",
  });
  const heightRange = volumeHeightRange(placed.volume.transform);
  return { window, composed, planes: encodePlanes(composed, { materialType, heightRange }) };
}

/** How a tile differs from the oracle's where that is certain. */
export interface TileDifference {
  /** Largest difference of a stored number, in steps of 1/255, or of 1/65535 of World Height. */
  readonly steps: number;
  /** Part of the texels that the oracle does not know, 0 to 1. */
  readonly uncertain: number;
  /** Where the largest difference is, for messages. */
  readonly at: string;
}

/** Compares planes with the oracle's. The sign of a normal's z counts unless z is about 0. */
export function compareTile(
  read: TilePlanes,
  { window, composed, planes }: OracleTile,
): TileDifference {
  let [steps, at] = [0, "nowhere"];
  const { width, uncertain } = composed;
  planes.forEach(({ channels, largest, data }, plane) => {
    const bytes = read[plane]!;
    const stored = largest === 255
      ? bytes
      : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const edge = Math.sqrt(stored.length / channels);
    data.forEach((wanted, i) => {
      const [texel, channel] = [Math.floor(i / channels), i % channels];
      const [column, row] = [window.x + texel % width, window.y + Math.floor(texel / width)];
      const value = stored[(row * edge + column) * channels + channel]!;
      const difference = Math.abs(value - wanted);
      if (uncertain[texel] !== 0 || (difference === 255 && isNearlyFlat(composed, texel))) return;
      if (difference <= steps) return;
      steps = difference;
      at = `plane ${plane}, channel ${channel}, column ${column}, row ${row}: ` +
        `${value} is not ${wanted}`;
    });
  });
  return {
    steps,
    uncertain: uncertain.filter((bits) => bits !== 0).length / uncertain.length,
    at,
  };
}

/** Largest part of the texels that the oracle may not know. */
const MOST_UNCERTAIN = 0.05;

/**
 * Asserts that a tile is the oracle's: that no number differs by more than 1/255, or 2/65535 of World
 * Height, and that the oracle knows most of them.
 */
export function assertIsOracles(placed: PlacedScene, tile: number, read: TilePlanes): void {
  const { width: edge } = placed.viewOf(tile);
  const width = Math.ceil(edge / 2);
  // The first quarter and the last, with their borders.
  for (const at of [0, edge - width]) {
    const window = { x: at, y: at, width, height: width };
    assertIsOraclesIn(window, { placed, tile, read });
  }
}

function assertIsOraclesIn(
  window: TileWindow,
  { placed, tile, read }: {
    readonly placed: PlacedScene;
    readonly tile: number;
    readonly read: TilePlanes;
  },
): void {
  const oracle = oracleTile(placed, tile, { window });
  const { steps, uncertain, at } = compareTile(read, oracle);
  const isHeight = placed.asset.materialType === "world_height";
  assert.ok(steps <= (isHeight ? 2 : 1), `tile ${tile}: ${at}`);
  assert.ok(uncertain <= MOST_UNCERTAIN, `tile ${tile}: ${uncertain} of the texels are uncertain`);
}

/** Whether a normal lies about in the plane, so that the sign of its z may be either. */
function isNearlyFlat({ values }: ComposedTile, texel: number): boolean {
  const normals = values.get("normal");
  if (normals === undefined) return false;
  const [x, y, z] = normals.subarray(3 * texel, 3 * texel + 3);
  return Math.abs(z!) <= 2e-3 * Math.hypot(x!, y!, z!);
}

/** The transform of a volume whose box of edge 1 is brought to the world by a matrix without shear. */
export function transformOf(toWorld: Affine): Transform {
  const scale = [0, 4, 8].map((at) => Math.hypot(...Array.from(toWorld).slice(at, at + 3)));
  const rotation = mat4d.scale(toWorld as Float64Array, scale.map((length) => 1 / length));
  return {
    position: [toWorld[12]!, toWorld[13]!, toWorld[14]!],
    rotation: Array.from(quatd.fromMat(rotation)) as unknown as Transform["rotation"],
    scale: scale as unknown as Transform["scale"],
  };
}
