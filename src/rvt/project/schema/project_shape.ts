/**
 * The shape of `project.json`, and of what its lists name or hold.
 *
 * @module
 */

import { ASSET, STREAMED_TEXTURE, TEXTURE } from "./asset_shapes.ts";
import { NAME, PATH, SCHEMA_FIELD } from "./common_shapes.ts";
import { PROJECT_LIMITS } from "./limits.ts";
import { MATERIAL, MATERIAL_FUNCTION } from "./material_shapes.ts";
import { eitherShape, listShape, objectShape } from "./nested_shapes.ts";
import { choiceShape } from "./plain_shapes.ts";
import { SCENE } from "./scene_shapes.ts";
import { SETTING_SHAPES } from "./setting_shapes.ts";
import { described, type JsonSchema, type Shape } from "./shape.ts";

/** What `project.json` is. */
export const PROJECT_FORMAT = "forge3d project";

/** Rises when older readers cannot read what is written. */
export const PROJECT_VERSION = 1;

/** Shapes of the elements of a project's lists, in the order in which they are written. */
export const ELEMENT_SHAPES = Object.freeze({
  textures: TEXTURE,
  streamedTextures: STREAMED_TEXTURE,
  assets: ASSET,
  materialFunctions: MATERIAL_FUNCTION,
  materials: MATERIAL,
  scenes: SCENE,
});

/** A list of a project. */
export type ListName = keyof typeof ELEMENT_SHAPES;

/** Every {@linkcode ListName}. */
export const LIST_NAMES: readonly ListName[] = Object.freeze(
  Object.keys(ELEMENT_SHAPES) as ListName[],
);

/** `project.json`: each element of a list is an object, or the path of a file that holds it. */
export const PROJECT: Shape = objectShape({
  required: {
    format: choiceShape([PROJECT_FORMAT]),
    version: choiceShape([PROJECT_VERSION]),
    name: NAME,
  },
  optional: {
    ...SCHEMA_FIELD,
    ...SETTING_SHAPES,
    ...Object.fromEntries(
      LIST_NAMES.map((name) => [
        name,
        listShape(eitherShape(PATH, ELEMENT_SHAPES[name]), { most: PROJECT_LIMITS.things }),
      ]),
    ),
  },
});

/**
 * The JSON Schema of projects, whose text is published as `project.schema.json`. Files that hold an
 * element of a list have the schema `#/$defs/NAME`: asset, texture, streamedTexture, material,
 * materialFunction or scene.
 */
export function projectSchema(): JsonSchema {
  const defs = new Map<string, JsonSchema>();
  const schema = described("A project of runtime virtual textures, version 1.", PROJECT).schema(
    defs,
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: PROJECT_FORMAT,
    ...schema,
    $defs: Object.fromEntries([...defs].sort(([a], [b]) => a < b ? -1 : 1)),
  };
}
