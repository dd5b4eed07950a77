/**
 * Shapes of the nodes of materials and functions.
 *
 * @module
 */

import { ATTRIBUTE_NAMES, MATERIAL_TYPE_NAMES, REMOVED_MATERIAL_TYPE } from "../../asset/mod.ts";
import type { Expression } from "../../material/mod.ts";
import { NOISE_NAMES, OPERATIONS, VIEW_PROPERTIES } from "../../material/mod.ts";
import { NAME, ONE_TO_FOUR_NUMBERS, SEED } from "./common_shapes.ts";
import { PROJECT_LIMITS } from "./limits.ts";
import { type Fields, listShape, taggedShape } from "./nested_shapes.ts";
import {
  booleanShape,
  choiceShape,
  integerShape,
  patternShape,
  textShape,
} from "./plain_shapes.ts";
import { described, namedShape, type Shape } from "./shape.ts";

/** More inputs than any kind of node takes, but those of a function or of WGSL. */
const MOST_INPUTS = 256;

/** The number of a node in its list. */
export const NODE_NUMBER: Shape = namedShape(
  "nodeNumber",
  integerShape({ least: 0, most: PROJECT_LIMITS.nodes - 1 }),
);

/** Components of a value. */
export const COMPONENTS: Shape = integerShape({ least: 1, most: 4 });

const INPUT_NAMES = listShape(NAME, { most: MOST_INPUTS });
const VIRTUAL_MIP_MODE = choiceShape(["none", "level", "bias", "derivatives"]);
const RUNTIME_MIP_MODE = choiceShape(["none", "level", "bias", "derivatives", "world_derivatives"]);

const OWN_FIELDS: Readonly<Record<Expression["kind"], Fields>> = {
  constant: { required: { values: ONE_TO_FOUR_NUMBERS } },
  parameter: { required: { parameter: NAME, defaultValues: ONE_TO_FOUR_NUMBERS } },
  input: {
    required: { input: choiceShape(["world_position", "texture_coordinate", "vertex_normal"]) },
  },
  layer_weight: { required: { layer: NAME } },
  view_property: { required: { property: choiceShape(Object.keys(VIEW_PROPERTIES)) } },
  operation: { required: { operation: choiceShape(Object.keys(OPERATIONS)) } },
  component_mask: {
    required: {
      channels: patternShape("^[xyzw]{1,4}$", { wanted: "one to four of x, y, z and w" }),
    },
  },
  append: {},
  noise: {
    required: { noise: choiceShape(NOISE_NAMES) },
    optional: { octaves: integerShape({ least: 1, most: 16 }), seed: SEED },
  },
  custom_wgsl: {
    required: {
      code: described("The body of a WGSL function that returns the value.", textShape()),
      inputNames: INPUT_NAMES,
      components: COMPONENTS,
    },
  },
  texture_sample: {
    required: { texture: described("The name of a texture of the project.", NAME) },
    optional: { parameter: NAME },
  },
  virtual_texture_sample: {
    required: { texture: described("The name of a streamed texture of the project.", NAME) },
    optional: { mipMode: VIRTUAL_MIP_MODE },
  },
  runtime_virtual_texture_sample: {
    required: {
      asset: described("The name of an asset of the project.", NAME),
      attribute: choiceShape(ATTRIBUTE_NAMES),
    },
    optional: {
      materialType: described(
        "What the asset has to store; default what it stores.",
        choiceShape([...MATERIAL_TYPE_NAMES, REMOVED_MATERIAL_TYPE]),
      ),
      mipMode: RUNTIME_MIP_MODE,
      by: choiceShape(["world_position", "uv"]),
      feedback: booleanShape(),
      parameter: NAME,
    },
  },
  runtime_virtual_texture_replace: {},
  virtual_texture_feature_switch: {},
  function_input: { required: { input: NAME } },
  function_call: {
    required: {
      function: described("The name of a material function of the project.", NAME),
      inputNames: INPUT_NAMES,
      output: NAME,
    },
  },
};

/** A node. Which inputs its kind takes is for the builder of materials to say. */
const NODE: Shape = namedShape(
  "node",
  taggedShape(
    "kind",
    Object.fromEntries(
      Object.entries(OWN_FIELDS).map(([kind, { required = {}, optional = {} }]) => [kind, {
        required: {
          inputs: described(
            "Numbers of earlier nodes in the list.",
            listShape(NODE_NUMBER, { most: MOST_INPUTS }),
          ),
          ...required,
        },
        optional: { name: NAME, ...optional },
      }]),
    ),
  ),
);

/** The nodes of a material or a function. */
export const NODES: Shape = listShape(NODE, { most: PROJECT_LIMITS.nodes });
