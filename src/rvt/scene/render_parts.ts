/**
 * What renders a scene's components on one device.
 *
 * @module
 */

import type { Vec3 } from "../../geometry/mod.ts";
import { UnsupportedError } from "../../errors.ts";
import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import type { LandscapeTextureCache } from "../draw/landscape_textures.ts";
import type { MeshBufferCache } from "../draw/mesh_buffers.ts";
import type { DrawnMaterial } from "../draw/drawn_material.ts";
import { materialFeedback } from "../draw/draw_kind.ts";
import type { MaterialDraw } from "../draw/record_draws.ts";
import type { SceneGeometry } from "../draw/scene_geometry.ts";
import type { HasHeights, PictureMaterialOptions, SurfaceParts } from "../draw/surface_parts.ts";
import type { AssetLayers, AssetLayersOf } from "../layers/asset_layers.ts";
import { LayeredAssets } from "../layers/layered_assets.ts";
import type { MaterialInterface } from "../material/mod.ts";
import { type PlacedTextureOf, SampledAssets } from "../sample/sampled_assets.ts";
import type { RecorderParts } from "../tile/render_recorder.ts";
import { ScratchPool } from "../tile/scratch_pool.ts";
import { MaterialCache } from "./material_cache.ts";
import type { SampledInScene } from "./sampled_in_scene.ts";

/** What a scene knows of the virtual textures that materials sample. */
export interface SampledTextures {
  /** Finds the texture of an asset. */
  readonly placedOf: PlacedTextureOf;
  /** Finds what is written to an asset. */
  readonly layersOf: AssetLayersOf;
  /** Knows which of them can be sampled, and warns. */
  readonly inScene: Pick<
    SampledInScene,
    "hasTexture" | "hasHeights" | "noteSamples" | "releaseMaterial"
  >;
  /** Whether pictures filter anisotropically. */
  readonly isAnisotropic: () => boolean;
}

/** What draws a scene on a device. Owns materials, borrows geometry. */
export class RenderParts implements RecorderParts, SurfaceParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly meshes: MeshBufferCache;
  readonly landscapes: LandscapeTextureCache;
  readonly sampled: SampledAssets;
  readonly hasHeights: HasHeights;
  readonly materials: MaterialCache;
  readonly layered: LayeredAssets;
  readonly scratch: ScratchPool;
  /** Those of surfaces that sample layered assets. */
  readonly #layeredMaterials: MaterialCache;

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
    { placedOf, layersOf, inScene, isAnisotropic }: SampledTextures,
  ) {
    const { device, meshes, landscapes } = geometry;
    this.device = device;
    this.ledger = ledger;
    this.meshes = meshes;
    this.landscapes = landscapes;
    this.hasHeights = (draw) => inScene.hasHeights(draw);
    this.scratch = new ScratchPool(device, ledger);
    this.sampled = new SampledAssets(device, ledger, { placedOf, isAnisotropic });
    this.materials = new MaterialCache(device, ledger, { sampled: this.sampled, inScene });
    this.layered = new LayeredAssets(device, ledger, layersOf);
    this.#layeredMaterials = new MaterialCache(device, ledger, { sampled: this.layered, inScene });
  }

  /** Whether it belongs to a device and a ledger as they are now. */
  isFor(host: { readonly device: ForgeDevice; readonly ledger: MemoryLedger }): boolean {
    return host.device === this.device && host.ledger === this.ledger;
  }

  /** See {@linkcode SurfaceParts}. */
  bindForPictures(material: MaterialInterface, options: PictureMaterialOptions): DrawnMaterial {
    const isLayered = options.layers === "direct";
    return (isLayered ? this.#layeredMaterials : this.materials).bindForPictures(material, options);
  }

  /** See {@linkcode SurfaceParts}. */
  bindLayers({ asset, draws, hasTexture }: AssetLayers, feedback: boolean): MaterialDraw[] {
    const { materialType } = asset;
    return draws().filter(this.hasHeights).flatMap((draw): MaterialDraw[] => {
      const material = this.materials.bindForTiles(draw.material, materialType, {
        hasTexture,
        feedback: materialFeedback(draw, { feedback }),
        isShown: true,
      });
      if (material === null) return [];
      const [sample] = this.layered.samplesOf(material);
      if (sample === undefined) return [{ draw, material }];
      throw new UnsupportedError(
        "layers",
        `Cannot shade layers of "${asset.name}" directly as material "${material.name}" samples ` +
          `runtime virtual texture "${sample.asset.name}" where it writes them`,
      );
    });
  }

  /** See {@linkcode SurfaceParts}. */
  withOrigin<T>(origin: Vec3, submit: () => T): T {
    const before = this.sampled.origin;
    this.sampled.setOrigin(origin);
    try {
      return submit();
    } finally {
      this.sampled.setOrigin(before);
    }
  }

  /** Forgets a material. */
  releaseMaterial(material: MaterialInterface): void {
    for (const materials of this.#caches) materials.release(material);
  }

  /** Forgets how tiles of other types are rendered than some. */
  keepTypes(materialTypes: ReadonlySet<MaterialTypeName>): void {
    for (const materials of this.#caches) materials.keepTypes(materialTypes);
  }

  get #caches(): readonly MaterialCache[] {
    return [this.materials, this.#layeredMaterials];
  }

  /** Frees everything. */
  destroy(): void {
    for (const materials of this.#caches) materials.destroy();
    this.layered.destroy();
    this.sampled.destroy();
    this.scratch.destroy();
  }
}
