/**
 * What materials depend on, and cycles in that.
 *
 * @module
 */

import type { StreamedTexture } from "../../streaming/mod.ts";
import { OutOfRangeError } from "../../errors.ts";
import { ATTRIBUTE_NAMES, type AttributeName } from "../asset/attributes.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "../asset/material_type.ts";
import { checkedBoolean, checkedChoice, checkOptionNames } from "../../checks.ts";
import { lowerMaterial } from "./compile/lower_material.ts";
import type { RuntimeVirtualTextureLike } from "./expressions/expression.ts";
import { COMPILE_CONTEXTS, type CompileContext } from "./material_graph.ts";
import type { MaterialInterface } from "./material_interface.ts";
import type { MaterialTexture } from "./material_texture.ts";

/** What a material reads besides where it is drawn. */
export interface MaterialDependencies {
  /** Runtime virtual textures that it samples. */
  readonly runtimeVirtualTextures: ReadonlySet<RuntimeVirtualTextureLike>;
  /** Streaming virtual textures that it samples. */
  readonly streamedTextures: ReadonlySet<StreamedTexture>;
  /** Plain textures that it samples. */
  readonly textures: ReadonlySet<MaterialTexture>;
  /** Names of scalar and vector parameters that it uses. */
  readonly parameters: ReadonlySet<string>;
  /** Painted layers that it uses. */
  readonly layers: ReadonlySet<string>;
}

/** Options of {@linkcode materialDependencies}. */
export interface MaterialDependenciesOptions {
  /** What takes the material's values. */
  readonly context: CompileContext;
  /** Attributes that are wanted; default all. */
  readonly wanted?: readonly AttributeName[];
  /** Whether virtual texturing is supported and enabled; default true. */
  readonly virtualTexturing?: boolean;
}

/**
 * What the wanted attributes of a material depend on in a context: exactly what compiling it for them
 * reaches.
 *
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if an option is not one of its choices.
 */
export function materialDependencies(
  material: MaterialInterface,
  options: MaterialDependenciesOptions,
): MaterialDependencies {
  const failure = `Cannot list dependencies of material "${material.name}"`;
  checkOptionNames(options, { failure, names: ["context", "wanted", "virtualTexturing"] });
  const { context, wanted = ATTRIBUTE_NAMES, virtualTexturing = true } = options;
  checkedChoice(context, { name: "context", failure, choices: COMPILE_CONTEXTS });
  checkedBoolean(virtualTexturing, { name: "virtualTexturing", failure });
  for (const name of wanted) {
    checkedChoice(name, { name: "wanted", failure, choices: ATTRIBUTE_NAMES });
  }
  const { nodes } = lowerMaterial(material, { context, wanted, virtualTexturing });
  const { textures: overrides } = material.overrides;
  const found = {
    runtimeVirtualTextures: new Set<RuntimeVirtualTextureLike>(),
    streamedTextures: new Set<StreamedTexture>(),
    textures: new Set<MaterialTexture>(),
    parameters: new Set<string>(),
    layers: new Set<string>(),
  };
  for (const { operation } of nodes) {
    if (operation.kind === "sample_call") found.runtimeVirtualTextures.add(operation.asset);
    if (operation.kind === "virtual_texture_sample") found.streamedTextures.add(operation.texture);
    if (operation.kind === "texture_sample") {
      found.textures.add(overrides.get(operation.parameter ?? "") ?? operation.texture);
    }
    if (operation.kind === "parameter") found.parameters.add(operation.parameter);
    if (operation.kind === "layer_weight") found.layers.add(operation.layer);
  }
  return found;
}

/** A material, and the runtime virtual textures that components with it render to. */
export interface MaterialWriter {
  /** What is rendered. */
  readonly material: MaterialInterface;
  /** Where to. */
  readonly assets: Iterable<RuntimeVirtualTextureLike>;
}

/** What a material of some revision samples while a texture of a type is filled. */
interface SampledWhileFilling {
  readonly revision: number;
  readonly byType: Map<MaterialTypeName, ReadonlySet<RuntimeVirtualTextureLike>>;
}

