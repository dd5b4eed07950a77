/**
 * Shapes of scenes and of what stands in them.
 *
 * @module
 */

import { MOST_DRAWN_TILES, MOST_SCALABILITY_GROUP } from "../../../streaming/mod.ts";
import { SCENE_MODES } from "../../scene/scene_options.ts";
import { NAME, QUATERNION, SCHEMA_FIELD, SEED, STORE_PATH, VECTOR3 } from "./common_shapes.ts";
import { COMPONENT } from "./component_shapes.ts";
import { PROJECT_LIMITS } from "./limits.ts";
import { keyedShape, listShape, objectShape, vectorShape } from "./nested_shapes.ts";
import { booleanShape, choiceShape, integerShape, numberShape } from "./plain_shapes.ts";
import { described, namedShape, type Shape } from "./shape.ts";

const BIAS = integerShape({ least: -12, most: 12 });

/** What a scene itself is set to. */
const OPTIONS = objectShape({
  optional: {
    mode: choiceShape(SCENE_MODES),
    virtualTexturing: booleanShape(),
    maxUploadsPerFrame: integerShape({ least: 1, most: MOST_DRAWN_TILES }),
    maxUploadsPerFrameInEditor: integerShape({ least: 1, most: MOST_DRAWN_TILES }),
    maxContinuousUpdatesPerFrame: integerShape({ least: 0, most: MOST_DRAWN_TILES }),
    maxContinuousUpdatesPerFrameInEditor: integerShape({ least: 0, most: MOST_DRAWN_TILES }),
    streamingCountsIn: listShape(choiceShape(SCENE_MODES), { most: SCENE_MODES.length }),
    tileCountBias: BIAS,
    groupTileCountBias: described(
      "Bias by scalability group of volumes.",
      keyedShape("^(?:0|[1-9][0-9]*)$", BIAS, { most: 64 }),
    ),
    seed: SEED,
  },
});

/** A volume, which places an asset. */
export const VOLUME: Shape = namedShape(
  "volume",
  objectShape({
    required: { asset: described("The name of an asset; one volume alone may have it.", NAME) },
    optional: {
      name: NAME,
      position: described("The middle of the volume; default 0, 0, 0.", VECTOR3),
      rotation: QUATERNION,
      scale: described("World lengths of its sides.", vectorShape(3, numberShape({ above: 0 }))),
      boundsFrom: described(
        "The name of a component: the volume gets its rotation, and holds it and all writers, as " +
          "Set Bounds does. Without position, rotation and scale.",
        NAME,
      ),
      expandBounds: numberShape({ least: 0 }),
      snapBoundsToLandscape: booleanShape(),
      hidePrimitivesInEditor: booleanShape(),
      hidePrimitivesInGame: booleanShape(),
      scalabilityGroup: integerShape({ least: 0, most: MOST_SCALABILITY_GROUP }),
      tileCountBias: BIAS,
      streamingLowMips: described(
        "How many of the coarsest levels are baked and streamed; default 0.",
        integerShape({ least: 0, most: 15 }),
      ),
      virtualTextureBuilder: described(
        "The tile store that holds baked low mips; a build makes it.",
        STORE_PATH,
      ),
      buildDebug: booleanShape(),
      useStreamingLowMipsInEditor: booleanShape(),
    },
  }),
);

const CAMERA = objectShape({
  required: { position: VECTOR3, target: VECTOR3 },
  optional: {
    up: described("Default 0, 0, 1.", VECTOR3),
    fovYDegrees: described(
      "Vertical angle of view; default 60.",
      numberShape({ above: 0, most: 179 }),
    ),
  },
});

/** A scene. */
export const SCENE: Shape = namedShape(
  "scene",
  objectShape({
    required: { name: NAME },
    optional: {
      options: OPTIONS,
      camera: described("Where the scene is seen from when nobody says otherwise.", CAMERA),
      volumes: listShape(VOLUME, { most: PROJECT_LIMITS.volumes }),
      components: listShape(COMPONENT, { most: PROJECT_LIMITS.components }),
      ...SCHEMA_FIELD,
    },
  }),
);
