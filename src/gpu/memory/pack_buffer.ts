/**
 * Moving bytes towards the front of a buffer, on the GPU.
 *
 * @module
 */

import type { ForgeDevice } from "../device/device.ts";
import type { SpanMove } from "./block_allocator.ts";

/** Most bytes that are on their way at a time. */
const SCRATCH_BYTES = 4 * 2 ** 20;

/**
 * Records and submits moves, front first. WebGPU copies no buffer to itself, so the bytes go through a
 * scratch buffer, as many at a time as it holds: those that were copied out of the way lie behind
 * everything that is written before them.
 *
 * @returns Bytes that were moved.
 */
export function packBuffer(
  device: ForgeDevice,
  buffer: GPUBuffer,
  moves: readonly SpanMove[],
): number {
  const total = moves.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total === 0) return 0;
  const label = "moving blocks";
  const scratch = device.gpu.createBuffer({
    label,
    size: Math.min(total, SCRATCH_BYTES),
    usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.gpu.createCommandEncoder({ label });
  let held = 0;
  let target = moves[0]!.to;
  const flush = () => {
    if (held > 0) encoder.copyBufferToBuffer(scratch, 0, buffer, target, held);
    target += held;
    held = 0;
  };
  for (const { from, bytes } of moves) {
    // All that moves ends up in one piece, so that targets follow each other.
    for (let done = 0; done < bytes;) {
      const size = Math.min(bytes - done, scratch.size - held);
      encoder.copyBufferToBuffer(buffer, from + done, scratch, held, size);
      held += size;
      done += size;
      if (held === scratch.size) flush();
    }
  }
  flush();
  device.submits.submit([encoder.finish()]);
  scratch.destroy();
  return total;
}
