/**
 * What tells materials apart by what they write to tiles.
 *
 * @module
 */

import { StreamedTexture } from "../../streaming/mod.ts";
import {
  MATERIAL_TYPES,
  type MaterialTypeName,
  type RuntimeVirtualTextureLike,
} from "../asset/mod.ts";
import type { LoweredOperation } from "../material/compile/lowered_graph.ts";
import { keyOfOperation } from "../material/compile/lowered_key.ts";
import { isAtPixel } from "../material/compile/material_layout.ts";
import { lowerMaterial } from "../material/compile/lower_material.ts";
import { type MaterialInterface, MaterialTexture } from "../material/mod.ts";
import { ContentHash } from "./content_hash.ts";

/** Runtime virtual textures that are sampled; true for those that are sampled where they are shown, no other place. */
export type SampledAssets = ReadonlyMap<RuntimeVirtualTextureLike, boolean>;

/** Joins what several materials sample. */
export function joinedAssets(list: Iterable<SampledAssets>): SampledAssets {
  const joined = new Map<RuntimeVirtualTextureLike, boolean>();
  for (const assets of list) {
    for (const [asset, isHere] of assets) joined.set(asset, isHere && (joined.get(asset) ?? true));
  }
  return joined;
}

/** What a material writes to tiles of one type. */
export interface MaterialIdentity {
  /** Differs where graphs, parameters or textures do; names of materials and nodes do not count. */
  readonly digits: string;
  /**
   * The runtime virtual textures that it samples: what it writes differs where their content does. And
   * whether each is sampled at the pixel's own place alone, at the level that the pixel's size asks for.
   */
  readonly assets: SampledAssets;
  /** The painted layers of landscapes that it reads. */
  readonly layers: ReadonlySet<string>;
  /** The streaming textures that it samples. */
  readonly streamed: ReadonlySet<StreamedTexture>;
  /** Whether it reads the number of a tile's level, or how many there are. */
  readonly readsLevels: boolean;
}

const LEVEL_PROPERTIES: readonly string[] = [
  "virtual_texture_output_level",
  "virtual_texture_max_level",
];

const textureDigits = new WeakMap<object, string>();

/**
 * Identifies a plain texture by its texels, a streamed one by what is known of its source: nothing else is the
 * same as one of which nothing is known.
 */
export function textureIdentity(texture: MaterialTexture | StreamedTexture): string {
  let digits = textureDigits.get(texture);
  if (digits === undefined) {
    const { width, height, colorSpace } = texture;
    const hash = new ContentHash().addNumbers([width, height]).addText(colorSpace);
    if (texture instanceof StreamedTexture) {
      hash.addText(texture.identity ?? crypto.randomUUID());
    } else {
      hash.addText(texture.addressing).addBytes(texture.levels[0]!.texels);
    }
    textureDigits.set(texture, digits = hash.digits);
  }
  return digits;
}

/** Texts that identify textures without being read. */
const descriptions = new WeakMap<object, string>();

/** Notes what a texture is made from: one that stands in for it until it is read is described the same. */
export function describeTexture(texture: MaterialTexture, description: string): void {
  descriptions.set(texture, description);
}

/** Many components have the same material. */
type KnownMaterials = WeakMap<
  MaterialInterface,
  Map<MaterialTypeName, { readonly revision: number; readonly identity: MaterialIdentity }>
>;

const knownByTexels: KnownMaterials = new WeakMap();
const knownByDescription: KnownMaterials = new WeakMap();

/**
 * Identifies what a material writes to tiles, as it is now.
 *
 * @throws {UnsupportedError} if the material has too many nodes.
 */
export function materialIdentity(
  material: MaterialInterface,
  materialType: MaterialTypeName,
): MaterialIdentity {
  return identityFrom(knownByTexels, material, { materialType, textureIdentity });
}

/**
 * The same by what textures are made from, where that is known: equal for a material whose textures stand in for
 * those that are not read.
 *
 * @throws {UnsupportedError} if the material has too many nodes.
 */
export function describedIdentity(
  material: MaterialInterface,
  materialType: MaterialTypeName,
): MaterialIdentity {
  return identityFrom(knownByDescription, material, {
    materialType,
    textureIdentity: (texture) => descriptions.get(texture) ?? textureIdentity(texture),
  });
}

/** For which tiles a material is identified, and how its textures are. */
interface IdentityOptions {
  readonly materialType: MaterialTypeName;
  readonly textureIdentity: typeof textureIdentity;
}

function identityFrom(
  known: KnownMaterials,
  material: MaterialInterface,
  options: IdentityOptions,
): MaterialIdentity {
  const { materialType } = options;
  let byType = known.get(material);
  if (byType === undefined) known.set(material, byType = new Map());
  const { revision } = material;
  let entry = byType.get(materialType);
  if (entry?.revision !== revision) {
    entry = { revision, identity: identityNow(material, options) };
    byType.set(materialType, entry);
  }
  return entry.identity;
}

function identityNow(
  material: MaterialInterface,
  { materialType, textureIdentity }: IdentityOptions,
): MaterialIdentity {
  const { graph } = material;
  const { nodes, outputs } = lowerMaterial(material, {
    context: "virtual_texture",
    wanted: MATERIAL_TYPES[materialType].attributes,
    virtualTexturing: true,
  });
  const hash = new ContentHash();
  const objects = new Map<object, number>();
  const assets: SampledAssets[] = [];
  const layers = new Set<string>();
  const streamed = new Set<StreamedTexture>();
  const idOf = (object: object) => {
    if (!objects.has(object)) objects.set(object, objects.size);
    return objects.get(object)!;
  };
  let readsLevels = false;
  for (const { operation, inputs, components } of nodes) {
    hash.addText(keyOfOperation(operation, idOf)).addNumbers([components, ...inputs]);
    addValues(hash, operation, { ...material.overrides, textureIdentity });
    if (operation.kind === "sample_call") {
      const { asset, settings } = operation;
      const isHere = settings.mipMode === "none" && isAtPixel(operation, nodes[inputs[0]!]!);
      assets.push(new Map([[asset, isHere]]));
    }
    if (operation.kind === "layer_weight") layers.add(operation.layer);
    if (operation.kind === "virtual_texture_sample") streamed.add(operation.texture);
    if (operation.kind === "view_property" && LEVEL_PROPERTIES.includes(operation.property)) {
      readsLevels = true;
    }
  }
  hash.addText(JSON.stringify([...outputs]));
  hash.addText(JSON.stringify([graph.twoSided, graph.output?.heightRange ?? null]));
  return { digits: hash.digits, assets: joinedAssets(assets), layers, streamed, readsLevels };
}

/** Adds what a node computes with that its key does not say: values of parameters, and textures. */
function addValues(
  hash: ContentHash,
  operation: LoweredOperation,
  { numbers, textures, textureIdentity }:
    & MaterialInterface["overrides"]
    & Pick<IdentityOptions, "textureIdentity">,
): void {
  switch (operation.kind) {
    case "parameter":
      hash.addNumbers(numbers.get(operation.parameter) ?? operation.defaultValues);
      break;
    case "texture_sample": {
      const { parameter, texture } = operation;
      hash.addText(textureIdentity(textures.get(parameter ?? "") ?? texture));
      break;
    }
    case "virtual_texture_sample":
      hash.addText(textureIdentity(operation.texture));
  }
}
