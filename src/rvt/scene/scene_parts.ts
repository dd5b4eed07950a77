/**
 * What renders a scene's components, on the device as it is now.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import { SceneGeometry } from "../draw/scene_geometry.ts";
import { RenderParts, type SampledTextures } from "./render_parts.ts";

/** Makes the parts of a scene anew when the device is another one. Owns them. */
export class SceneParts {
  readonly #textures: SampledTextures;
  #geometry: SceneGeometry | null = null;
  #ofTiles: RenderParts | null = null;

  /** Begins with nothing on any device. */
  constructor(textures: SampledTextures) {
    this.#textures = textures;
  }

  /** Those of tiles that were made last; null before any were. */
  get ofTiles(): RenderParts | null {
    return this.#ofTiles;
  }

  /** Those that render tiles on a device. */
  partsFor(host: { readonly device: ForgeDevice; readonly ledger: MemoryLedger }): RenderParts {
    if (!this.#ofTiles?.isFor(host)) {
      this.#ofTiles?.destroy();
      this.#ofTiles = this.makeParts(host.device, host.ledger);
    }
    return this.#ofTiles;
  }

  /**
   * Others on a device, which share its meshes and landscapes. The caller owns them.
   *
   * @param ledger Counts what is made.
   */
  makeParts(device: ForgeDevice, ledger: MemoryLedger): RenderParts {
    if (this.#geometry?.device !== device) {
      this.#geometry?.destroy();
      this.#geometry = new SceneGeometry(device);
    }
    return new RenderParts(this.#geometry, ledger, this.#textures);
  }

  /** Frees everything. */
  destroy(): void {
    this.#ofTiles?.destroy();
    this.#geometry?.destroy();
    this.#ofTiles = null;
    this.#geometry = null;
  }
}
