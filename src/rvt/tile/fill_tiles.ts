/**
 * Recording the passes that render components to the targets of tiles.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import type { MaterialTypeName } from "../asset/material_type.ts";
import type { ComponentDraw } from "../component/component_draw.ts";
import { type BoundMaterial, emptyGroup, fillPipeline, recordLayout } from "./fill_pipelines.ts";
import { RECORD_BYTES, recordCount, writeRecords } from "../draw/draw_records.ts";
import { TILE_BYTES, writeTile } from "./fill_uniform.ts";
import type { FillTargets } from "./fill_targets.ts";
import { MATERIAL_GROUP } from "./fill_wgsl.ts";
import type { LandscapeTextureCache } from "../draw/landscape_textures.ts";
import type { MeshBufferCache } from "../draw/mesh_buffers.ts";
import type { TileView } from "./tile_view.ts";

/** A draw with its material on the GPU. */
export interface FillDraw {
  readonly draw: ComponentDraw;
  readonly material: BoundMaterial & {
    /** Names of the painted layers that it reads, in the order of their numbers. */
    readonly layers: readonly string[];
    /** Its values and textures. */
    readonly group: GPUBindGroup;
    /** Whether triangles that are seen from behind are drawn. */
    readonly isTwoSided: boolean;
  };
}

/** A tile and what is drawn into it, in this order. */
export interface TileFill {
  readonly view: TileView;
  readonly draws: readonly FillDraw[];
}

/** What filling works with; all of it is borrowed. */
export interface FillParts {
  readonly device: ForgeDevice;
  /** Counts the records. */
  readonly ledger: MemoryLedger;
  readonly meshes: MeshBufferCache;
  readonly landscapes: LandscapeTextureCache;
}

/** What the tiles of a batch have in common. */
export interface FillOptions {
  readonly materialType: MaterialTypeName;
  /** Virtual Texture Max Level. */
  readonly maxLevel: number;
  /** Least and largest world z of the volume. */
  readonly heightRange: readonly [number, number];
}

/** Bytes that the records of a tile take. */
export function fillRecordBytes(draws: number): number {
  return Math.max(1, draws) * RECORD_BYTES;
}

/**
 * Records a pass for each tile, which draws into its layer of the targets. Each tile is drawn as if it
 * were alone.
 *
 * @returns What must live until the commands are submitted.
 * @throws {BudgetError} if the records do not fit the budget.
 */
export function recordFill(
  encoder: GPUCommandEncoder,
  parts: FillParts,
  batch: FillOptions & { readonly tiles: readonly TileFill[]; readonly targets: FillTargets },
): readonly { destroy(): void }[] {
  const { device, ledger } = parts;
  const { tiles, targets, heightRange } = batch;
  const align = device.limit("minUniformBufferOffsetAlignment");
  const stride = Math.ceil(TILE_BYTES / align) * align;
  const owned: { destroy(): void }[] = [];
  const make = (label: string, size: number, usage: number) => {
    const made = ledger.createBuffer("scratch", device, {
      label,
      size,
      usage,
      mappedAtCreation: true,
    });
    owned.push(made);
    return made.buffer;
  };
  try {
    const count = tiles.reduce((sum, { draws }) => sum + recordsOf(draws), 0);
    const records = make("fill records", fillRecordBytes(count), GPUBufferUsage.STORAGE);
    const shared = make("filled tiles", stride * tiles.length, GPUBufferUsage.UNIFORM);
    const recordBytes = records.getMappedRange();
    const sharedWords = new Float32Array(shared.getMappedRange());
    const firsts: number[] = [];
    let next = 0;
    for (const [i, { view, draws }] of tiles.entries()) {
      writeTile(sharedWords, i * stride / 4, { view, ...batch });
      firsts.push(next);
      for (const { draw, material: { layers } } of draws) {
        writeRecords(recordBytes, next, { draw, toClip: view.toClip, layers });
        next += recordCount(draw);
      }
    }
    records.unmap();
    shared.unmap();
    const group = device.gpu.createBindGroup({
      label: "fill records",
      layout: recordLayout(device.gpu),
      entries: [
        { binding: 0, resource: { buffer: records } },
        { binding: 1, resource: { buffer: shared, size: TILE_BYTES } },
      ],
    });
    for (const [i, { draws }] of tiles.entries()) {
      const pass = encoder.beginRenderPass(targets.passOf(i, heightRange[0]));
      pass.setBindGroup(0, group, [i * stride]);
      recordDraws(pass, parts, { draws, first: firsts[i]!, materialType: batch.materialType });
      pass.end();
    }
    return owned;
  } catch (error) {
    for (const object of owned) object.destroy();
    throw error;
  }
}

function recordsOf(draws: readonly FillDraw[]): number {
  return draws.reduce((sum, { draw }) => sum + recordCount(draw), 0);
}

function recordDraws(
  pass: GPURenderPassEncoder,
  { device, meshes, landscapes }: FillParts,
  what: {
    readonly draws: readonly FillDraw[];
    /** Number of the tile's first record. */
    readonly first: number;
    readonly materialType: MaterialTypeName;
  },
): void {
  const { draws, materialType } = what;
  let first = what.first;
  for (const { draw, material } of draws) {
    const { isTwoSided } = material;
    const usePipeline = (isMirrored: boolean) =>
      pass.setPipeline(
        fillPipeline(device, { kind: draw.kind, materialType, material, isTwoSided, isMirrored }),
      );
    pass.setBindGroup(MATERIAL_GROUP, material.group);
    if (draw.kind === "landscape") {
      usePipeline(isMirroring(draw.toWorld));
      pass.setBindGroup(1, landscapes.groupOf(draw.surface));
      pass.draw(6 * draw.quads ** 2, 1, 0, first);
    } else {
      const { vertices, indices, indexCount } = meshes.buffersOf(draw.mesh);
      pass.setBindGroup(1, emptyGroup(device.gpu));
      pass.setVertexBuffer(0, vertices);
      pass.setIndexBuffer(indices, "uint32");
      for (const { start, end, isMirrored } of runsOf(draw.instances)) {
        usePipeline(isMirrored);
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
