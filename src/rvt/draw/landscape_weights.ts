/**
 * Painted layers of landscapes on the GPU.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import type { ForgeDevice, MemoryLedger, TrackedTexture } from "../../gpu/mod.ts";
import type { LandscapeSurface } from "../component/component_draw.ts";
import { MOST_LAYERS } from "./draw_records.ts";

/**
 * A texture for the weights of a landscape's layers, four to each of its own; one texel if there are none.
 *
 * @throws {InvalidArgumentError} if there are more layers than materials can read.
 */
export function makeWeights(
  device: ForgeDevice,
  ledger: MemoryLedger,
  { width, height, layers }: LandscapeSurface,
): TrackedTexture {
  if (layers.size > MOST_LAYERS) {
    throw new InvalidArgumentError(
      "layers",
      `Cannot render landscape as it may have at most ${MOST_LAYERS} layers: current count is ` +
        `${layers.size}`,
    );
  }
  return ledger.createTexture("caches", device, {
    label: "landscape layers",
    format: "rgba8unorm",
    size: layers.size === 0 ? [1, 1, 1] : [width, height, Math.ceil(layers.size / 4)],
    usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  });
}

/** Writes the weights as they are now, before the commands of the next submit. */
export function writeWeights(
  { queue }: GPUDevice,
  texture: GPUTexture,
  { width, height, layers }: LandscapeSurface,
): void {
  const names = [...layers.keys()];
  for (let first = 0; first < names.length; first += 4) {
    const texels = new Uint8Array(4 * width * height);
    for (const [channel, name] of names.slice(first, first + 4).entries()) {
      const values = layers.get(name)!;
      for (let i = 0; i < values.length; i++) texels[4 * i + channel] = values[i]!;
    }
    queue.writeTexture(
      { texture, origin: [0, 0, first / 4] },
      texels,
      { bytesPerRow: 4 * width },
      [width, height],
    );
  }
}
