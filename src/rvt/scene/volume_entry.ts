/**
 * A volume in a scene, and what the scene says of itself.
 *
 * @module
 */

import { checkedInstance } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import type { OrientedBox } from "../../geometry/mod.ts";
import type { EncodeQuality } from "../../gpu/mod.ts";
import type { SupplyHost, VirtualTextureSystem } from "../../streaming/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import type { VirtualTextureBuilder } from "../low_mips/mod.ts";
import type { PlacedTexture } from "../sample/sampled_assets.ts";
import { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import type { PlacedVolume, SupplyScene } from "./placed_volume.ts";
import type { TileContents } from "./tile_content.ts";
import type { LowMipsHolder, LowMipsHost } from "./low_mips/volume_low_mips.ts";

/** What a scene tells of itself when a volume is placed. */
export interface PlacementHost extends Omit<SupplyScene, "placedOf" | "deferred">, LowMipsHost {
  readonly system: VirtualTextureSystem;
  /** Bias beside a volume's own. */
  readonly tileCountBiasOf: (volume: RuntimeVirtualTextureVolume) => number;
  /** Whether textures are streamed at all. */
  readonly virtualTexturing: boolean;
  /** Adds the components that are rendered to a volume. */
  readonly fill: (contents: TileContents, volume: RuntimeVirtualTextureVolume) => void;
  /** Hears of textures that are not placed any more, and of the types of those that still are. */
  readonly released: (placed: PlacedTexture, typesLeft: ReadonlySet<MaterialTypeName>) => void;
}

/** A volume in a scene. */
export interface VolumeEntry extends LowMipsHolder {
  /** What is being streamed of it, from before the texture is there; null if nothing is. */
  plan: PlacedVolume | null;
  /** How the texture is sampled, once it is there. */
  placed: PlacedTexture | null;
  /** What the texture's supply was made for last. */
  supplyHost: SupplyHost | null;
  /** The effort of the encoders that its blocks are made with; null if there are none. */
  quality: EncodeQuality | null;
  /** What has changed since the texture was asked for. */
  missed: OrientedBox[];
  /** What its low mips are being built into; null unless they are. */
  builder: VirtualTextureBuilder | null;
  /** Why it is not placed; null if nothing has failed. */
  failure: unknown;
  /** Lets the texture be unloaded. */
  allowUnloading: () => void;
  /** Ends listening to the volume and its asset. */
  readonly stop: () => void;
}

/**
 * Refuses what cannot be added to the volumes of a scene.
 *
 * @throws {InvalidArgumentError} if it is no volume, is there already, or another one places its texture.
 */
export function assertAddable(
  volume: RuntimeVirtualTextureVolume,
  volumes: readonly RuntimeVirtualTextureVolume[],
): void {
  const failure = "Cannot add volume";
  checkedInstance(volume, { name: "volume", failure, kind: RuntimeVirtualTextureVolume });
  const { name, asset } = volume;
  if (volumes.includes(volume)) {
    throw new InvalidArgumentError(
      "volume",
      `${failure} "${name}" as it is in the scene already`,
    );
  }
  const other = volumes.find((placed) => placed.asset === asset);
  if (other === undefined) return;
  throw new InvalidArgumentError(
    "volume",
    `${failure} "${name}" as only one volume may place a texture: ` +
      `"${asset.name}" is placed by "${other.name}"`,
  );
}
