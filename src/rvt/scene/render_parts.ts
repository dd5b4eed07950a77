/**
 * What renders a scene's components on one device.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import type { LandscapeTextureCache } from "../draw/landscape_textures.ts";
import type { MeshBufferCache } from "../draw/mesh_buffers.ts";
import type { DrawnMaterial } from "../draw/drawn_material.ts";
import type { SceneGeometry } from "../draw/scene_geometry.ts";
import type { PictureMaterialOptions, SurfaceParts } from "../draw/surface_parts.ts";
import type { MaterialInterface } from "../material/mod.ts";
import { type PlacedTextureOf, SampledAssets } from "../sample/sampled_assets.ts";
import type { RecorderParts } from "../tile/render_recorder.ts";
import { ScratchPool } from "../tile/scratch_pool.ts";
import type { HasTexture } from "../material/compile/lower_material.ts";
import { MaterialCache } from "./material_cache.ts";

/** What a scene knows of the virtual textures that materials sample. */
export interface SampledTextures {
  /** Finds the texture of an asset. */
  readonly placedOf: PlacedTextureOf;
  /** Whether a virtual texture can be sampled. */
  readonly hasTexture: HasTexture;
}

/** What draws a scene on a device. Owns materials, borrows geometry. */
export class RenderParts implements RecorderParts, SurfaceParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly meshes: MeshBufferCache;
  readonly landscapes: LandscapeTextureCache;
  readonly sampled: SampledAssets;
  readonly materials: MaterialCache;
  readonly scratch: ScratchPool;

  /**
   * Begins with nothing.
   *
   * @param geometry Meshes and landscapes; their device is the one that is drawn on.
   * @param ledger Counts scratch memory and materials.
   * @param textures Those that materials sample.
   */
  constructor(
    geometry: SceneGeometry,
    ledger: MemoryLedger,
    { placedOf, hasTexture }: SampledTextures,
  ) {
    const { device, meshes, landscapes } = geometry;
    this.device = device;
    this.ledger = ledger;
    this.meshes = meshes;
    this.landscapes = landscapes;
    this.scratch = new ScratchPool(device, ledger);
    this.sampled = new SampledAssets(device, ledger, placedOf);
    this.materials = new MaterialCache(device, ledger, { sampled: this.sampled, hasTexture });
  }

  /** Whether it belongs to a device and a ledger as they are now. */
  isFor(host: { readonly device: ForgeDevice; readonly ledger: MemoryLedger }): boolean {
    return host.device === this.device && host.ledger === this.ledger;
  }

  /** See {@linkcode SurfaceParts}. */
  bindForPictures(material: MaterialInterface, options: PictureMaterialOptions): DrawnMaterial {
    return this.materials.bindForPictures(material, options);
  }

  /** Frees everything. */
  destroy(): void {
    this.materials.destroy();
    this.sampled.destroy();
    this.scratch.destroy();
  }
}
