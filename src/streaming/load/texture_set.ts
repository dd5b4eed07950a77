/**
 * The textures of a system: how they come and go.
 *
 * @module
 */

import { describeValue, thrownText } from "../../checks.ts";
import { type DeviceError, InvalidArgumentError } from "../../errors.ts";
import {
  type Feedback,
  type ForgeDevice,
  type MemoryLedger,
  PageTable,
  VirtualTextureBinding,
  type VirtualTextureBindingOptions,
} from "../../gpu/mod.ts";
import { type Residency, TextureResidency } from "../../residency/mod.ts";
import type { FeedbackLoop } from "../frame/feedback_loop.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { WakeUp } from "../wait/wake_up.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import { SupplyFailure, UnrestoredTextures } from "../renewal/unrestored_textures.ts";
import { type LoadedFile, StreamedTexture } from "../streamed_texture.ts";
import type { Logger, SystemSettings } from "../options.ts";
import type {
  SupplyCounters,
  SupplyShared,
  TextureDescription,
  TextureOrigin,
  TileSupply,
} from "../supply/supply.ts";
import type { TexturePlace } from "../texture_place.ts";
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
  readonly settings: SystemSettings;
  /** The table that the others look textures up in; this is the only one that changes it. */
  readonly textures: Map<number, TextureState>;
}

/** What a texture is, whatever the device. */
export interface TextureRecipe {
  readonly description: TextureDescription;
  readonly origin: TextureOrigin;
  readonly place: TexturePlace;
  /** The file that it is loaded from; default none. */
  readonly file?: LoadedFile | null;
}

/** What a texture is made of. */
export interface NewTextureParts extends TextureRecipe {
  readonly supply: TileSupply;
}

/** A texture that could not be brought to another device. */
export interface LostTexture {
  /** Its handle, which stands for nothing any more. */
  readonly texture: StreamedTexture;
  /** Why. */
  readonly error: Error;
}

/** Adds and removes textures. Owns them and their supplies. */
export class TextureSet {
  readonly #parts: TextureSetParts;
  readonly #countersOfRemoved = { bytesRead: 0, bytesUsed: 0 };
  readonly #losses = new WeakMap<StreamedTexture, Error>();
  #loaded: readonly TextureState[] = [];
  /** Textures of a lost device that could not be brought to this one yet. */
  readonly #unrestored: UnrestoredTextures;
  #nextId = 1;
  #nextLoaded = 1;

  /** @param before The set that this one goes on for, on another device. */
  constructor(parts: TextureSetParts, before: TextureSet | null = null) {
    this.#parts = parts;
    this.#unrestored = new UnrestoredTextures(before === null ? null : before.#unrestored);
    if (before === null) return;
    this.#countersOfRemoved = before.#countersOfRemoved;
    this.#losses = before.#losses;
    this.#nextId = before.#nextId;
    this.#nextLoaded = before.#nextLoaded;
  }

  /** The textures that can be drawn, in the order in which their loads have ended. */
  get loaded(): readonly TextureState[] {
    return this.#loaded;
  }

