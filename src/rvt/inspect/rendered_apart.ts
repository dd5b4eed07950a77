/**
 * Tiles of a volume, rendered apart from its scene.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";
import { VirtualTextureSystem } from "../../streaming/mod.ts";
import type { TileAddress } from "../../tiles/mod.ts";
import { RuntimeVirtualTexture } from "../asset/mod.ts";
import type { PrimitiveComponent } from "../component/mod.ts";
import type { HasTexture } from "../material/compile/lower_material.ts";
import { RuntimeVirtualTextureSampling } from "../sample/runtime_virtual_texture_sampling.ts";
import type { PlacedTexture, PlacedTextureOf } from "../sample/sampled_assets.ts";
import { PlacedVolume } from "../scene/placed_volume.ts";
import type { SampledTextures } from "../scene/render_parts.ts";
import { SceneParts } from "../scene/scene_parts.ts";
import { RuntimeVirtualTextureVolume } from "../volume/mod.ts";

/** Enough for a few tiles, with what they are packed in. */
const MEMORY_MB = 512;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** What is rendered. */
export interface RenderedApart {
  /** Places the texture; its scene's own volume and asset are left alone. */
  readonly volume: RuntimeVirtualTextureVolume;
  readonly components: readonly PrimitiveComponent[];
  readonly tileCountBias: number;
  readonly tile: TileAddress;
  /** What materials of its scene sample: other textures stay where they are, with the tiles that they have. */
  readonly textures: SampledTextures;
}

/**
 * Renders a tile in a system of its own, with compression and without, and does something with both.
 *
 * @param device Has the BC formats of the asset.
 * @param use Gets what samples the compressed and the uncompressed tile.
 * @throws {BudgetError} if the textures do not fit.
 * @throws {DeviceError} if the device is lost.
 */
export async function renderApart<Result>(
  device: ForgeDevice,
  { volume, components, tileCountBias, tile, textures }: RenderedApart,
  use: (
    compressed: RuntimeVirtualTextureSampling,
    plain: RuntimeVirtualTextureSampling,
  ) => Promise<Result>,
): Promise<Result> {
  const placed = new Map<unknown, PlacedTexture>();
  const placedOf: PlacedTextureOf = (asset) => placed.get(asset) ?? textures.placedOf(asset);
  // What would be filled with samples of itself is cut as it is in the scene.
  const hasTexture: HasTexture = (texture) => textures.inScene.hasTexture(texture, volume.asset);
  const parts = new SceneParts({
    placedOf,
    layersOf: () => null,
    isAnisotropic: () => false,
    inScene: {
      hasTexture,
      hasHeights: (draw) => textures.inScene.hasHeights(draw),
      noteSamples() {},
      releaseMaterial() {},
    },
  });
  const { settings, name } = volume.asset;
  const system = new VirtualTextureSystem(device, {
    maxMemoryMb: MEMORY_MB,
    tileSize: settings.tileSize,
    logger: SILENT,
  });
  try {
    const samplings: RuntimeVirtualTextureSampling[] = [];
    for (const compressTextures of [true, false]) {
      const asset = new RuntimeVirtualTexture({ ...settings, name, compressTextures });
      const { transform, ...others } = volume.settings;
      const copy = new RuntimeVirtualTextureVolume(asset, { ...others, ...transform });
      const plan = new PlacedVolume(copy, { device, tileCountBias });
      for (const component of components) plan.contents.add(component);
      const texture = await system.addTexture(plan.description, (host) =>
        plan.renderSupply(host, {
          partsOf: (parent) => parts.partsFor(parent),
          report() {},
          placedOf,
          hasTexture,
          deferred: null,
        }));
      placed.set(asset, plan.placedTexture(texture));
      const { tileSize } = settings;
      const { width, height } = texture.grid.level(tile.level);
      const [x, y] = [tile.x * tileSize, tile.y * tileSize];
      await system.preload(texture, {
        level: tile.level,
        x,
        y,
        width: Math.min(tileSize, width - x),
        height: Math.min(tileSize, height - y),
      });
      const sampled = () => parts.ofTiles!.sampled;
      samplings.push(new RuntimeVirtualTextureSampling(asset, { placedOf, sampled }));
    }
    return await use(samplings[0]!, samplings[1]!);
  } finally {
    parts.destroy();
    system.close();
  }
}
