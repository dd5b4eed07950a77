/**
 * The runtime virtual textures that materials sample, as code and as bindings.
 *
 * @module
 */

import {
  type ForgeDevice,
  type MemoryLedger,
  type PlaneCount,
  type SampleFilter,
  type TrackedBuffer,
  virtualTextureLayoutEntries,
} from "../../gpu/mod.ts";
import type { Vec3 } from "../../geometry/mod.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";
import { formatInfo } from "../../texels/mod.ts";
import { ATTRIBUTE_NAMES, ATTRIBUTES } from "../asset/mod.ts";
import type {
  RuntimeVirtualTextureBinder,
  RuntimeVirtualTextureCode,
  RuntimeVirtualTextureLike,
  RuntimeVirtualTextureSlot,
} from "../material/mod.ts";
import { wgslName, wgslType } from "../planes/wgsl_names.ts";
import {
  PLACE_BINDING,
  runtimeVirtualTextureWgsl,
  type SampledTexture,
} from "./runtime_virtual_texture_wgsl.ts";

/** Bytes of `Placement` in `shaders/rvt/sample_placement.wgsl`. */
const PLACE_BYTES = 64;
/** Of the fields that depend on the origin of relative positions, in `Placement`. */
const ORIGIN_OFFSET = 40;

/** A texture that a volume places, and that can be sampled. */
export interface PlacedTexture {
  /** What it stores, and in which formats. */
  readonly sampled: SampledTexture;
  /** What is streamed. */
  readonly texture: StreamedTexture;
  /** World to u, v and w of its volume: column-major. */
  readonly toVolume: Float64Array;
  /** World z that is stored as 0 and as 1. */
  readonly heightRange: readonly [number, number];
}

/** Where the world's origin is. */
const NOWHERE_ELSE: Vec3 = [0, 0, 0];

/** Finds the texture of an asset; null if no volume places it now. */
export type PlacedTextureOf = (asset: RuntimeVirtualTextureLike) => PlacedTexture | null;

/** Whether textures are sampled for pictures, or for what is kept in tiles. */
export type SampleUse = "picture" | "tile";

/** What is known of the textures of a scene. */
export interface ScenePlaces {
  /** Finds the texture of an asset. */
  readonly placedOf: PlacedTextureOf;
  /** Whether pictures filter anisotropically; tiles never do. */
  readonly isAnisotropic: () => boolean;
}

/** Gives WGSL and bindings of the runtime virtual textures that materials sample. */
export interface SampledAssetBinder extends RuntimeVirtualTextureBinder {
  /** Gives the WGSL of an asset. */
  readonly code: RuntimeVirtualTextureCode;
  /** What a material's code depends on beside its graph: how an asset is stored and filtered now. */
  formOf(asset: RuntimeVirtualTextureLike, use: SampleUse): string;
  /** Whether its WGSL reports the tiles that are wanted, where there is feedback. */
  reports(asset: RuntimeVirtualTextureLike): boolean;
}

/** Placed textures so far, on all devices: no generation comes again. */
let placedCount = 0;

/**
 * Gives WGSL and bindings of the textures that materials sample, on one device. Owns a buffer for each,
 * borrows the textures. A texture that no volume places has its type's clear values everywhere.
 */
export class SampledAssets implements SampledAssetBinder {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #placedOf: PlacedTextureOf;
  readonly #isAnisotropic: () => boolean;
  readonly #places = new Map<PlacedTexture, TrackedBuffer>();
  /** Numbers of placed textures, so that another one under the same asset is noticed. */
  readonly #numbers = new WeakMap<PlacedTexture, number>();
  #origin: Vec3 = NOWHERE_ELSE;

  /**
   * @param ledger Counts the buffers, as caches.
   * @param places Finds textures, and tells how they are filtered.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, places: ScenePlaces) {
    this.#device = device;
    this.#ledger = ledger;
    this.#placedOf = places.placedOf;
    this.#isAnisotropic = places.isAnisotropic;
  }

  /** See {@linkcode SampledAssetBinder}. */
  formOf(asset: RuntimeVirtualTextureLike, use: SampleUse): string {
    const placed = this.#placedOf(asset);
    if (placed === null) return "nothing";
    return JSON.stringify(placed.sampled) + this.#filterOf(use);
  }

