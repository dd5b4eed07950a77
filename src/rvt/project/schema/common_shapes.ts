/**
 * Shapes that several parts of a project share.
 *
 * @module
 */

import { listShape, objectShape, vectorShape } from "./nested_shapes.ts";
import { integerShape, numberShape, patternShape, textShape } from "./plain_shapes.ts";
import { described, namedShape, type Shape } from "./shape.ts";

/** A part of a path: no dots alone, nothing that some system takes for something else. */
const SEGMENT = '(?!\\.{1,2}(?:/|$))[^/\\\\:*?"<>|\\u0000-\\u001f]+';

/** Longer ones are taken by no file system that is common, once the folder's path stands before them. */
const MOST_PATH_CHARACTERS = 512;

/** Names of things. */
export const NAME: Shape = namedShape("name", textShape());

/** A file of the project. */
export const PATH: Shape = namedShape(
  "path",
  described(
    "A file below the project's folder, with / between its parts and without . or ..",
    patternShape(
      `^${SEGMENT}(?:/${SEGMENT})*$`,
      {
        wanted:
          `a path below the project's folder, of at most ${MOST_PATH_CHARACTERS} characters, with / ` +
          "between its parts and without . or ..",
        mostCharacters: MOST_PATH_CHARACTERS,
      },
    ),
  ),
);

/** A tile store of the project. */
export const STORE_PATH: Shape = namedShape(
  "storePath",
  described(
    "A tile store below the project's folder, whose path ends with .pmtiles.",
    patternShape(
      `^(?:${SEGMENT}/)*(?=[^/]*\\.pmtiles$)${SEGMENT}$`,
      {
        wanted: `a path below the project's folder that ends with .pmtiles, of at most ` +
          `${MOST_PATH_CHARACTERS} characters, with / between its parts and without . or ..`,
        mostCharacters: MOST_PATH_CHARACTERS,
      },
    ),
  ),
);

/** What editors look for: where the schema lies. */
export const SCHEMA_FIELD: Readonly<Record<string, Shape>> = Object.freeze({
  $schema: described("Where the JSON Schema lies; not looked at.", textShape()),
});

/** Three numbers. */
export const VECTOR3: Shape = namedShape("vector3", vectorShape(3, numberShape()));

/** Two numbers. */
export const VECTOR2: Shape = namedShape("vector2", vectorShape(2, numberShape()));

/** Two lengths. */
export const SIZE2: Shape = namedShape("size2", vectorShape(2, numberShape({ above: 0 })));

/** A quaternion. */
export const QUATERNION: Shape = namedShape("quaternion", vectorShape(4, numberShape()));

/** Position, rotation and scale. */
export const TRANSFORM: Shape = namedShape(
  "transform",
  objectShape({
    optional: {
      position: described("World position of the origin; default 0, 0, 0.", VECTOR3),
      rotation: described("Unit quaternion x, y, z, w; default 0, 0, 0, 1.", QUATERNION),
      scale: described("Scale along its own axes, none 0; default 1, 1, 1.", VECTOR3),
    },
  }),
);

/** Numbers of a scalar or a vector. */
export const ONE_TO_FOUR_NUMBERS: Shape = listShape(numberShape(), { least: 1, most: 4 });

/** A 32-bit unsigned integer. */
export const SEED: Shape = integerShape({ least: 0, most: 2 ** 32 - 1 });
