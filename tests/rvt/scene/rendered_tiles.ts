/**
 * Lets tests see which tiles were rendered, in which batches.
 *
 * @module
 */

import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import type { TileToRender } from "../../../src/rvt/tile/render_producer.ts";
import { RenderRecorder } from "../../../src/rvt/tile/render_recorder.ts";
import { insideOf } from "../../streaming/inside.ts";

const batches = new WeakMap<object, number[][]>();

const { record } = RenderRecorder.prototype;
RenderRecorder.prototype.record = function (encoder, atlas, items) {
  record.call(this, encoder, atlas, items);
  batchesOf(this).push(items.map(({ payload }: { payload: TileToRender }) => payload.tile));
};

function batchesOf(recorder: object): number[][] {
  let known = batches.get(recorder);
  if (known === undefined) batches.set(recorder, known = []);
  return known;
}

/** The batches of a texture that were recorded since they were taken last: tile indices of each. */
export function takeBatches(texture: StreamedTexture): number[][] {
  return batchesOf(insideOf(texture).recorder).splice(0);
}

/** The tiles of a texture that were rendered since they were taken last, in ascending order. */
export function takeRendered(texture: StreamedTexture): number[] {
  return takeBatches(texture).flat().sort((a, b) => a - b);
}
