/**
 * The textures of a system: how they come and go.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import type { Placement } from "../../geometry/mod.ts";
import {
  type Feedback,
  type ForgeDevice,
  type MemoryLedger,
  VirtualTextureBinding,
} from "../../gpu/mod.ts";
import { type Residency, TextureResidency } from "../../residency/mod.ts";
import type { FeedbackLoop } from "../frame/feedback_loop.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { WakeUp } from "../wait/wake_up.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import { StreamedTexture } from "../streamed_texture.ts";
import type { SupplyCounters, TextureDescription, TileSupply } from "../supply/supply.ts";
import { TextureState } from "../texture_state.ts";

/** What textures are joined to; all of it is borrowed. */
export interface TextureSetParts {
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly residency: Residency;
  readonly feedback: Feedback;
  readonly feedbackLoop: FeedbackLoop;
  readonly journal: SubmitJournal;
  readonly wakeUp: WakeUp;
  readonly pools: PoolSet;
  /** The table that the others look textures up in; this is the only one that changes it. */
  readonly textures: Map<number, TextureState>;
}

/** What a texture is made of. */
export interface NewTextureParts {
  readonly description: TextureDescription;
  readonly supply: TileSupply;
  readonly placement: Placement;
}

/** Adds and removes textures. Owns them and their supplies. */
export class TextureSet {
  readonly #parts: TextureSetParts;
  readonly #countersOfRemoved = { bytesRead: 0, bytesUsed: 0 };
  #loaded: readonly TextureState[] = [];
  #nextId = 1;

  constructor(parts: TextureSetParts) {
    this.#parts = parts;
  }

  /** The textures that can be drawn, in the order in which they were added. */
  get loaded(): readonly TextureState[] {
    return this.#loaded;
  }

  /** Bytes read by all supplies so far, those of removed textures included. */
  get counters(): SupplyCounters {
    let { bytesRead, bytesUsed } = this.#countersOfRemoved;
    for (const { supply: { counters } } of this.#parts.textures.values()) {
      bytesRead += counters?.bytesRead ?? 0;
      bytesUsed += counters?.bytesUsed ?? 0;
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
    if (state !== undefined && state.handle === texture) return state;
    throw new InvalidArgumentError(
      "texture",
      `Cannot use texture as it must be one that this system has loaded and not unloaded: ` +
        `current value is ${
          texture instanceof StreamedTexture ? `"${texture.name}"` : describeValue(texture)
        }`,
    );
  }

  /**
   * Makes room for a texture and joins it to the others; nothing of it is resident yet. On failure
   * everything is as it was, and the supply still the caller's.
   */
  async addTexture(parts: NewTextureParts): Promise<TextureState> {
    const { residency, pools, wakeUp, feedbackLoop } = this.#parts;
    const { description, supply } = parts;
    const { grid, border, formats } = description;
    const id = this.#nextId++;
    const label = `${id} ${description.name}`;
    const kind = { formats, tileSize: grid.tileSize, border };
    const { cost } = supply.recorder;
    const isDrawn = supply.recorder.memory === "scratch";
    const { pool, table } = await pools.addTexture({ kind, grid, cost, isDrawn }, label);
    const own = new TextureResidency(id, {
      grid,
      pool: pool.residency,
      producer: supply.producer,
      recorder: supply.recorder,
    });
    try {
      const feedbackBase = feedbackLoop.freeBase(grid.tileCount);
      const binding = await this.#makeBinding(description, { pool, table, label, feedbackBase });
      const texture = new TextureState(id, { ...parts, pool, table, binding, residency: own });
      feedbackLoop.add(texture, feedbackBase);
      residency.addTexture(own);
      residency.loading.add(own);
      this.#parts.textures.set(id, texture);
      supply.producer.setListener(wakeUp.notify);
      return texture;
    } catch (error) {
      table.destroy();
      // The first error says more than what follows from it.
      await pools.rebalance().catch(() => {});
      throw error;
    }
  }

  async #makeBinding(
    description: TextureDescription,
    { pool, table, label, feedbackBase }: {
      pool: TextureState["pool"];
      table: TextureState["table"];
      label: string;
      feedbackBase: number;
    },
  ): Promise<VirtualTextureBinding> {
    const { device, ledger, feedback } = this.#parts;
    const { value: binding, error } = device.guard(
      `binding texture ${label}`,
      () =>
        new VirtualTextureBinding(device, ledger, {
          grid: description.grid,
          table,
          atlas: pool.atlas,
          feedback,
          slotFrames: pool.slotFrames,
          feedbackBase,
          opaque: description.opaque ?? false,
          label: `texture ${label}`,
        }),
    );
    try {
      const failure = await device.health.unlessLost(error);
      if (failure !== null) throw failure;
      return binding;
    } catch (failure) {
      binding.destroy();
      throw failure;
    }
  }

  /** Lets a texture whose tail is resident be drawn and streamed. */
  finishLoading(texture: TextureState): void {
    texture.isLoaded = true;
    this.#parts.residency.loading.delete(texture.residency);
    this.#loaded = [...this.#loaded, texture];
  }

  /** Removes a texture; its pool's memory is given to others by `PoolSet.rebalance`. */
  removeTexture(texture: TextureState): void {
    const { residency, feedbackLoop, journal, textures } = this.#parts;
    const counted = { ...residency.counters };
    const landed = texture.residency.slotOf.size;
    residency.removeTexture(texture.residency);
    journal.forgetTexture(texture);
    feedbackLoop.remove(texture);
    textures.delete(texture.id);
    this.#loaded = this.#loaded.filter((other) => other !== texture);
    if (texture.isLoaded) {
      this.#countersOfRemoved.bytesRead += texture.supply.counters?.bytesRead ?? 0;
      this.#countersOfRemoved.bytesUsed += texture.supply.counters?.bytesUsed ?? 0;
    } else {
      // A load that failed leaves no trace in the counters.
      const bytes = landed * texture.recorder.cost.uploadBytes;
      Object.assign(residency.counters, counted, {
        tilesLoaded: counted.tilesLoaded - landed,
        bytesUploaded: counted.bytesUploaded - bytes,
      });
    }
    texture.destroy();
  }
}
