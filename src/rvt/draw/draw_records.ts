/**
 * The records that tell shaders what to draw, as `DrawRecord` in
 * `shaders/rvt/draw_record.wgsl`.
 *
 * @module
 */

import { mat3d, mat4d } from "npm:wgpu-matrix@3.4.2";
import type { Vec3 } from "../../geometry/mod.ts";
import type { ComponentDraw, HeightDetail, LandscapeDraw } from "../component/component_draw.ts";

/** Bytes of a record. */
export const RECORD_BYTES = 240;
/** Painted layers that a material can read of a landscape. */
export const MOST_LAYERS = 16;
/** Streamed heights at level 0, also for the corners of quads. */
const FINEST_DETAIL: HeightDetail = { samplesPerPixel: 0, shapesQuads: true };
/** Word of `relative` in a record. */
const RELATIVE_WORD = 56;
/** In the place of a layer that a landscape lacks. */
const NO_LAYER = 255;

/** Number of records that a draw takes. */
export function recordCount(draw: ComponentDraw): number {
  return draw.kind === "mesh" ? draw.instances.length : 1;
}

/**
 * Writes the records of a draw. Matrices are multiplied in float64 and rounded once.
 *
 * @param bytes Where records go.
 * @param first Number of the first of them.
 * @param what The draw, the matrix from the world to clip space, where relative positions begin, and the
 * names of the layers that the material reads.
 */
export function writeRecords(
  bytes: ArrayBuffer,
  first: number,
  what: {
    readonly draw: ComponentDraw;
    readonly toClip: Float64Array;
    readonly origin: Vec3;
    readonly layers: readonly string[];
  },
): void {
  const { draw } = what;
  if (draw.kind === "mesh") {
    for (const [i, toWorld] of draw.instances.entries()) {
      writeMatrices(new Float32Array(bytes, (first + i) * RECORD_BYTES), toWorld, what);
    }
    return;
  }
  writeMatrices(new Float32Array(bytes, first * RECORD_BYTES), draw.toWorld, what);
  writeLandscape(bytes, first * RECORD_BYTES, draw, what.layers);
}

function writeMatrices(
  words: Float32Array,
  toWorld: ArrayLike<number>,
  { toClip, origin }: { readonly toClip: Float64Array; readonly origin: Vec3 },
): void {
  const matrix = toWorld as Float64Array;
  words.set(mat4d.multiply(toClip, matrix) as Float64Array, 0);
  words.set(matrix, 16);
  // Columns of a mat3x3 are four words apart, as they are in wgpu-matrix.
  const normals = mat3d.transpose(mat3d.inverse(mat3d.fromMat4(matrix)));
  words.set(normals as Float64Array, 32);
  words.set(origin.map((part, i) => matrix[12 + i]! - part), RELATIVE_WORD);
}

function writeLandscape(
  bytes: ArrayBuffer,
  offset: number,
  draw: LandscapeDraw,
  layers: readonly string[],
): void {
  const { surface, section: { x0, y0, x1, y1 }, quads, heightDetail = FINEST_DETAIL } = draw;
  new Float32Array(bytes, offset + 176, 4).set([x0, y0, x1, y1]);
  new Uint32Array(bytes, offset + 192, 1)[0] = quads;
  new Float32Array(bytes, offset + 196, 1)[0] = heightDetail.samplesPerPixel;
  new Uint32Array(bytes, offset + 200, 1)[0] = Number(heightDetail.shapesQuads);
  const slots = new Uint8Array(bytes, offset + 208, MOST_LAYERS).fill(NO_LAYER);
  const names = [...surface.layers.keys()];
  for (const [i, name] of layers.entries()) {
    const slot = names.indexOf(name);
    if (slot !== -1) slots[i] = slot;
  }
}
