/**
 * Recording the passes that render components to the targets of tiles.
 *
 * @module
 */

import type { MemoryLedger } from "../../gpu/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import {
  type MaterialDraw,
  type PipelineNeeds,
  recordBytes,
  recordDraws,
  recordsOf,
  writeDraws,
} from "../draw/record_draws.ts";
import type { SceneGeometry } from "../draw/scene_geometry.ts";
import { fillPipeline, recordLayout } from "./fill_pipelines.ts";
import type { FillTargets } from "./fill_targets.ts";
import { TILE_BYTES, writeTile } from "./fill_uniform.ts";
import type { TileView } from "./tile_view.ts";

/** A tile and what is drawn into it, in this order. */
export interface TileFill {
  readonly view: TileView;
  readonly draws: readonly MaterialDraw[];
  /**
   * How many of the draws, the first ones, replace together all that the tile held, so that it need not be
   * cleared; 0 where none are known to.
   */
  readonly coveringDraws: number;
}

/** What filling works with; all of it is borrowed. */
export interface FillParts extends Pick<SceneGeometry, "device" | "meshes" | "landscapes"> {
  /** Counts the records. */
  readonly ledger: MemoryLedger;
}

/** What the tiles of a batch have in common. */
export interface FillOptions {
  readonly materialType: MaterialTypeName;
  /** Virtual Texture Max Level: the number of levels. */
  readonly maxLevel: number;
  /** Least and largest world z of the volume. */
  readonly heightRange: readonly [number, number];
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
  const { tiles, targets, heightRange, materialType } = batch;
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
    const records = make("fill records", recordBytes(count), GPUBufferUsage.STORAGE);
    const shared = make("filled tiles", stride * tiles.length, GPUBufferUsage.UNIFORM);
    const mapped = records.getMappedRange();
    const sharedWords = new Float32Array(shared.getMappedRange());
    const firsts: number[] = [];
    let next = 0;
    for (const [i, { view, draws }] of tiles.entries()) {
      writeTile(sharedWords, i * stride / 4, { view, ...batch });
      firsts.push(next);
      next = writeDraws(mapped, next, { draws, toClip: view.toClip });
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
    const pipelineOf = (replaces: boolean) => (needs: PipelineNeeds) =>
      fillPipeline(device, { ...needs, materialType, replaces });
    for (const [i, { draws, coveringDraws }] of tiles.entries()) {
      const isCleared = coveringDraws === 0;
      const pass = encoder.beginRenderPass(targets.passOf(i, heightRange[0], { isCleared }));
      pass.setBindGroup(0, group, [i * stride]);
      const [below, above] = [draws.slice(0, coveringDraws), draws.slice(coveringDraws)];
      const first = firsts[i]!;
      recordDraws(pass, parts, {
        draws: below,
        first,
        pipelineOf: pipelineOf(true),
        feedback: false,
      });
      recordDraws(pass, parts, {
        draws: above,
        first: first + recordsOf(below),
        pipelineOf: pipelineOf(false),
        feedback: false,
      });
      pass.end();
    }
    return owned;
  } catch (error) {
    for (const object of owned) object.destroy();
    throw error;
  }
}