  /** See {@linkcode SampledAssetBinder}. */
  reports(asset: RuntimeVirtualTextureLike): boolean {
    return this.#placedOf(asset) !== null;
  }

  #filterOf(use: SampleUse): SampleFilter {
    return use === "picture" && this.#isAnisotropic() ? "anisotropic" : "trilinear";
  }

  /** See {@linkcode SampledAssetBinder}. */
  readonly code: RuntimeVirtualTextureCode = (asset, options) => {
    const placed = this.#placedOf(asset);
    const { context, ...bound } = options;
    if (placed === null) return unplacedWgsl(bound.prefix);
    const isPicture = context === "main_pass";
    return runtimeVirtualTextureWgsl(placed.sampled, {
      ...bound,
      fade: isPicture,
      steady: !isPicture,
      filter: this.#filterOf(isPicture ? "picture" : "tile"),
    });
  };

  /** See {@linkcode RuntimeVirtualTextureBinder}. */
  layoutEntries(
    asset: RuntimeVirtualTextureLike,
    { firstBinding, bindsFeedback: feedback }: Bound,
  ): readonly GPUBindGroupLayoutEntry[] {
    const placed = this.#placedOf(asset);
    if (placed === null) return [];
    return sampledLayoutEntries(placed.sampled, { firstBinding, feedback });
  }

  /** See {@linkcode RuntimeVirtualTextureBinder}. */
  entries(
    asset: RuntimeVirtualTextureLike,
    { firstBinding, bindsFeedback: feedback }: Bound,
  ): readonly GPUBindGroupEntry[] {
    const placed = this.#placedOf(asset);
    if (placed === null) return [];
    return [
      ...placed.texture.binding.entries({ firstBinding, feedback }),
      { binding: firstBinding + PLACE_BINDING, resource: { buffer: this.#placeOf(placed) } },
    ];
  }

  /** See {@linkcode RuntimeVirtualTextureBinder}. */
  generation(asset: RuntimeVirtualTextureLike): number {
    const placed = this.#placedOf(asset);
    if (placed === null) return 0;
    let number = this.#numbers.get(placed);
    if (number === undefined) this.#numbers.set(placed, number = ++placedCount);
    return number * 2 ** 24 + placed.texture.binding.generation;
  }

  #placeOf(placed: PlacedTexture): GPUBuffer {
    let place = this.#places.get(placed);
    if (place === undefined) {
      place = makePlace(this.#device, this.#ledger, placedAt(placed, this.#origin));
      this.#places.set(placed, place);
    }
    return place.buffer;
  }

  /** Where relative positions begin. */
  get origin(): Vec3 {
    return this.#origin;
  }

  /** Sets where relative positions begin, for what is submitted from now on. */
  setOrigin(origin: Vec3): void {
    if (origin.every((part, i) => part === this.#origin[i])) return;
    this.#origin = origin;
    for (const [placed, { buffer }] of this.#places) {
      const bytes = originBytes(placedAt(placed, origin));
      this.#device.gpu.queue.writeBuffer(buffer, ORIGIN_OFFSET, bytes);
    }
  }

  /** Destroys the buffer of a texture that is placed no more. */
  release(placed: PlacedTexture): void {
    this.#places.get(placed)?.destroy();
    this.#places.delete(placed);
  }

  /** Destroys the buffers. */
  destroy(): void {
    for (const placed of [...this.#places.keys()]) this.release(placed);
  }
}

/** Where a slot is bound. */
type Bound = Pick<RuntimeVirtualTextureSlot, "firstBinding" | "bindsFeedback">;

/** Layout entries of a sampled texture. */
export function sampledLayoutEntries(
  { formats }: SampledTexture,
  options: { readonly firstBinding: number; readonly feedback: boolean },
): GPUBindGroupLayoutEntry[] {
  const visibility = GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT | GPUShaderStage.COMPUTE;
  const atlasType = formatInfo(formats[0]!).sampleType;
  const planes = formats.length as PlaneCount;
  return [
    ...virtualTextureLayoutEntries({ ...options, planes, atlasType }),
    {
      binding: options.firstBinding + PLACE_BINDING,
      visibility,
      buffer: { type: "uniform", minBindingSize: PLACE_BYTES },
    },
  ];
}

/** Where a texture lies in the world. */
export interface TexturePlace extends Pick<PlacedTexture, "toVolume" | "heightRange"> {
  /** Texels of level 0. */
  readonly size: readonly [number, number];
  /** Where relative positions begin. */
  readonly origin: Vec3;
}

function placedAt({ toVolume, heightRange, texture }: PlacedTexture, origin: Vec3): TexturePlace {
  return { toVolume, heightRange, size: [texture.width, texture.height], origin };
}

/** The texel of an origin and the place in it; far away, one that is as far away as fits. */
function originBytes({ toVolume: m, size, origin: [x, y, z] }: TexturePlace): ArrayBuffer {
  const bytes = new ArrayBuffer(16);
  for (const axis of [0, 1] as const) {
    const at = size[axis] * (m[axis]! * x + m[4 + axis]! * y + m[8 + axis]! * z + m[12 + axis]!);
    const texel = Math.min(FARTHEST_TEXEL, Math.max(-FARTHEST_TEXEL, Math.floor(at)));
    new Float32Array(bytes)[axis] = Math.min(1, Math.max(0, at - texel));
    new Int32Array(bytes)[2 + axis] = texel;
  }
  return bytes;
}

/** Sums of texels fit in 32 bits. */
const FARTHEST_TEXEL = 2 ** 29;

/** The uniform that says where a texture lies in the world. Of a lost device it holds nothing. */
export function makePlace(
  device: ForgeDevice,
  ledger: MemoryLedger,
  place: TexturePlace,
): TrackedBuffer {
  const { toVolume: m, heightRange } = place;
  const made = ledger.createBuffer("caches", device, {
    label: "place of runtime virtual texture",
    size: PLACE_BYTES,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const row = (i: number) => [m[i]!, m[4 + i]!, m[8 + i]!, m[12 + i]!];
  const values = Float32Array.of(...row(0), ...row(1), ...heightRange);
  // Mapping a buffer of a lost device throws, and materials are bound outside of what is guarded.
  device.gpu.queue.writeBuffer(made.buffer, 0, values);
  device.gpu.queue.writeBuffer(made.buffer, ORIGIN_OFFSET, originBytes(place));
  return made;
}

/** WGSL of a texture that no volume places: clear values, whatever the place. */
export function unplacedWgsl(prefix: string): string {
  const values = ATTRIBUTE_NAMES.map((name) =>
    `${wgslType(name)}(${ATTRIBUTES[name].clearValue.map((value) => `${value}`).join(", ")})`
  );
  const modes = [
    ["", ""],
    ["_level", "level: f32, "],
    ["_bias", "bias: f32, "],
    ["_derivatives", "ddx: vec2f, ddy: vec2f, "],
    ["_world_derivatives", "ddx: vec3f, ddy: vec3f, "],
  ];
  const functions = [["world", "vec3f"], ["relative", "vec3f"], ["uv", "vec2f"]].flatMap((
    [by, type],
  ) =>
    modes.map(([mode, inputs]) =>
      `fn ${prefix}sample_${by}${mode}(place: ${type}, ${inputs}pixel: vec2f, reports: bool) -> ` +
      `${prefix}Values {\n  return ${prefix}Values(${values.join(", ")});\n}`
    )
  );
  return [
    ...ATTRIBUTE_NAMES.map((name) => `const ${prefix}has_${wgslName(name)}: bool = false;`),
    `struct ${prefix}Values {`,
    ...ATTRIBUTE_NAMES.map((name) => `  ${wgslName(name)}: ${wgslType(name)},`),
    "}",
    ...functions,
    "",
  ].join("\n");
}