/** Scenes ask again with every change of a component. */
const SAMPLED_WHILE_FILLING = new WeakMap<MaterialInterface, SampledWhileFilling>();

function sampledWhileFilling(
  material: MaterialInterface,
  materialType: MaterialTypeName,
): ReadonlySet<RuntimeVirtualTextureLike> {
  const { revision } = material;
  let known = SAMPLED_WHILE_FILLING.get(material);
  if (known?.revision !== revision) {
    known = { revision, byType: new Map() };
    SAMPLED_WHILE_FILLING.set(material, known);
  }
  let sampled = known.byType.get(materialType);
  if (sampled === undefined) {
    const wanted = MATERIAL_TYPES[materialType].attributes;
    const options = { context: "virtual_texture", wanted } as const;
    sampled = materialDependencies(material, options).runtimeVirtualTextures;
    known.byType.set(materialType, sampled);
  }
  return sampled;
}

/** Of each runtime virtual texture that is rendered to, those that are sampled meanwhile. */
export type SampledByFills = ReadonlyMap<
  RuntimeVirtualTextureLike,
  ReadonlySet<RuntimeVirtualTextureLike>
>;

/** What some materials sample while they fill textures. */
export function sampledByFills(writers: Iterable<MaterialWriter>): SampledByFills {
  const sampledBy = new Map<RuntimeVirtualTextureLike, Set<RuntimeVirtualTextureLike>>();
  for (const { material, assets } of writers) {
    for (const asset of assets) {
      let sampled = sampledBy.get(asset);
      if (sampled === undefined) sampledBy.set(asset, sampled = new Set());
      for (const one of sampledWhileFilling(material, asset.materialType)) sampled.add(one);
    }
  }
  return sampledBy;
}

/** A texture that is filled, and one that is sampled meanwhile. */
export interface FillSample {
  /** What is filled. */
  readonly filled: RuntimeVirtualTextureLike;
  /** What is sampled. */
  readonly sampled: RuntimeVirtualTextureLike;
}

/**
 * The shortest cycle that a sample is part of, as `A → B → A`; null if there is none.
 *
 * @param sample What is filled depends on what is sampled.
 * @param sampledBy What else is sampled meanwhile.
 */
export function fillCycleOf(
  { filled, sampled }: FillSample,
  sampledBy: SampledByFills,
): string | null {
  const before = new Map<RuntimeVirtualTextureLike, RuntimeVirtualTextureLike | null>();
  before.set(sampled, null);
  for (const asset of before.keys()) {
    if (asset === filled) {
      const names: string[] = [];
      for (let at: typeof asset | null = asset; at !== null; at = before.get(at)!) {
        names.unshift(at.name);
      }
      return [filled.name, ...names].join(" → ");
    }
    for (const next of sampledBy.get(asset) ?? []) if (!before.has(next)) before.set(next, asset);
  }
  return null;
}

/**
 * Checks that with a writer no runtime virtual texture is filled with samples of itself, also through
 * others.
 *
 * @param options `others`: all that render to runtime virtual textures besides, asked for if the writer
 * samples some; `replaced`: the writer in whose place it comes, which may have made cycles already;
 * `failure`: what cannot be done if one is.
 * @throws {OutOfRangeError} if one is; the message names the cycle, `A → B → A`.
 */
export function assertNoFillCycle(
  writer: MaterialWriter,
  { others, replaced, failure }: {
    readonly others: () => Iterable<MaterialWriter>;
    readonly replaced?: MaterialWriter;
    readonly failure: string;
  },
): void {
  const before = sampledByFills(replaced === undefined ? [] : [replaced]);
  const added = [...sampledByFills([writer])].flatMap(([filled, all]) =>
    [...all.difference(before.get(filled) ?? new Set())].map((sampled) => ({ filled, sampled }))
  );
  if (added.length === 0) return;
  const sampledBy = sampledByFills([...others(), writer]);
  for (const sample of added) {
    const cycle = fillCycleOf(sample, sampledBy);
    if (cycle === null) continue;
    throw new OutOfRangeError(
      "materials",
      `${failure} as the fill of ${sample.filled.name} would depend on itself: ${cycle}`,
    );
  }
}
