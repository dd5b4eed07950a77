/**
 * The demo's runtime virtual textures, one of each material type.
 *
 * @module
 */

import {
  MATERIAL_TYPE_NAMES,
  type MaterialTypeName,
  RuntimeVirtualTexture,
} from "../../rvt/mod.ts";

/** A texture of each material type. */
export type IslandTextures = Readonly<Record<MaterialTypeName, RuntimeVirtualTexture>>;

/** log2 of the tiles along an edge: what is seen from near has more. */
const SIZE_IN_TILES_LOG2: Readonly<Record<MaterialTypeName, number>> = {
  base_color: 4,
  base_color_normal_roughness_specular: 4,
  ycocg_base_color_normal_specular: 4,
  ycocg_base_color_normal_specular_mask: 6,
  world_height: 3,
  displacement: 3,
  mask4: 3,
};

/** Texels along the edge of a tile. */
export const TILE_SIZE = 128;

/** What each texture is for, as the report says it. */
export const TEXTURE_USES: Readonly<Record<MaterialTypeName, string>> = {
  base_color: "tints the grass",
  base_color_normal_roughness_specular: "colour and normal of the ground, into which rocks blend",
  ycocg_base_color_normal_specular: "shades the stones beside the road, in a volume of its own",
  ycocg_base_color_normal_specular_mask: "shades the ground; its mask says where it is wet",
  world_height: "tells rocks how far above the ground they are",
  displacement: "depth of the sea, which colours it and makes the surf",
  mask4: "sand, grass, rock and snow: moss and snow on rocks, lush and dry grass",
};

/** Makes the textures. */
export function islandTextures(): IslandTextures {
  const made = MATERIAL_TYPE_NAMES.map((materialType) => [
    materialType,
    new RuntimeVirtualTexture({
      name: materialType,
      materialType,
      sizeInTilesLog2: SIZE_IN_TILES_LOG2[materialType],
      tileSize: TILE_SIZE,
    }),
  ]);
  return Object.fromEntries(made) as IslandTextures;
}
