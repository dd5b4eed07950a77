/**
 * Heights and painted layers of landscapes on the GPU.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import type { ForgeDevice, MemoryLedger, TrackedTexture } from "../../gpu/mod.ts";
import { oncePerDevice } from "../../gpu/mod.ts";
import type { LandscapeSurface } from "../component/component_draw.ts";
import { MOST_LAYERS } from "./draw_records.ts";

interface Uploaded {
  readonly heights: TrackedTexture;
  readonly weights: TrackedTexture;
  readonly group: GPUBindGroup;
  readonly layerCount: number;
  version: number;
}

/** The layout of the bind group of a landscape. */
export const landscapeLayout: (gpu: GPUDevice) => GPUBindGroupLayout = oncePerDevice((gpu) =>
  gpu.createBindGroupLayout({
    label: "landscape",
    entries: [
      {
        binding: 0,
        visibility: GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT,
        texture: { sampleType: "unfilterable-float" },
      },
      {
        binding: 1,
        visibility: GPUShaderStage.FRAGMENT,
        texture: { sampleType: "unfilterable-float", viewDimension: "2d-array" },
      },
    ],
  })
);

/** Keeps the textures of landscapes, for as long as they are used. Owns them. */
export class LandscapeTextureCache {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #uploaded = new Map<LandscapeSurface, Uploaded>();

  /**
   * Begins with none.
   *
   * @param device Borrowed.
   * @param ledger Counts the textures.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger) {
    this.#device = device;
    this.#ledger = ledger;
  }

  /**
   * The bind group of a landscape as it is now. What has changed is written before the commands of the
   * next submit.
   */
  groupOf(surface: LandscapeSurface): GPUBindGroup {
    let uploaded = this.#uploaded.get(surface);
    if (uploaded?.layerCount !== surface.layers.size) {
      this.release(surface);
      uploaded = this.#make(surface);
      this.#uploaded.set(surface, uploaded);
    }
    if (uploaded.version !== surface.version) {
      uploaded.version = surface.version;
      this.#write(surface, uploaded);
    }
    return uploaded.group;
  }

  #make({ width, height, layers }: LandscapeSurface): Uploaded {
    if (layers.size > MOST_LAYERS) {
      throw new InvalidArgumentError(
        "layers",
        `Cannot render landscape as it may have at most ${MOST_LAYERS} layers: current count is ` +
          `${layers.size}`,
      );
    }
    const { gpu } = this.#device;
    const usage = GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST;
    const make = (descriptor: GPUTextureDescriptor) =>
      this.#ledger.createTexture("caches", this.#device, descriptor);
    const heights = make({
      label: "landscape heights",
      format: "r32float",
      size: [width, height],
      usage,
    });
    const weights = make({
      label: "landscape layers",
      format: "rgba8unorm",
      size: [width, height, Math.max(1, Math.ceil(layers.size / 4))],
      usage,
    });
    const group = gpu.createBindGroup({
      label: "landscape",
      layout: landscapeLayout(gpu),
      entries: [
        { binding: 0, resource: heights.texture.createView() },
        { binding: 1, resource: weights.texture.createView({ dimension: "2d-array" }) },
      ],
    });
    return { heights, weights, group, layerCount: layers.size, version: -1 };
  }

  #write(surface: LandscapeSurface, { heights, weights }: Uploaded): void {
    const { width, height, layers } = surface;
    const { queue } = this.#device.gpu;
    queue.writeTexture(
      { texture: heights.texture },
      surface.heights as Float32Array<ArrayBuffer>,
      { bytesPerRow: 4 * width },
      [width, height],
    );
    const names = [...layers.keys()];
    for (let first = 0; first < names.length; first += 4) {
      const texels = new Uint8Array(4 * width * height);
      for (const [channel, name] of names.slice(first, first + 4).entries()) {
        const values = layers.get(name)!;
        for (let i = 0; i < values.length; i++) texels[4 * i + channel] = values[i]!;
      }
      queue.writeTexture(
        { texture: weights.texture, origin: [0, 0, first / 4] },
        texels,
        { bytesPerRow: 4 * width },
        [width, height],
      );
    }
  }

  /** Destroys the textures of a landscape. */
  release(surface: LandscapeSurface): void {
    const uploaded = this.#uploaded.get(surface);
    uploaded?.heights.destroy();
    uploaded?.weights.destroy();
    this.#uploaded.delete(surface);
  }

  /** Destroys all textures. */
  destroy(): void {
    for (const surface of [...this.#uploaded.keys()]) this.release(surface);
  }
}
