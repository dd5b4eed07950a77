/**
 * Shapes of materials, functions and instances: the documents that materials write.
 *
 * @module
 */

import { MATERIAL_DOMAINS, OUTPUT_PIN_NAMES, SURFACE_PIN_NAMES } from "../../material/mod.ts";
import { NAME, ONE_TO_FOUR_NUMBERS, SCHEMA_FIELD, VECTOR2 } from "./common_shapes.ts";
import { objectShape, recordShape, taggedShape } from "./nested_shapes.ts";
import { COMPONENTS, NODE_NUMBER, NODES } from "./node_shapes.ts";
import { booleanShape, choiceShape, nullable } from "./plain_shapes.ts";
import { described, namedShape, type Shape } from "./shape.ts";

/** Parameters of a material, and inputs and outputs of a function. */
const MOST_NAMES = 4096;

const VERSION = choiceShape([1]);

function pinsShape(names: readonly string[]): Shape {
  return objectShape({ optional: Object.fromEntries(names.map((name) => [name, NODE_NUMBER])) });
}

/** A material or an instance of one. */
export const MATERIAL: Shape = namedShape(
  "material",
  taggedShape("format", {
    "forge3d material": {
      required: {
        version: VERSION,
        name: NAME,
        domain: choiceShape(MATERIAL_DOMAINS),
        nodes: NODES,
        pins: described("What shades pictures: numbers of nodes.", pinsShape(SURFACE_PIN_NAMES)),
        output: described(
          "What is written to runtime virtual textures; null for nothing.",
          nullable(objectShape({
            required: { pins: pinsShape(OUTPUT_PIN_NAMES) },
            optional: { heightRange: nullable(VECTOR2) },
          })),
        ),
      },
      optional: { twoSided: booleanShape(), ...SCHEMA_FIELD },
    },
    "forge3d material instance": {
      required: {
        version: VERSION,
        name: NAME,
        parent: described("The name of a material or instance of the project.", NAME),
        numbers: recordShape(ONE_TO_FOUR_NUMBERS, { most: MOST_NAMES }),
        textures: recordShape(NAME, { most: MOST_NAMES }),
        runtimeVirtualTextures: recordShape(NAME, { most: MOST_NAMES }),
      },
      optional: { ...SCHEMA_FIELD },
    },
  }),
);

/** A material function. */
export const MATERIAL_FUNCTION: Shape = namedShape(
  "materialFunction",
  objectShape({
    required: {
      format: choiceShape(["forge3d material function"]),
      version: VERSION,
      name: NAME,
      inputs: described("Components of each input.", recordShape(COMPONENTS, { most: MOST_NAMES })),
      nodes: NODES,
      outputs: described("Numbers of nodes.", recordShape(NODE_NUMBER, { most: MOST_NAMES })),
    },
    optional: { ...SCHEMA_FIELD },
  }),
);
