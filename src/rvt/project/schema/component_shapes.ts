/**
 * Shapes of components, one for each kind.
 *
 * @module
 */

import { DRAW_IN_MAIN_PASS_CHOICES, MOBILITIES } from "../../component/mod.ts";
import { NAME, PATH, SEED, SIZE2, TRANSFORM, VECTOR2, VECTOR3 } from "./common_shapes.ts";
import { PROJECT_LIMITS } from "./limits.ts";
import {
  eitherShape,
  type Fields,
  listShape,
  objectShape,
  recordShape,
  taggedShape,
  vectorShape,
} from "./nested_shapes.ts";
import { MESH, ONE_MESH } from "./mesh_shapes.ts";
import { booleanShape, choiceShape, integerShape, nullable, numberShape } from "./plain_shapes.ts";
import { described, namedShape, type Shape } from "./shape.ts";

const MOST_FRAMES = 1024;
const MOST_LAYERS = 256;
const MOST_LEVELS = 20;
const LANDSCAPE_SIDE = integerShape({ least: 2, most: 2 ** 15 });
const CHANNEL = choiceShape(["r", "g", "b", "a"]);

/** What every kind has, beside its kind. */
const COMMON: Required<Fields> = {
  required: { material: described("The name of a material or instance.", NAME) },
  optional: {
    name: NAME,
    transform: TRANSFORM,
    renderToVirtualTextures: described(
      "Names of assets that it is rendered to, wherever a volume places them.",
      listShape(NAME, { most: PROJECT_LIMITS.renderedTo }),
    ),
    drawInMainPass: choiceShape(DRAW_IN_MAIN_PASS_CHOICES),
    virtualTextureLodBias: integerShape({ least: -16, most: 16 }),
    virtualTextureSkipMips: integerShape({ least: 0, most: MOST_LEVELS }),
    virtualTextureMinCoverage: nullable(numberShape({ least: 0, most: MOST_LEVELS })),
    translucencySortPriority: integerShape({ least: -(2 ** 31), most: 2 ** 31 - 1 }),
    mobility: choiceShape(MOBILITIES),
  },
};

const PICTURE = objectShape({
  required: {
    file: PATH,
    scale: described(
      "Height of a stored value of 1: 500 from black to white of 16 bits is 500 / 65535.",
      numberShape({ above: 0 }),
    ),
  },
  optional: { offset: numberShape() },
});

const HEIGHT_TEXTURE = objectShape({
  required: {
    texture: described("The name of a streamed texture, of linear values.", NAME),
    scale: numberShape({ above: 0 }),
  },
  optional: { channel: CHANNEL, offset: numberShape(), heightRange: VECTOR2 },
});

const LAYER = eitherShape(
  PATH,
  objectShape({ required: { file: PATH }, optional: { channel: CHANNEL } }),
);

const SPLINE_POINT = objectShape({
  required: { position: VECTOR3, width: numberShape({ above: 0 }) },
  optional: { rollRadians: numberShape(), tangent: VECTOR3 },
});

const SCATTER = objectShape({
  required: { seed: SEED, region: objectShape({ required: { min: VECTOR2, max: VECTOR2 } }) },
  optional: {
    count: integerShape({ least: 0, most: 1e6 }),
    density: numberShape({ least: 0 }),
    minDistance: numberShape({ least: 0 }),
    scaleRange: SIZE2,
    yawRange: VECTOR2,
    onto: described("The name of a landscape of the scene.", nullable(NAME)),
    alignToSurface: booleanShape(),
  },
});

const OWN_FIELDS: Readonly<Record<string, Fields>> = {
  landscape: {
    optional: {
      width: LANDSCAPE_SIDE,
      height: LANDSCAPE_SIDE,
      heights: listShape(numberShape(), { least: 4, most: PROJECT_LIMITS.heights }),
      picture: described("A grey picture of heights.", PICTURE),
      heightTexture: described("A streamed texture of heights.", HEIGHT_TEXTURE),
      layers: described(
        "Pictures of the weights of painted layers, as large as the landscape has samples.",
        recordShape(LAYER, { most: MOST_LAYERS }),
      ),
      sectionQuads: integerShape({ least: 1, most: 4096 }),
      virtualTextureNumLods: integerShape({ least: 0, most: 12 }),
    },
  },
  landscape_spline: {
    required: { points: listShape(SPLINE_POINT, { least: 2, most: PROJECT_LIMITS.places }) },
    optional: {
      quadsAlong: integerShape({ least: 1, most: 1024 }),
      quadsAcross: integerShape({ least: 1, most: 64 }),
      landscape: described("The name of a landscape of the scene.", nullable(NAME)),
      landscapeOffset: numberShape(),
    },
  },
  static_mesh: { required: { mesh: MESH } },
  instanced_static_mesh: {
    required: { mesh: MESH },
    optional: { instances: listShape(TRANSFORM, { most: PROJECT_LIMITS.places }) },
  },
  foliage: { required: { scatter: SCATTER }, optional: { mesh: MESH } },
  decal: { optional: { size: vectorShape(2, numberShape({ above: 0 })) } },
  skeletal_mesh: { required: { mesh: MESH } },
  animated_mesh: { required: { frames: listShape(ONE_MESH, { least: 1, most: MOST_FRAMES }) } },
};

const DEFERRED = namedShape(
  "deferred",
  described(
    "Loads it once a tile that is rendered shows something of these bounds in the world; without " +
      "bounds, of those that its fields and the headers of its files give.",
    objectShape({
      optional: { bounds: objectShape({ required: { min: VECTOR3, max: VECTOR3 } }) },
    }),
  ),
);

/** A component. */
export const COMPONENT: Shape = namedShape(
  "component",
  taggedShape(
    "kind",
    Object.fromEntries(
      Object.entries(OWN_FIELDS).map(([kind, { required = {}, optional = {} }]) => [kind, {
        required: { ...COMMON.required, ...required },
        optional: {
          ...COMMON.optional,
          ...optional,
          deferred: DEFERRED,
        },
      }]),
    ),
  ),
);
