/**
 * Plain textures on a device: each is uploaded once, however many materials sample it.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger, TrackedTexture } from "../../gpu/mod.ts";
import type { MaterialTexture } from "./material_texture.ts";

interface Upload {
  readonly tracked: TrackedTexture;
  readonly view: GPUTextureView;
  users: number;
}

const TEXEL_BYTES = 4;

/** The textures that a device has. Owns them. */
export class TextureUploads {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #uploads = new Map<MaterialTexture, Upload>();

  /** Begins with none; they count as caches. */
  constructor(device: ForgeDevice, ledger: MemoryLedger) {
    this.#device = device;
    this.#ledger = ledger;
  }

  /**
   * A view of all levels of a texture, which is uploaded if it is not there. Each call is paired with one
   * of {@linkcode release}.
   *
   * @throws {BudgetError} if it does not fit the budget.
   */
  acquire(texture: MaterialTexture): GPUTextureView {
    let upload = this.#uploads.get(texture);
    if (upload === undefined) this.#uploads.set(texture, upload = this.#upload(texture));
    upload.users++;
    return upload.view;
  }

  /** Destroys the copy of a texture when nothing uses it any more. */
  release(texture: MaterialTexture): void {
    const upload = this.#uploads.get(texture);
    if (upload === undefined || --upload.users > 0) return;
    upload.tracked.destroy();
    this.#uploads.delete(texture);
  }

  /** Destroys all copies. */
  destroy(): void {
    for (const { tracked } of this.#uploads.values()) tracked.destroy();
    this.#uploads.clear();
  }

  #upload(texture: MaterialTexture): Upload {
    const { levels, width, height, format } = texture;
    const label = `material texture "${texture.name}"`;
    const tracked = this.#ledger.createTexture("caches", this.#device, {
      label,
      size: [width, height],
      format,
      mipLevelCount: levels.length,
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    });
    for (const [mipLevel, { width, height, texels }] of levels.entries()) {
      this.#device.gpu.queue.writeTexture(
        { texture: tracked.texture, mipLevel },
        texels as Uint8Array<ArrayBuffer>,
        { bytesPerRow: width * TEXEL_BYTES, rowsPerImage: height },
        [width, height],
      );
    }
    return { tracked, view: tracked.texture.createView({ label }), users: 0 };
  }
}
