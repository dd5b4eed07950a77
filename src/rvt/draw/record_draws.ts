/**
 * Recording draws of components in a render pass.
 *
 * @module
 */

import type { Vec3 } from "../../geometry/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
import { emptyGroup } from "./draw_code.ts";
import { type DrawKind, drawKindOf } from "./draw_kind.ts";
import { RECORD_BYTES, recordCount, writeRecords } from "./draw_records.ts";
import { type DrawnMaterial, MATERIAL_GROUP } from "./drawn_material.ts";
import type { SceneGeometry } from "./scene_geometry.ts";

/** A draw with its material on the GPU. */
export interface MaterialDraw {
  /** What is drawn. */
  readonly draw: ComponentDraw;
  /** What it is drawn with. */
  readonly material: DrawnMaterial;
}

/** Which pipeline a draw needs. */
export interface PipelineNeeds {
  /** What it draws. */
  readonly kind: DrawKind;
  /** What it draws them with. */
  readonly material: DrawnMaterial;
  /** Whether the object is mirrored, so that its triangles turn the other way. */
  readonly isMirrored: boolean;
}

/** Number of records that draws take. */
export function recordsOf(draws: readonly MaterialDraw[]): number {
  return draws.reduce((sum, { draw }) => sum + recordCount(draw), 0);
}

/** Bytes of so many records; there is room for at least one. */
export function recordBytes(count: number): number {
  return Math.max(1, count) * RECORD_BYTES;
}

/**
 * Writes the records of some draws.
 *
 * @param first Number of the first of them.
 * @param what The draws, the matrix from the world to clip space, column-major, and where relative positions
 * begin; default the world's origin.
 * @returns Number of the next one.
 */
export function writeDraws(
  bytes: ArrayBuffer,
  first: number,
  what: {
    readonly draws: readonly MaterialDraw[];
    readonly toClip: Float64Array;
    readonly origin?: Vec3;
  },
): number {
  const { toClip, origin = [0, 0, 0] } = what;
  let next = first;
  for (const { draw, material: { layers } } of what.draws) {
    writeRecords(bytes, next, { draw, toClip, origin, layers });
    next += recordCount(draw);
  }
  return next;
}

/**
 * Records draws in their order. Bind group 0, with the records, is set by the caller.
 *
 * @param what The draws, the number of their first record, what gives a draw its pipeline, and whether
 * streamed heights report the tiles that they want.
 */
export function recordDraws(
  pass: GPURenderPassEncoder,
  { device: { gpu }, meshes, landscapes }: Pick<SceneGeometry, "device" | "meshes" | "landscapes">,
  what: {
    readonly draws: readonly MaterialDraw[];
    readonly first: number;
    readonly pipelineOf: (needs: PipelineNeeds) => GPURenderPipeline;
    readonly feedback: boolean;
  },
): void {
  const { draws, pipelineOf, feedback } = what;
  let first = what.first;
  for (const { draw, material } of draws) {
    const kind = drawKindOf(draw, { feedback });
    pass.setBindGroup(MATERIAL_GROUP, material.group);
    if (draw.kind === "landscape") {
      pass.setPipeline(pipelineOf({ kind, material, isMirrored: isMirroring(draw.toWorld) }));
      pass.setBindGroup(1, landscapes.groupOf(draw.surface, { feedback }));
      pass.draw(6 * draw.quads ** 2, 1, 0, first);
    } else {
      const { vertices, indices, indexCount } = meshes.buffersOf(draw.mesh);
      pass.setBindGroup(1, emptyGroup(gpu));
      pass.setVertexBuffer(0, vertices);
      pass.setIndexBuffer(indices, "uint32");
      for (const { start, end, isMirrored } of runsOf(draw.instances)) {
        pass.setPipeline(pipelineOf({ kind, material, isMirrored }));
        pass.drawIndexed(indexCount, end - start, 0, 0, first + start);
      }
    }
    first += recordCount(draw);
  }
}

/** Whether a matrix turns triangles the other way: its determinant is below 0. */
function isMirroring(m: ArrayLike<number>): boolean {
  const determinant = m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) -
    m[4]! * (m[1]! * m[10]! - m[2]! * m[9]!) + m[8]! * (m[1]! * m[6]! - m[2]! * m[5]!);
  return determinant < 0;
}

/** Neighbouring instances that are all mirrored, or none of them. */
function runsOf(
  instances: readonly ArrayLike<number>[],
): { start: number; end: number; isMirrored: boolean }[] {
  const runs: { start: number; end: number; isMirrored: boolean }[] = [];
  for (const [i, matrix] of instances.entries()) {
    const isMirrored = isMirroring(matrix);
    const last = runs.at(-1);
    if (last?.isMirrored === isMirrored) last.end = i + 1;
    else runs.push({ start: i, end: i + 1, isMirrored });
  }
  return runs;
}
