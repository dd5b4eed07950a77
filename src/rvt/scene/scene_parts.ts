/**
 * What renders a scene's components, on the device as it is now.
 *
 * @module
 */

import type { Mesh } from "../../geometry/mod.ts";
import { type ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import type { MaterialTypeName } from "../asset/mod.ts";
import type { LandscapeSurface } from "../component/mod.ts";
import { SceneGeometry } from "../draw/scene_geometry.ts";
import type { MaterialInterface } from "../material/mod.ts";
import type { PlacedTexture } from "../sample/sampled_assets.ts";
import { RenderParts, type SampledTextures } from "./render_parts.ts";
import type { DrawnObjectEvents } from "./scene_components.ts";

/** What pictures take is not part of a system's budget. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/**
 * Makes the parts of a scene anew when the device is another one, and frees what nothing in the scene uses
 * any more. Owns them.
 */
export class SceneParts implements DrawnObjectEvents {
  readonly #textures: SampledTextures;
  #geometry: SceneGeometry | null = null;
  #ofTiles: RenderParts | null = null;
  #ofPictures: RenderParts | null = null;

  /** Begins with nothing on any device. */
  constructor(textures: SampledTextures) {
    this.#textures = textures;
  }

  /** What materials sample. */
  get textures(): SampledTextures {
    return this.#textures;
  }

  /** Those of tiles that were made last; null before any were. */
  get ofTiles(): RenderParts | null {
    return this.#ofTiles;
  }

  /** Bytes of meshes and landscapes. */
  get geometryBytes(): number {
    return this.#geometry?.byteLength ?? 0;
  }

  /** Those that render tiles on a device. */
  partsFor(host: { readonly device: ForgeDevice; readonly ledger: MemoryLedger }): RenderParts {
    if (!this.#ofTiles?.isFor(host)) {
      this.#ofTiles?.destroy();
      this.#ofTiles = this.#makeParts(host.device, host.ledger);
    }
    return this.#ofTiles;
  }

  /** Those that draw pictures on a device, with meshes and landscapes of the tiles. */
  partsForPictures(device: ForgeDevice): RenderParts {
    if (this.#ofPictures?.device !== device) {
      this.#ofPictures?.destroy();
      this.#ofPictures = this.#makeParts(device, new MemoryLedger(device.submits, NO_LIMIT));
    }
    return this.#ofPictures;
  }

  #makeParts(device: ForgeDevice, ledger: MemoryLedger): RenderParts {
    if (this.#geometry?.device !== device) {
      this.#geometry?.destroy();
      this.#geometry = new SceneGeometry(device);
    }
    return new RenderParts(this.#geometry, ledger, this.#textures);
  }

  get #all(): RenderParts[] {
    return [this.#ofTiles, this.#ofPictures].filter((parts) => parts !== null);
  }

  /** See {@linkcode DrawnObjectEvents}. */
  meshesReplaced(gone: readonly Mesh[], made: readonly Mesh[]): void {
    this.#geometry?.meshes.replace(gone, made);
  }

  /** See {@linkcode DrawnObjectEvents}. */
  landscapeReleased(surface: LandscapeSurface): void {
    this.#geometry?.landscapes.release(surface);
  }

  /** See {@linkcode DrawnObjectEvents}. */
  materialReleased(material: MaterialInterface): void {
    for (const parts of this.#all) parts.releaseMaterial(material);
    this.#textures.inScene.releaseMaterial(material);
  }

  /**
   * Notes that a texture is not placed any more.
   *
   * @param typesLeft Material types of the textures that still are.
   */
  placeReleased(placed: PlacedTexture, typesLeft: ReadonlySet<MaterialTypeName>): void {
    for (const parts of this.#all) {
      parts.sampled.release(placed);
      parts.keepTypes(typesLeft);
      parts.scratch.drop();
    }
  }

  /** Frees everything. */
  destroy(): void {
    for (const parts of this.#all) parts.destroy();
    this.#geometry?.destroy();
    this.#ofTiles = null;
    this.#ofPictures = null;
    this.#geometry = null;
  }
}
