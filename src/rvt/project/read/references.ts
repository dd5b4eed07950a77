/**
 * What the parts of a project name: each part's needs, by list. Pure.
 *
 * @module
 */

import type {
  MaterialFunctionJson,
  MaterialInstanceJson,
  MaterialJson,
} from "../../material/mod.ts";
import type { ListName, Place } from "../schema/mod.ts";

/** A name that stands in a project for something else. */
export interface Reference {
  /** The list in which that must be. */
  readonly list: ListName;
  readonly name: string;
  readonly place: Place;
}

/** What messages call an element of each list. */
export const LIST_LABELS: Readonly<Record<ListName, string>> = Object.freeze({
  textures: "a texture",
  streamedTextures: "a streamed texture",
  assets: "an asset",
  materialFunctions: "a material function",
  materials: "a material",
  scenes: "a scene",
});

/** Fields of nodes that hold names, by kind. */
const NODE_REFERENCES: Readonly<Record<string, { field: string; list: ListName }>> = {
  texture_sample: { field: "texture", list: "textures" },
  virtual_texture_sample: { field: "texture", list: "streamedTextures" },
  runtime_virtual_texture_sample: { field: "asset", list: "assets" },
  function_call: { field: "function", list: "materialFunctions" },
};

/** What the nodes of a material or a function name. */
export function* nodeReferences(
  { nodes }: Pick<MaterialJson | MaterialFunctionJson, "nodes">,
  place: Place,
): Generator<Reference> {
  for (const [index, node] of nodes.entries()) {
    const reference = NODE_REFERENCES[node.kind];
    if (reference === undefined) continue;
    const { field, list } = reference;
    const at = place.at("nodes").at(index).at(field);
    yield { list, name: node[field] as string, place: at };
  }
}

/** What a material or an instance names. */
export function* materialReferences(
  material: MaterialJson | MaterialInstanceJson,
  place: Place,
): Generator<Reference> {
  if (isMaterialJson(material)) return yield* nodeReferences(material, place);
  yield { list: "materials", name: material.parent, place: place.at("parent") };
  for (const list of ["textures", "runtimeVirtualTextures"] as const) {
    for (const [parameter, name] of Object.entries(material[list])) {
      const of = list === "textures" ? list : "assets";
      yield { list: of, name, place: place.at(list).at(parameter) };
    }
  }
}

/** Whether it is a material, and no instance. */
export function isMaterialJson(
  material: MaterialJson | MaterialInstanceJson,
): material is MaterialJson {
  return material.format === "forge3d material";
}
