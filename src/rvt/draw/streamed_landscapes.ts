/**
 * Landscapes whose heights are streamed, on the GPU.
 *
 * @module
 */

import {
  type ForgeDevice,
  type MemoryLedger,
  oncePerKey,
  type TrackedBuffer,
  type TrackedTexture,
  virtualTextureLayoutEntries,
} from "../../gpu/mod.ts";
import type { LandscapeSurface, StreamedHeights } from "../component/component_draw.ts";
import { landscapeKind } from "./draw_kind.ts";
import { makeWeights, writeWeights } from "./landscape_weights.ts";

/** First binding of the texture that heights are streamed of. */
export const STREAMED_HEIGHTS_BINDING = 2;

/** Bytes of `DrawHeights` in `shaders/rvt/streamed_heights.wgsl`. */
const HEIGHTS_BYTES = 32;

const layouts = oncePerKey<GPUBindGroupLayout>();

/** The layout of the bind group of a landscape whose heights are streamed. */
export function streamedLandscapeLayout(
  gpu: GPUDevice,
  kind: "streamed_landscape" | "reporting_landscape",
): GPUBindGroupLayout {
  return layouts(gpu, kind, () =>
    gpu.createBindGroupLayout({
      label: kind,
      entries: [
        {
          binding: 0,
          visibility: GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT,
          buffer: { minBindingSize: HEIGHTS_BYTES },
        },
        {
          binding: 1,
          visibility: GPUShaderStage.FRAGMENT,
          texture: { sampleType: "unfilterable-float", viewDimension: "2d-array" },
        },
        ...virtualTextureLayoutEntries({
          firstBinding: STREAMED_HEIGHTS_BINDING,
          feedback: kind === "reporting_landscape",
        }),
      ],
    }));
}

/** What a landscape has on the GPU beside its texture. */
interface Uploaded {
  readonly heights: TrackedBuffer;
  readonly weights: TrackedTexture;
  version: number;
  /** Of the texture's bindings that the groups hold. */
  generation: number;
  readonly groups: Map<string, GPUBindGroup>;
}

/** Binds landscapes whose heights are streamed, for as long as they are used. Borrows the textures. */
export class StreamedLandscapes {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #uploaded = new Map<LandscapeSurface, Uploaded>();

  /**
   * Begins with none.
   *
   * @param device Borrowed.
   * @param ledger Counts what landscapes have beside their textures.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger) {
    this.#device = device;
    this.#ledger = ledger;
  }

  /** The bind group of a landscape whose texture is loaded, for the next submit. */
  groupOf(surface: LandscapeSurface, pass: { readonly feedback: boolean }): GPUBindGroup {
    const { gpu } = this.#device;
    const { texture: { binding } } = surface.streamedHeights!;
    let uploaded = this.#uploaded.get(surface);
    if (uploaded === undefined) this.#uploaded.set(surface, uploaded = this.#make(surface));
    if (uploaded.version !== surface.version) {
      uploaded.version = surface.version;
      writeWeights(gpu, uploaded.weights.texture, surface);
    }
    if (uploaded.generation !== binding.generation) {
      uploaded.generation = binding.generation;
      uploaded.groups.clear();
    }
    const kind = landscapeKind(surface, pass) as Parameters<typeof streamedLandscapeLayout>[1];
    let group = uploaded.groups.get(kind);
    if (group === undefined) {
      const { heights, weights } = uploaded;
      group = gpu.createBindGroup({
        label: kind,
        layout: streamedLandscapeLayout(gpu, kind),
        entries: [
          { binding: 0, resource: { buffer: heights.buffer } },
          { binding: 1, resource: weights.texture.createView({ dimension: "2d-array" }) },
          ...binding.entries({ firstBinding: STREAMED_HEIGHTS_BINDING, ...pass }),
        ],
      });
      uploaded.groups.set(kind, group);
    }
    return group;
  }

  #make(surface: LandscapeSurface): Uploaded {
    const weights = makeWeights(this.#device, this.#ledger, surface);
    const heights = this.#makeHeights(surface.streamedHeights!);
    return { heights, weights, version: -1, generation: -1, groups: new Map() };
  }

  #makeHeights({ scale, offset, range, channel }: StreamedHeights): TrackedBuffer {
    const tracked = this.#ledger.createBuffer("caches", this.#device, {
      label: "streamed heights",
      size: HEIGHTS_BYTES,
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    const bytes = tracked.buffer.getMappedRange();
    new Float32Array(bytes).set([scale, offset, ...range]);
    new Uint32Array(bytes)[4] = channel;
    tracked.buffer.unmap();
    return tracked;
  }

  /** Destroys what a landscape has beside its texture. */
  release(surface: LandscapeSurface): void {
    const uploaded = this.#uploaded.get(surface);
    uploaded?.heights.destroy();
    uploaded?.weights.destroy();
    this.#uploaded.delete(surface);
  }

  /** Destroys what all landscapes have. */
  destroy(): void {
    for (const surface of [...this.#uploaded.keys()]) this.release(surface);
  }
}
