/**
 * Loading and unloading textures, across losses of the device.
 *
 * @module
 */

import { checkedSignal } from "../../checks.ts";
import { placeTexture } from "../../geometry/mod.ts";
import type { TileSource } from "../../sources/mod.ts";
import { unlessAborted } from "../../waiting.ts";
import type { SystemSettings } from "../options.ts";
import type { PartsKeeper } from "../renewal/parts_keeper.ts";
import type { StreamedTexture } from "../streamed_texture.ts";
import { describeSource, fileOrigin } from "../supply/file_supply.ts";
import { type AddTextureOptions, openSupply } from "../supply/open_supply.ts";
import type { MakeSupply, TextureDescription } from "../supply/supply.ts";
import { TexturePlace } from "../texture_place.ts";
import { type JoinOptions, joinTexture, rebalancePools, removeTexture } from "./join_texture.ts";
import { inputIdentity, loadedFile } from "./input_identity.ts";
import { IgnoredWarning } from "./ignored_warning.ts";
import { checkedLoadOptions, type LoadTextureOptions } from "./load_options.ts";
import { awaitSource, isTileSource, openTexture, type TextureInput } from "./open_texture.ts";
import type { TextureRecipe } from "./texture_set.ts";

/** What loads work with; all of it is borrowed. */
export interface LoadCallsParts extends Pick<JoinOptions, "isClosed" | "assertOpen"> {
  readonly keeper: PartsKeeper;
  readonly settings: SystemSettings;
  /** A signal that is also aborted when the system is closed; throws if it is aborted already. */
  readonly untilClosed: (signal: AbortSignal | undefined) => AbortSignal;
}

/** Loads and unloads the textures of a system. What a lost device interrupts is begun again. */
export class LoadCalls {
  readonly #parts: LoadCallsParts;
  readonly #ignoredWarning: IgnoredWarning;

  constructor(parts: LoadCallsParts) {
    this.#parts = parts;
    this.#ignoredWarning = new IgnoredWarning(parts.settings);
  }

  /** See `VirtualTextureSystem.loadTexture`. */
  async loadTexture(input: TextureInput, options: LoadTextureOptions): Promise<StreamedTexture> {
    const checked = checkedLoadOptions(options);
    const signal = this.#parts.untilClosed(checked.signal);
    const source = await this.#openSource(input, checked, signal);
    try {
      const identity = await inputIdentity(input, checked);
      const description = { ...describeSource(source), ...(identity === null ? {} : { identity }) };
      const placement = placeTexture([source.grid.width, source.grid.height], checked);
      const origin = fileOrigin(source);
      const place = TexturePlace.fixed(placement);
      const file = await loadedFile(input, checked);
      return await this.#join({ description, origin, place, file }, signal);
    } catch (error) {
      source.close();
      throw error;
    }
  }

  async #openSource(
    input: TextureInput,
    checked: LoadTextureOptions,
    signal: AbortSignal,
  ): Promise<TileSource> {
    const { keeper, settings: { tileSize, border, cacheFolder, logger } } = this.#parts;
    const ignoredWarning = this.#ignoredWarning;
    const bakeDevice = () => {
      const { device, pools: { blockEncoder } } = keeper.parts;
      return { device, blockEncoder };
    };
    const isSource = isTileSource(input);
    return await keeper.doOnDevice(async ({ device }) => {
      const fixed = { tileSize, border, cacheFolder, logger, device, signal };
      const opening = openTexture(input, { ...checked, ...fixed, bakeDevice, ignoredWarning });
      // Nothing is baked then, and the source is to outlive the device.
      if (isSource) return await opening;
      try {
        return await awaitSource(opening, fixed);
      } catch (error) {
        // Two bakes of one picture at a time would be in each other's way.
        if (keeper.isWaiting) await unlessAborted(opening.then(() => {}, () => {}), signal);
        throw error;
      }
    }, signal);
  }

  /** See `VirtualTextureSystem.addTexture`. */
  async addTexture(
    description: TextureDescription,
    makeSupply: MakeSupply,
    options: AddTextureOptions,
  ): Promise<StreamedTexture> {
    const { keeper, untilClosed } = this.#parts;
    const until = untilClosed(checkedSignal(options?.signal, "Cannot add texture"));
    const { device, guard } = await keeper.waitForDevice(until);
    const opened = guard.run(() => openSupply(description, makeSupply, { device, options }));
    return await this.#join(opened, until);
  }

  /** Joins a texture to the others; its origin stays the caller's if that fails. */
  #join(recipe: TextureRecipe, signal: AbortSignal): Promise<StreamedTexture> {
    const { keeper, isClosed, assertOpen } = this.#parts;
    return keeper.doOnDevice(async (parts) => {
      const supply = recipe.origin.makeSupply(parts);
      try {
        const options = { signal, isClosed, assertOpen };
        return (await joinTexture(parts, { ...recipe, supply }, options)).handle;
      } catch (error) {
        supply.close();
        throw error;
      }
    }, signal);
  }

  /** See `VirtualTextureSystem.unloadTexture`. */
  async unloadTexture(texture: StreamedTexture, signal: AbortSignal | undefined): Promise<void> {
    const { keeper, untilClosed, assertOpen } = this.#parts;
    const until = untilClosed(signal);
    let isRemoved = false;
    await keeper.doOnDevice(async (parts) => {
      const options = { signal: until, assertOpen };
      if (isRemoved) return await rebalancePools(parts, options);
      const noteRemoved = () => isRemoved = true;
      await removeTexture(parts, parts.set.stateOf(texture), { ...options, noteRemoved });
    }, until);
  }
}