  /**
   * The textures that were loaded and not unloaded, in the same order: those too that could not be
   * brought to this device yet, as they were on the last one.
   */
  get kept(): readonly TextureState[] {
    const unrestored = this.#unrestored.textures;
    if (unrestored.length === 0) return this.#loaded;
    return [...this.#loaded, ...unrestored].sort((a, b) => a.loadedAs - b.loadedAs);
  }

  /** Whether a texture could not be brought to this device yet. */
  get isPartial(): boolean {
    return this.#unrestored.textures.length > 0;
  }

  /** Bytes read by all supplies so far, those of removed textures included. */
  get counters(): SupplyCounters {
    let { bytesRead, bytesUsed } = this.#countersOfRemoved;
    for (const { counters } of this.#parts.textures.values()) {
      bytesRead += counters?.bytesRead ?? 0;
      bytesUsed += counters?.bytesUsed ?? 0;
    }
    // What an origin does not count, was counted when its supply was closed.
    for (const { origin: { counters } } of this.#unrestored.textures) {
      bytesRead += counters?.bytesRead ?? 0;
      bytesUsed += counters?.bytesUsed ?? 0;
    }
    return { bytesRead, bytesUsed };
  }

  /**
   * What is kept of a texture. One that could not be brought to this device yet is one of these too:
   * what is done to what was known of it on the last device comes along.
   *
   * @throws {InvalidArgumentError} if it is not one of these.
   * @throws Why it could not be brought to another device, if that is so.
   */
  stateOf(texture: StreamedTexture): TextureState {
    const state = this.#parts.textures.get(texture?.id) ??
      this.#unrestored.textures.find(({ handle }) => handle === texture);
    if (state !== undefined && state.handle === texture) return state;
    const loss = texture instanceof StreamedTexture ? this.#losses.get(texture) : undefined;
    if (loss !== undefined) throw loss;
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
    const { residency, pools, feedbackLoop } = this.#parts;
    const { description, supply } = parts;
    const { grid, border, formats } = description;
    const id = this.#nextId++;
    const label = `${id} ${description.name}`;
    const kind = { formats, tileSize: grid.tileSize, border };
    const { cost } = supply.recorder;
    const isDrawn = supply.recorder.memory === "scratch";
    const added = { kind, grid, cost, isDrawn };
    const { pool, table } = await pools.addTexture(added, { name: description.name, label });
    const own = new TextureResidency(id, {
      grid,
      pool: pool.residency,
      producer: supply.producer,
      recorder: supply.recorder,
    });
    own.priority = description.priority ?? 0;
    try {
      const feedbackBase = feedbackLoop.freeBase(grid.tileCount);
      const binding = await this.#makeBinding(description, { pool, table, label, feedbackBase });
      const texture = new TextureState(id, { ...parts, pool, table, binding, residency: own });
      this.#register(texture, feedbackBase);
      residency.loading.add(own);
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
    bound: BoundParts,
  ): Promise<VirtualTextureBinding> {
    const { device, ledger } = this.#parts;
    const { value: binding, error } = device.guard(
      `binding texture ${bound.label}`,
      () => new VirtualTextureBinding(device, ledger, this.#bindingOptions(description, bound)),
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

  #bindingOptions(
    description: TextureDescription,
    { pool, table, label, feedbackBase }: BoundParts,
  ): VirtualTextureBindingOptions {
    return {
      grid: description.grid,
      table,
      atlas: pool.atlas,
      feedback: this.#parts.feedback,
      slotFrames: pool.slotFrames,
      feedbackBase,
      opaque: description.opaque ?? false,
      appearance: description.appearance ?? {},
      wrap: description.wrap ?? "clamp",
      label: `texture ${label}`,
    };
  }

  /**
   * Brings textures from a device that was lost: nothing of them is resident yet, and they want back
   * what was. Their handles and bindings stay. Supplies are made anew by their origins.
   *
   * @returns Whether all could be brought; {@linkcode dropUnrestored} says which could not.
   */
  restoreTextures(before: TextureSet, shared: SupplyShared): boolean {
    for (const texture of before.kept) {
      try {
        this.#restoreTexture(texture, shared);
      } catch (error) {
        this.#unrestored.noteFailure(texture, error);
      }
    }
    return !this.isPartial;
  }

  /** Why textures could not be brought to this device, if that may go better if it is tried again. */
  get restoreFailure(): DeviceError | null {
    return this.#unrestored.passingFailure;
  }

  /**
   * Forgets the textures that could not be brought to this device, or whose supply could not be made,
   * once it is known that the device was not lost again meanwhile.
   */
  dropUnrestored(): LostTexture[] {
    return this.#unrestored.takeAll().map(([texture, error]) => {
      this.#losses.set(texture.handle, error);
      if (texture.origin.counters !== undefined) this.#countRemoved(texture);
      texture.binding.destroy();
      texture.origin.close();
      return { texture: texture.handle, error };
    });
  }

  #restoreTexture(before: TextureState, shared: SupplyShared): void {
    const { device, ledger, pools, feedbackLoop } = this.#parts;
    const { id, description, origin, place, binding } = before;
    const { grid } = description;
    const label = `${id} ${description.name}`;
    const pool = pools.restorePool(before.pool);
    const table = new PageTable(device, ledger, grid, `page table ${label}`);
    let supply: TileSupply | null = null;
    try {
      supply = this.#makeSupply(description.name, () => origin.makeSupply(shared));
      const { producer, recorder } = supply;
      const feedbackBase = feedbackLoop.freeBase(grid.tileCount);
      binding.renew(
        device,
        ledger,
        this.#bindingOptions(description, { pool, table, label, feedbackBase }),
      );
      const residency = new TextureResidency(id, {
        grid,
        pool: pool.residency,
        producer,
        recorder,
        before: before.residency,
      });
      const parts = { description, origin, supply, place, pool, table, binding, residency };
      const texture = new TextureState(id, parts, before);
      this.#register(texture, feedbackBase);
      texture.isLoaded = true;
      this.#loaded = [...this.#loaded, texture];
    } catch (error) {
      table.destroy();
      supply?.close();
      throw error;
    }
  }

  /** Makes a supply, whose errors on the GPU are not the system's; what it throws stays as it is. */
  #makeSupply(name: string, make: () => TileSupply): TileSupply {
    const { device, settings: { logger } } = this.#parts;
    let thrown: { readonly error: unknown } | null = null;
    const { value, error } = device.guard(`making the supply of ${name}`, () => {
      try {
        return make();
      } catch (error) {
        thrown = { error };
        return null;
      }
    });
    void error.then((failure) => {
      if (failure !== null && !device.health.isLost) logger.error(failure.message);
    });
    if (value === null) throw new SupplyFailure(thrown!.error);
    return value;
  }

