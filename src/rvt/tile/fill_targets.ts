/**
 * The textures that tiles are rendered to before they are packed.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger, TrackedTexture } from "../../gpu/mod.ts";
import { ATTRIBUTES } from "../asset/attributes.ts";
import {
  MATERIAL_TYPES,
  type MaterialTypeName,
  type TargetChannel,
} from "../asset/material_type.ts";
import { FILL_DEPTH_FORMAT, targetFormats, testsDepth } from "./fill_pipelines.ts";

/** Bytes of a texel of each format of targets. */
const TEXEL_BYTES: Readonly<Record<string, number>> = { rgba16float: 8, r32float: 4 };
const DEPTH_BYTES = 4;

/** Bytes of the targets of one tile. */
export function targetBytes(
  device: ForgeDevice,
  materialType: MaterialTypeName,
  slotTexels: number,
): number {
  const formats = targetFormats(materialType);
  const texel = formats.reduce((sum, format) => sum + TEXEL_BYTES[format]!, 0);
  return slotTexels ** 2 * (texel + (testsDepth(device, materialType) ? DEPTH_BYTES : 0));
}

/** What a target holds where nothing is drawn. */
function clearValueOf(target: readonly TargetChannel[], leastHeight: number): GPUColor {
  const values = target.map(({ attribute, component }) =>
    attribute === "worldHeight" ? leastHeight : ATTRIBUTES[attribute].clearValue[component]!
  );
  while (values.length < 4) values.push(0);
  return values;
}

/** The targets of a batch of tiles: a layer of each for every tile. Owns its textures. */
export class FillTargets {
  /** All layers of each target. */
  readonly views: readonly GPUTextureView[];
  readonly #materialType: MaterialTypeName;
  readonly #layers: GPUTextureView[][];
  readonly #depth: GPUTextureView | null = null;
  readonly #owned: TrackedTexture[] = [];

  /**
   * Makes the targets.
   *
   * @throws {BudgetError} if they do not fit the budget; nothing is made then.
   */
  constructor(
    device: ForgeDevice,
    ledger: MemoryLedger,
    options: {
      readonly materialType: MaterialTypeName;
      /** Texels of each layer, across and down. */
      readonly size: readonly [number, number];
      readonly tiles: number;
    },
  ) {
    const { materialType, size, tiles } = options;
    this.#materialType = materialType;
    const make = (label: string, format: GPUTextureFormat, layers: number, usage: number) => {
      const tracked = ledger.createTexture("scratch", device, {
        label,
        format,
        size: [...size, layers],
        usage: GPUTextureUsage.RENDER_ATTACHMENT | usage,
      });
      this.#owned.push(tracked);
      return tracked.texture;
    };
    try {
      const usage = GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_SRC;
      const textures = targetFormats(materialType).map((format, i) =>
        make(`tile target ${i}`, format, tiles, usage)
      );
      this.views = textures.map((texture) => texture.createView({ dimension: "2d-array" }));
      this.#layers = textures.map((texture) =>
        Array.from(
          { length: tiles },
          (_, layer) =>
            texture.createView({ dimension: "2d", baseArrayLayer: layer, arrayLayerCount: 1 }),
        )
      );
      if (testsDepth(device, materialType)) {
        this.#depth = make("tile depth", FILL_DEPTH_FORMAT, 1, 0).createView();
      }
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  /** The pass that renders a tile, from its clear values on, or from what the targets hold by chance. */
  passOf(
    tile: number,
    leastHeight: number,
    { isCleared }: { readonly isCleared: boolean },
  ): GPURenderPassDescriptor {
    const { targets } = MATERIAL_TYPES[this.#materialType];
    return {
      label: "fill tile",
      colorAttachments: targets.map((target, i) => ({
        view: this.#layers[i]![tile]!,
        loadOp: isCleared ? "clear" : "load",
        storeOp: "store",
        clearValue: clearValueOf(target, leastHeight),
      })),
      ...(this.#depth === null ? {} : {
        depthStencilAttachment: {
          view: this.#depth,
          depthLoadOp: "clear" as const,
          depthStoreOp: "discard" as const,
          depthClearValue: 0,
        },
      }),
    };
  }

  /** Destroys the textures; see {@linkcode TrackedTexture.destroy}. May be called again. */
  destroy(lastUse?: number): void {
    for (const texture of this.#owned) texture.destroy(lastUse);
  }
}
