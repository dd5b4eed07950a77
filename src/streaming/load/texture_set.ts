/**
 * The textures of a system: how they come and go.
 *
 * @module
 */

import { InvalidArgumentError, MalformedFileError } from "../../errors.ts";
import {
  type Feedback,
  type ForgeDevice,
  type MemoryLedger,
  slotBytes,
  VirtualTextureBinding,
} from "../../gpu/mod.ts";
import { type Residency, TextureResidency } from "../../residency/mod.ts";
import type { ReadCounters, TileSource } from "../../sources/mod.ts";
import type { Placement } from "../../geometry/mod.ts";
import type { FeedbackLoop } from "../frame/feedback_loop.ts";
import type { FileProducer } from "../frame/file_producer.ts";
import type { Landing } from "../frame/landing.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import { StreamedTexture } from "../streamed_texture.ts";
import { TextureState } from "../texture_state.ts";

/** What textures are joined to; all of it is borrowed. */
export interface TextureSetParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly residency: Residency;
  readonly producer: FileProducer;
  readonly feedback: Feedback;
  readonly feedbackLoop: FeedbackLoop;
  readonly landing: Landing;
  readonly pools: PoolSet;
  /** The table that the others look textures up in; this is the only one that changes it. */
  readonly textures: Map<number, TextureState>;
}

/** Adds and removes textures. Owns them and their sources. */
export class TextureSet {
  readonly #parts: TextureSetParts;
  readonly #countersOfRemoved: ReadCounters = { bytesRead: 0, bytesUsed: 0 };
  #nextId = 1;

  constructor(parts: TextureSetParts) {
    this.#parts = parts;
  }

  /** Bytes read from all sources so far, those of removed textures included. */
  get counters(): ReadCounters {
    let { bytesRead, bytesUsed } = this.#countersOfRemoved;
    for (const { source } of this.#parts.textures.values()) {
      bytesRead += source.counters.bytesRead;
      bytesUsed += source.counters.bytesUsed;
    }
    return { bytesRead, bytesUsed };
  }

  /**
   * What is kept of a texture.
   *
   * @throws {InvalidArgumentError} if it is not one of these.
   */
  stateOf(texture: StreamedTexture): TextureState {
    const state = this.#parts.textures.get(texture?.id);
    if (state?.handle === texture) return state;
    throw new InvalidArgumentError(
      "texture",
      `Cannot use texture as it must be one that this system has loaded and not unloaded: ` +
        `current value is ${texture instanceof StreamedTexture ? `"${texture.name}"` : texture}`,
    );
  }

  /**
   * Adds a texture with its tail resident. On failure everything is as it was, and the source still
   * the caller's.
   *
   * @param init `tail`: texels of the pinned tiles, finest level first.
   */
  async add(
    source: TileSource,
    init: { placement: Placement; tail: readonly Uint8Array[] },
  ): Promise<TextureState> {
    const { device, ledger, residency, producer, feedback, feedbackLoop, landing, pools } =
      this.#parts;
    const { grid, border, format } = source;
    const id = this.#nextId++;
    const label = `${id} ${source.name}`;
    const kind = { formats: [format], tileSize: grid.tileSize, border };
    const { pool, table } = await pools.add({ kind, grid }, label);
    const feedbackBase = feedbackLoop.freeBase(grid.tileCount);
    const made: { destroy(): void }[] = [table];
    const own = new TextureResidency(id, { grid, pool: pool.residency, producer });
    try {
      const binding = new VirtualTextureBinding(device, ledger, {
        grid,
        table,
        atlas: pool.atlas,
        feedback,
        slotFrames: pool.slotFrames,
        feedbackBase,
        opaque: source.opaque ?? false,
        label: `texture ${label}`,
      });
      made.push(binding);
      const { placement } = init;
      const parts = { source, placement, pool, table, binding, residency: own };
      const texture = new TextureState(id, parts);
      residency.addTexture(own);
      await landing.pinTail(texture, init.tail);
      producer.addSource(id, source, pool.tileBytes);
      this.#parts.textures.set(id, texture);
      feedbackLoop.add(texture, feedbackBase);
      return texture;
    } catch (error) {
      if (residency.textures.has(id)) residency.removeTexture(own);
      for (const object of made) object.destroy();
      await pools.rebalance();
      throw error;
    }
  }

  /** Removes a texture; its pool's memory is given to others by `PoolSet.rebalance`. */
  remove(texture: TextureState): void {
    const { residency, producer, feedbackLoop, textures } = this.#parts;
    residency.removeTexture(texture.residency);
    producer.removeSource(texture.id);
    feedbackLoop.remove(texture);
    textures.delete(texture.id);
    this.#countersOfRemoved.bytesRead += texture.source.counters.bytesRead;
    this.#countersOfRemoved.bytesUsed += texture.source.counters.bytesUsed;
    texture.destroy();
  }
}

/**
 * Texels of the tiles that are pinned, finest level first.
 *
 * @throws {MalformedFileError} if the source gives tiles of another size than its slots.
 */
export async function readTail(
  source: TileSource,
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const { grid: { levels, tailLevel, tileSize }, border, format, name } = source;
  const options = signal === undefined ? {} : { signal };
  const tail = await Promise.all(
    levels.slice(tailLevel).map(({ level }) => source.readTile(level, 0, 0, options)),
  );
  const bytes = slotBytes([format], tileSize + 2 * border);
  const wrong = tail.findIndex((tile) => tile?.byteLength !== bytes);
  if (wrong === -1) return tail;
  throw new MalformedFileError(
    name,
    `Cannot load ${name} as its tile of level ${tailLevel + wrong} must have ${bytes} bytes: ` +
      `current value is ${tail[wrong]?.byteLength}`,
  );
}