  #register(texture: TextureState, feedbackBase: number): void {
    const { residency, feedbackLoop, textures, wakeUp } = this.#parts;
    feedbackLoop.add(texture, feedbackBase);
    residency.addTexture(texture.residency);
    textures.set(texture.id, texture);
    texture.producer.setListener(wakeUp.notify);
  }

  /**
   * Ends the supplies of all textures and frees what else they have on a device that was lost. What
   * outlives the device stays: their origins, and the bindings of loaded ones.
   */
  abandonTextures(logger: Logger): void {
    for (const texture of this.#parts.textures.values()) {
      texture.producer.setListener(null);
      try {
        texture.supply.close();
      } catch (error) {
        logger.error(
          `Cannot close the supply of ${texture.description.name}: ${thrownText(error)}`,
        );
      }
      texture.table.destroy();
      // One that is loaded is made anew by the parts that go on.
      texture.binding.destroy();
      // What an origin does not count for all its supplies, each takes along.
      if (texture.isLoaded && texture.origin.counters === undefined) this.#countRemoved(texture);
    }
  }

  /** Lets a texture whose tail is resident be drawn and streamed. */
  finishLoading(texture: TextureState): void {
    texture.isLoaded = true;
    texture.loadedAs = this.#nextLoaded++;
    this.#parts.residency.loading.delete(texture.residency);
    this.#loaded = [...this.#loaded, texture];
  }

  /** Removes a texture; its pool's memory is given to others by `PoolSet.rebalance`. */
  removeTexture(texture: TextureState): void {
    const { residency, feedbackLoop, journal, textures, wakeUp } = this.#parts;
    const counted = { ...residency.counters };
    const landed = texture.residency.slotOf.size;
    residency.removeTexture(texture.residency);
    journal.forgetTexture(texture);
    feedbackLoop.remove(texture);
    textures.delete(texture.id);
    this.#loaded = this.#loaded.filter((other) => other !== texture);
    if (texture.isLoaded) {
      this.#countRemoved(texture);
    } else {
      // A load that failed leaves no trace in the counters.
      Object.assign(residency.counters, counted, {
        tilesLoaded: counted.tilesLoaded - landed,
        bytesUploaded: counted.bytesUploaded - texture.bytesUploaded,
      });
    }
    texture.destroy();
    // Others may wait for tiles of this one.
    wakeUp.notify();
  }

  #countRemoved({ counters }: TextureState): void {
    this.#countersOfRemoved.bytesRead += counters?.bytesRead ?? 0;
    this.#countersOfRemoved.bytesUsed += counters?.bytesUsed ?? 0;
  }
}

/** What a texture's binding points at. */
interface BoundParts {
  readonly pool: TextureState["pool"];
  readonly table: TextureState["table"];
  readonly label: string;
  readonly feedbackBase: number;
}
