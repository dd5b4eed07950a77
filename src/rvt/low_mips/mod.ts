/**
 * Low mips of runtime virtual textures: baked, and streamed from then on.
 *
 * @module
 */

export { bakeLowMips, bakeTint } from "./bake_low_mips.ts";
export { type BakeSettings, bakeSettings, volumeGround } from "./bake_settings.ts";
export { landscapeDigits } from "./component_identity.ts";
export { fileIdentity } from "./file_identity.ts";
export { foreignContent } from "./foreign_content.ts";
export { joinedSupply } from "./joined_supply.ts";
export { type LowMipLevels, lowMipLevels } from "./low_mip_levels.ts";
export { describedIdentity, describeTexture } from "./material_identity.ts";
export { type BakedTileState, incompleteText, PlacedLowMips } from "./placed_low_mips.ts";
export { type AssetDigits, SceneIdentities } from "./scene_identities.ts";
export {
  type ComponentDraws,
  type DrawnTiles,
  identitiesOf,
  TileIdentities,
} from "./tile_identities.ts";
export {
  VirtualTextureBuilder,
  type VirtualTextureBuilderOptions,
} from "./virtual_texture_builder.ts";
