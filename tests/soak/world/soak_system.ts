/**
 * A system of a soak, with what is loaded into it.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import {
  type StreamedTexture,
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";
import type { SoakTexture } from "../textures/soak_texture.ts";
import { Flight } from "./flight.ts";
import type { StepTrail } from "./step_trail.ts";

/** A texture, as it is loaded into one system. */
export interface LoadedTexture {
  readonly soak: SoakTexture;
  readonly texture: StreamedTexture;
  readonly origin: readonly [number, number, number];
  /** Whether it stays loaded for as long as the system is open. */
  readonly isKept: boolean;
}

/** Says nothing: what goes wrong on purpose would fill the log. */
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/** A system, its camera and its textures. */
export class SoakSystem {
  readonly system: VirtualTextureSystem;
  readonly options: VirtualTextureSystemOptions;
  readonly flight: Flight;
  /** What is loaded and not being unloaded. */
  loaded: LoadedTexture[] = [];
  /** Loads in flight. */
  loadingCount = 0;
  /** Generation of the device that everything stands on, as the system says. */
  generation: number;
  readonly #trail: StepTrail;

  constructor(
    device: ForgeDevice,
    options: VirtualTextureSystemOptions,
    parts: { readonly random: () => number; readonly trail: StepTrail },
  ) {
    this.#trail = parts.trail;
    this.options = { ...options, logger: QUIET };
    this.generation = device.generation;
    this.system = new VirtualTextureSystem(device, this.options);
    this.system.subscribeRenewal(({ generation, lost }) => {
      this.generation = generation;
      this.#trail.note(`${options.label} stands on device ${generation}`);
      for (const { texture, error } of lost) this.#trail.note(`lost: ${error.message}`, texture);
    });
    this.flight = new Flight(parts.random);
  }

  /** Loads a texture. */
  async load(
    soak: SoakTexture,
    options: {
      readonly origin?: readonly [number, number, number];
      readonly isKept?: boolean;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<LoadedTexture> {
    const { origin = [0, 0, 0], isKept = false, signal } = options;
    this.loadingCount++;
    try {
      const texture = await soak.load(this.system, { origin, signal });
      const loaded = { soak, texture, origin, isKept };
      this.loaded.push(loaded);
      this.#trail.note(`loaded into ${this.options.label} as ${texture.id}`, texture);
      return loaded;
    } finally {
      this.loadingCount--;
    }
  }

  /** Unloads a texture, which nothing may use from now on, unless that fails and leaves it loaded. */
  async unload(loaded: LoadedTexture): Promise<void> {
    const { texture } = loaded;
    this.loaded = this.loaded.filter((other) => other !== loaded);
    this.#trail.note(`an unload begins of ${texture.id}`, texture);
    try {
      await this.system.unloadTexture(texture);
      this.#trail.note(`unloaded ${texture.id}`, texture);
    } catch (error) {
      const isLoaded = this.system.textures.includes(texture);
      if (isLoaded) this.loaded.push(loaded);
      const state = isLoaded ? "still loaded" : "gone";
      this.#trail.note(`an unload failed of ${texture.id}, which is ${state}: ${error}`, texture);
      throw error;
    }
  }

  close(): void {
    this.loaded = [];
    this.system.close();
  }
}
