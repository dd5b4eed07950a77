/**
 * What a compiled material binds: parameters, textures and virtual textures.
 *
 * @module
 */

import type { MaterialTypeName } from "../../asset/material_type.ts";
import type { StreamedTexture } from "../../../streaming/mod.ts";
import type { ComponentCount, RuntimeVirtualTextureLike } from "../expressions/expression.ts";
import type { MaterialInterface } from "../material_interface.ts";
import type { MaterialTexture } from "../material_texture.ts";
import type { LoweredGraph, LoweredNode, SampleCall } from "./lowered_graph.ts";

/** A parameter in the uniform buffer. */
export interface UniformParameter {
  /** By which instances set it. */
  readonly name: string;
  /** Where its numbers begin, in bytes: 32-bit floating point each. */
  readonly offset: number;
  /** How many numbers. */
  readonly components: ComponentCount;
  /** Its value where no instance gives another. */
  readonly defaultValues: readonly number[];
}

/** A plain texture, with a sampler at the binding after it. */
export interface TextureSlot {
  /** Binding of the texture; the next one is its sampler's. */
  readonly binding: number;
  /** By which instances set it; null for none. */
  readonly parameter: string | null;
  /** What is sampled where no instance gives another. */
  readonly texture: MaterialTexture;
}

/** A streaming virtual texture, bound as `virtualTextureLayoutEntries` says, with one plane. */
export interface StreamedTextureSlot {
  /** First of its bindings. */
  readonly firstBinding: number;
  /** What is sampled. */
  readonly texture: StreamedTexture;
  /** What the names of its WGSL begin with. */
  readonly prefix: string;
  /** Whether the feedback is bound here, for all virtual textures of the material. */
  readonly bindsFeedback: boolean;
}

/** A sampled runtime virtual texture, bound as those say who give its WGSL. */
export interface RuntimeVirtualTextureSlot {
  /** First of its bindings; {@linkcode RUNTIME_VIRTUAL_TEXTURE_BINDINGS} of them are its own. */
  readonly firstBinding: number;
  /** By which instances set it; null for none. */
  readonly parameter: string | null;
  /** What is sampled where no instance gives another. */
  readonly asset: RuntimeVirtualTextureLike;
  /** What it stores. */
  readonly materialType: MaterialTypeName;
  /** What the names of its WGSL begin with. */
  readonly prefix: string;
  /** Whether the feedback is bound here, for all virtual textures of the material. */
  readonly bindsFeedback: boolean;
}

/** A sample of a runtime virtual texture in a material's code. */
export interface RuntimeVirtualTextureSampleSite {
  /** Number of its slot in {@linkcode MaterialLayout.runtimeVirtualTextures}. */
  readonly slot: number;
  /** The material type that the sample was made for. */
  readonly materialType: MaterialTypeName;
  /** Whether it is taken at the very world position of the pixel. */
  readonly isAtPixel: boolean;
}

/** What a compiled material binds, all in one bind group. */
export interface MaterialLayout {
  /** Number of the bind group. */
  readonly group: number;
  /** Parameters, in the uniform buffer at binding 0, which is there if there are any. */
  readonly parameters: readonly UniformParameter[];
  /** Plain textures. */
  readonly textures: readonly TextureSlot[];
  /** Streaming virtual textures. */
  readonly streamedTextures: readonly StreamedTextureSlot[];
  /** Runtime virtual textures. */
  readonly runtimeVirtualTextures: readonly RuntimeVirtualTextureSlot[];
  /** Samples of them, in the order in which the code takes them: each once for a pixel. */
  readonly samples: readonly RuntimeVirtualTextureSampleSite[];
  /** Names of painted layers, by the number that `material_layer_weight` is called with. */
  readonly layers: readonly string[];
}

/** Bindings that are kept for each sampled runtime virtual texture. */
export const RUNTIME_VIRTUAL_TEXTURE_BINDINGS = 16;
/** Bytes of a parameter in the uniform buffer, whatever its components. */
export const PARAMETER_BYTES = 16;
/** Bindings of a streaming virtual texture, of whatever planes. */
const STREAMED_TEXTURE_BINDINGS = 8;

/** Whether a sample is taken at the very world position of the pixel. */
export function isAtPixel({ settings }: SampleCall, { operation: place }: LoweredNode): boolean {
  return settings.by !== "uv" && place.kind === "input" && place.input === "world_position";
}

