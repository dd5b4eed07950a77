/**
 * Shapes of assets and of the textures that materials and landscapes read.
 *
 * @module
 */

import { ENCODE_QUALITIES } from "../../../gpu/mod.ts";
import { COLOR_SPACES } from "../../../texels/mod.ts";
import { TILE_BORDERS } from "../../../streaming/mod.ts";
import { WRAP_MODES } from "../../../tiles/mod.ts";
import {
  MATERIAL_TYPE_NAMES,
  REMOVED_MATERIAL_TYPE,
  TEXTURE_PRIORITIES,
  YCOCG_SCALES,
} from "../../asset/mod.ts";
import { TEXTURE_ADDRESSINGS } from "../../material/mod.ts";
import { NAME, PATH, SCHEMA_FIELD } from "./common_shapes.ts";
import { listShape, objectShape } from "./nested_shapes.ts";
import { booleanShape, choiceShape, integerShape, textShape } from "./plain_shapes.ts";
import { described, namedShape, type Shape } from "./shape.ts";

/** An asset: the settings of a runtime virtual texture. */
export const ASSET: Shape = namedShape(
  "asset",
  objectShape({
    required: { name: NAME },
    optional: {
      materialType: described(
        "What is stored; default base_color_normal_roughness_specular.",
        choiceShape([...MATERIAL_TYPE_NAMES, REMOVED_MATERIAL_TYPE]),
      ),
      sizeInTilesLog2: described(
        "log2 of the tiles along the volume's longer side; default 8.",
        integerShape({ least: 0, most: 12 }),
      ),
      tileSize: choiceShape([64, 128, 256, 512, 1024]),
      tileBorder: choiceShape(TILE_BORDERS),
      compressTextures: booleanShape(),
      compressionQuality: choiceShape(ENCODE_QUALITIES),
      ycocgScale: choiceShape(YCOCG_SCALES),
      clearBeforeRender: booleanShape(),
      continuousUpdate: booleanShape(),
      removeLowMips: integerShape({ least: 0, most: 12 }),
      customPriority: choiceShape(TEXTURE_PRIORITIES),
      ...SCHEMA_FIELD,
    },
  }),
);

/** A picture that materials sample. */
export const TEXTURE: Shape = namedShape(
  "texture",
  objectShape({
    required: {
      name: NAME,
      file: described("A PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture.", PATH),
    },
    optional: {
      colorSpace: choiceShape(COLOR_SPACES),
      addressing: choiceShape(TEXTURE_ADDRESSINGS),
      ...SCHEMA_FIELD,
    },
  }),
);

/** A streaming virtual texture, for materials and for heights. */
export const STREAMED_TEXTURE: Shape = namedShape(
  "streamedTexture",
  objectShape({
    required: { name: NAME, file: described("A tile store, a KTX2 file or a picture.", PATH) },
    optional: {
      colorSpace: choiceShape(COLOR_SPACES),
      preferredFormat: textShape(),
      page: described("Page of a TIFF picture, from 0.", integerShape({ least: 0, most: 65_535 })),
      bands: described(
        "Bands of a picture in the order that is wanted, from 1.",
        listShape(integerShape({ least: 1, most: 65_535 }), { least: 1, most: 4 }),
      ),
      wrap: listShape(choiceShape(WRAP_MODES), { least: 2, most: 2 }),
      layer: described("Layer of a KTX2 array.", integerShape({ least: 0, most: 2 ** 32 - 1 })),
      face: described("Face of a KTX2 cube map.", integerShape({ least: 0, most: 5 })),
      slice: described(
        "Slice of a KTX2 file of a 3D texture.",
        integerShape({ least: 0, most: 2 ** 32 - 1 }),
      ),
      ...SCHEMA_FIELD,
    },
  }),
);
