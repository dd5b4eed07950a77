/**
 * Landscapes whose heights are streamed, on the GPU.
 *
 * @module
 */

import { type ForgeDevice, oncePerKey, virtualTextureLayoutEntries } from "../../gpu/mod.ts";
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
  readonly heights: GPUBuffer;
  readonly weights: GPUTexture;
  version: number;
  /** Of the texture's bindings that the groups hold. */
  generation: number;
  readonly groups: Map<string, GPUBindGroup>;
}

/** Binds landscapes whose heights are streamed, for as long as they are used. Borrows the textures. */
export class StreamedLandscapes {
  readonly #device: ForgeDevice;
  readonly #uploaded = new Map<LandscapeSurface, Uploaded>();

  /** @param device Borrowed. */
  constructor(device: ForgeDevice) {
    this.#device = device;
  }

  /** Bytes of all landscapes, without the textures. */
  get byteLength(): number {
    let bytes = 0;
    for (const { heights, weights } of this.#uploaded.values()) {
      bytes += heights.size + 4 * weights.width * weights.height * weights.depthOrArrayLayers;
    }
    return bytes;
  }

  /** The bind group of a landscape whose texture is loaded, for the next submit. */
  groupOf(surface: LandscapeSurface, pass: { readonly feedback: boolean }): GPUBindGroup {
    const { gpu } = this.#device;
    const { texture: { binding } } = surface.streamedHeights!;
    let uploaded = this.#uploaded.get(surface);
    if (uploaded === undefined) this.#uploaded.set(surface, uploaded = this.#make(surface));
    if (uploaded.version !== surface.version) {
      uploaded.version = surface.version;
      writeWeights(gpu, uploaded.weights, surface);
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
          { binding: 0, resource: { buffer: heights } },
          { binding: 1, resource: weights.createView({ dimension: "2d-array" }) },
          ...binding.entries({ firstBinding: STREAMED_HEIGHTS_BINDING, ...pass }),
        ],
      });
      uploaded.groups.set(kind, group);
    }
    return group;
  }

  #make(surface: LandscapeSurface): Uploaded {
    const { gpu } = this.#device;
    const weights = makeWeights(gpu, surface);
    const heights = heightsBuffer(gpu, surface.streamedHeights!);
    return { heights, weights, version: -1, generation: -1, groups: new Map() };
  }

  /** Destroys what landscapes have that are not in use; of all if none is given. */
  keepOnly(used: ReadonlySet<LandscapeSurface> = new Set()): void {
    for (const [surface, { heights, weights }] of this.#uploaded) {
      if (used.has(surface)) continue;
      heights.destroy();
      weights.destroy();
      this.#uploaded.delete(surface);
    }
  }
}

function heightsBuffer(
  gpu: GPUDevice,
  { scale, offset, range, channel }: StreamedHeights,
): GPUBuffer {
  const buffer = gpu.createBuffer({
    label: "streamed heights",
    size: HEIGHTS_BYTES,
    usage: GPUBufferUsage.UNIFORM,
    mappedAtCreation: true,
  });
  const bytes = buffer.getMappedRange();
  new Float32Array(bytes).set([scale, offset, ...range]);
  new Uint32Array(bytes)[4] = channel;
  buffer.unmap();
  return buffer;
}