/** How a material is laid out. */
export interface LayOutOptions {
  /** Whose parameters hold assets. */
  readonly material: Pick<MaterialInterface, "overrides">;
  /** Number of the bind group. */
  readonly group: number;
  /** Whether the feedback is bound with the first virtual texture that reports to it. */
  readonly feedback: boolean | string;
  /** Which runtime virtual textures report; default all. */
  readonly reports?: ((asset: RuntimeVirtualTextureLike) => boolean) | undefined;
}

function everyAssetReports(): boolean {
  return true;
}

/** Where a material's resources are bound, in the order in which its nodes use them. */
export function layOutMaterial(
  { nodes }: LoweredGraph,
  { material, group, feedback, reports = everyAssetReports }: LayOutOptions,
): MaterialLayout {
  const parameters = new Map<string, UniformParameter>();
  const textures = new Map<string | MaterialTexture, Omit<TextureSlot, "binding">>();
  const streamed = new Set<StreamedTexture>();
  const sampled = new Map<string | RuntimeVirtualTextureLike, SampleCall>();
  const sites: (Omit<RuntimeVirtualTextureSampleSite, "slot"> & {
    readonly key: string | RuntimeVirtualTextureLike;
  })[] = [];
  const layers = new Set<string>();
  for (const { operation, inputs } of nodes) {
    switch (operation.kind) {
      case "parameter": {
        const { parameter: name, components, defaultValues } = operation;
        if (parameters.has(name)) break;
        const offset = PARAMETER_BYTES * parameters.size;
        parameters.set(name, { name, offset, components, defaultValues });
        break;
      }
      case "texture_sample":
        textures.set(operation.parameter ?? operation.texture, operation);
        break;
      case "virtual_texture_sample":
        streamed.add(operation.texture);
        break;
      case "sample_call": {
        const key = runtimeVirtualTextureKey(operation);
        sampled.set(key, operation);
        const { materialType } = operation.settings;
        const atPixel = isAtPixel(operation, nodes[inputs[0]!]!);
        sites.push({ key, materialType, isAtPixel: atPixel });
        break;
      }
      case "layer_weight":
        layers.add(operation.layer);
        break;
    }
  }
  let binding = 1;
  const take = (count: number): number => (binding += count) - count;
  let bindsFeedback = feedback === true;
  const takeFeedback = (): boolean => {
    const isFirst = bindsFeedback;
    bindsFeedback = false;
    return isFirst;
  };
  return {
    group,
    parameters: [...parameters.values()],
    textures: [...textures.values()].map(({ parameter, texture }) => ({
      binding: take(2),
      parameter,
      texture,
    })),
    streamedTextures: [...streamed].map((texture, i) => ({
      firstBinding: take(STREAMED_TEXTURE_BINDINGS),
      texture,
      prefix: `material_vt${i}_`,
      bindsFeedback: takeFeedback(),
    })),
    runtimeVirtualTextures: [...sampled.values()].map(({ settings }, i) => ({
      firstBinding: take(RUNTIME_VIRTUAL_TEXTURE_BINDINGS),
      parameter: settings.parameter,
      asset: settings.asset,
      materialType: settings.materialType,
      prefix: `rvt${i}_`,
      bindsFeedback: reports(assetOf(settings, material)) && takeFeedback(),
    })),
    samples: sites.map(({ key, ...site }) => ({
      slot: [...sampled.keys()].indexOf(key),
      ...site,
    })),
    layers: [...layers],
  };
}

/** The texture that a slot holds for a material or an instance. */
export function textureOf(slot: TextureSlot, { overrides }: MaterialInterface): MaterialTexture {
  return overrides.textures.get(slot.parameter ?? "") ?? slot.texture;
}

/** The asset that a slot holds for a material or an instance. */
export function assetOf(
  slot: Pick<RuntimeVirtualTextureSlot, "parameter" | "asset" | "materialType">,
  { overrides }: Pick<MaterialInterface, "overrides">,
): RuntimeVirtualTextureLike {
  const set = overrides.runtimeVirtualTextures.get(slot.parameter ?? "");
  return set?.materialType === slot.materialType ? set : slot.asset;
}

/** By what samples of runtime virtual textures share a slot: the parameter, or the asset. */
export function runtimeVirtualTextureKey(
  { settings, asset }: SampleCall,
): string | RuntimeVirtualTextureLike {
  return settings.parameter ?? asset;
}
