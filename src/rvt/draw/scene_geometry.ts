/**
 * The meshes and landscapes of a scene on one device.
 *
 * @module
 */

import { type ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import { LandscapeTextureCache } from "./landscape_textures.ts";
import { MeshBufferCache } from "./mesh_buffers.ts";

/** The copies are not part of a system's budget. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Copies of meshes and landscapes, for tiles and for pictures. Owns them. */
export class SceneGeometry {
  /** The device; borrowed. */
  readonly device: ForgeDevice;
  /** Copies of meshes. */
  readonly meshes: MeshBufferCache;
  /** Copies of landscapes. */
  readonly landscapes: LandscapeTextureCache;
  readonly #ledger: MemoryLedger;

  /**
   * Begins with no copies.
   *
   * @param device Borrowed.
   */
  constructor(device: ForgeDevice) {
    this.device = device;
    this.#ledger = new MemoryLedger(device.submits, NO_LIMIT);
    this.meshes = new MeshBufferCache(device, this.#ledger);
    this.landscapes = new LandscapeTextureCache(device, this.#ledger);
  }

  /** Bytes of all copies, those included that were destroyed and are still in use by the GPU. */
  get byteLength(): number {
    this.#ledger.collect();
    return this.#ledger.usedBytes;
  }

  /** Frees everything. */
  destroy(): void {
    this.meshes.destroy();
    this.landscapes.destroy();
  }
}
