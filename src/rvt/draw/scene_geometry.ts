/**
 * The meshes and landscapes of a scene on one device.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";
import { LandscapeTextureCache } from "./landscape_textures.ts";
import { MeshBufferCache } from "./mesh_buffers.ts";

/** Copies of meshes and landscapes, for tiles and for pictures. Owns them. */
export class SceneGeometry {
  /** The device; borrowed. */
  readonly device: ForgeDevice;
  /** Copies of meshes. */
  readonly meshes: MeshBufferCache;
  /** Copies of landscapes. */
  readonly landscapes: LandscapeTextureCache;

  /**
   * Begins with no copies.
   *
   * @param device Borrowed.
   */
  constructor(device: ForgeDevice) {
    this.device = device;
    this.meshes = new MeshBufferCache(device);
    this.landscapes = new LandscapeTextureCache(device);
  }

  /** Bytes of all copies. They are not part of a system's budget. */
  get byteLength(): number {
    return this.meshes.byteLength + this.landscapes.byteLength;
  }

  /** Frees everything. */
  destroy(): void {
    this.meshes.keepOnly();
    this.landscapes.keepOnly();
  }
}
