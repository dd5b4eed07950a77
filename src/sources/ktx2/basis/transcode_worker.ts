/**
 * Entry of a worker that transcodes images, one at a time, in the order in which they come.
 *
 * @module
 */

import { transcodeImage, type TranscodeJob } from "./transcode_image.ts";

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: ((event: { readonly data: TranscodeJob }) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  const outcome = await transcodeImage(data);
  scope.postMessage(outcome, "blocks" in outcome ? [outcome.blocks.buffer] : []);
};
