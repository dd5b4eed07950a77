/**
 * Heights and painted layers of landscapes on the GPU.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger, TrackedTexture } from "../../gpu/mod.ts";
import { oncePerDevice } from "../../gpu/mod.ts";
import type { LandscapeSurface } from "../component/component_draw.ts";
import { makeWeights, writeWeights } from "./landscape_weights.ts";
import { StreamedLandscapes } from "./streamed_landscapes.ts";

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
  readonly #streamed: StreamedLandscapes;

  /**
   * Begins with none.
   *
   * @param device Borrowed.
   * @param ledger Counts the textures.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger) {
    this.#device = device;
    this.#ledger = ledger;
    this.#streamed = new StreamedLandscapes(device, ledger);
  }

  /**
   * The bind group of a landscape as it is now. What has changed is written before the commands of the
   * next submit.
   *
   * @param pass Whether streamed heights report the tiles that they want; their texture must be loaded.
   */
  groupOf(surface: LandscapeSurface, pass: { readonly feedback: boolean }): GPUBindGroup {
    if (surface.streamedHeights !== undefined) return this.#streamed.groupOf(surface, pass);
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

  #make(surface: LandscapeSurface): Uploaded {
    const { width, height, layers } = surface;
    const { gpu } = this.#device;
    const weights = makeWeights(this.#device, this.#ledger, surface);
    const heights = this.#ledger.createTexture("caches", this.#device, {
      label: "landscape heights",
      format: "r32float",
      size: [width, height],
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
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
    const { width, height } = surface;
    const { gpu } = this.#device;
    gpu.queue.writeTexture(
      { texture: heights.texture },
      surface.heights as Float32Array<ArrayBuffer>,
      { bytesPerRow: 4 * width },
      [width, height],
    );
    writeWeights(gpu, weights.texture, surface);
  }

  /** Destroys the textures of a landscape. */
  release(surface: LandscapeSurface): void {
    this.#streamed.release(surface);
    const uploaded = this.#uploaded.get(surface);
    uploaded?.heights.destroy();
    uploaded?.weights.destroy();
    this.#uploaded.delete(surface);
  }

  /** Destroys all textures. */
  destroy(): void {
    this.#streamed.destroy();
    for (const surface of [...this.#uploaded.keys()]) this.release(surface);
  }
}
