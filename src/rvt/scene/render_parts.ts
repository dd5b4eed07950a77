/**
 * What renders a scene's components on one device.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import { LandscapeTextureCache } from "../draw/landscape_textures.ts";
import { MeshBufferCache } from "../draw/mesh_buffers.ts";
import { type PlacedTextureOf, SampledAssets } from "../sample/sampled_assets.ts";
import type { FillParts } from "../tile/fill_tiles.ts";
import { MaterialCache } from "./material_cache.ts";

/** Copies of meshes, landscapes and materials on a device. Owns them. */
export class RenderParts implements FillParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly meshes: MeshBufferCache;
  readonly landscapes: LandscapeTextureCache;
  readonly sampled: SampledAssets;
  readonly materials: MaterialCache;

  /**
   * Begins with nothing.
   *
   * @param host The device, and the ledger that counts scratch memory and materials.
   * @param placedOf Finds the textures that materials sample.
   */
  constructor(
    host: { readonly device: ForgeDevice; readonly ledger: MemoryLedger },
    placedOf: PlacedTextureOf,
  ) {
    const { device, ledger } = host;
    this.device = device;
    this.ledger = ledger;
    this.meshes = new MeshBufferCache(device);
    this.landscapes = new LandscapeTextureCache(device);
    this.sampled = new SampledAssets(device, placedOf);
    this.materials = new MaterialCache(device, ledger, this.sampled);
  }

  /** Whether it belongs to a device and a ledger as they are now. */
  isFor(host: { readonly device: ForgeDevice; readonly ledger: MemoryLedger }): boolean {
    return host.device === this.device && host.ledger === this.ledger;
  }

  /** Frees everything. */
  destroy(): void {
    this.materials.destroy();
    this.sampled.destroy();
    this.meshes.keepOnly();
    this.landscapes.keepOnly();
  }
}
