/**
 * Shapes of meshes: those of GLB files, and plain ones.
 *
 * @module
 */

import { NAME, PATH, SIZE2 } from "./common_shapes.ts";
import { listShape, objectShape, taggedShape, vectorShape } from "./nested_shapes.ts";
import { integerShape, numberShape } from "./plain_shapes.ts";
import { described, namedShape, type Shape } from "./shape.ts";

const MOST_LODS = 16;

const RATIO = numberShape({ above: 0, most: 1 });

const FILE_MESH = objectShape({
  required: { file: described("A GLB file.", PATH) },
  optional: {
    name: described("Which of the file's meshes; default its only one.", NAME),
    lods: described(
      "What part of the triangles each further level of detail keeps, falling.",
      listShape(RATIO, { most: MOST_LODS }),
    ),
  },
});

const PLAIN_MESH = taggedShape("shape", {
  plane: {
    optional: {
      size: SIZE2,
      quads: vectorShape(2, integerShape({ least: 1, most: 4096 })),
    },
  },
  box: { optional: { size: vectorShape(3, numberShape({ above: 0 })) } },
});

/** A mesh of a file, or a plain one. */
export const ONE_MESH: Shape = namedShape("mesh", {
  check(value, place) {
    const isPlain = typeof value === "object" && value !== null && Object.hasOwn(value, "shape");
    (isPlain ? PLAIN_MESH : FILE_MESH).check(value, place);
  },
  schema: (defs) => ({ anyOf: [FILE_MESH.schema(defs), PLAIN_MESH.schema(defs)] }),
});

const LOD_LIST = listShape(ONE_MESH, { least: 1, most: MOST_LODS });

/** A mesh, or a list of its levels of detail, finest first. */
export const MESH: Shape = {
  check(value, place) {
    (Array.isArray(value) ? LOD_LIST : ONE_MESH).check(value, place);
  },
  schema: (defs) => ({ anyOf: [ONE_MESH.schema(defs), LOD_LIST.schema(defs)] }),
};
