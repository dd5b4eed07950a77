/**
 * How textures are sampled at most.
 *
 * @module
 */

import { checkedNumber } from "../checks.ts";
import { MAX_ANISOTROPY } from "../gpu/mod.ts";
import type { SystemSettings } from "./options.ts";

type SamplingSettings = Pick<SystemSettings, "maxAnisotropy" | "hasOwnAnisotropy">;

/** Limits of sampling as they are now; they outlive the system's device. */
export class SamplingLimits {
  readonly #settings: SamplingSettings;
  #maxAnisotropy: number;
  #isSet: boolean;

  /** Begins with what the options say. */
  constructor(settings: SamplingSettings) {
    this.#settings = settings;
    this.#maxAnisotropy = settings.maxAnisotropy;
    this.#isSet = settings.hasOwnAnisotropy;
  }

  /** Whether the anisotropy was set, by an option or since. */
  get isAnisotropySet(): boolean {
    return this.#isSet;
  }

  /** Largest ratio of an anisotropic footprint. */
  get maxAnisotropy(): number {
    return this.#maxAnisotropy;
  }

  /** Sets that, or with null what the options say; throws if it is wrong, and nothing changes then. */
  setMaxAnisotropy(maxAnisotropy: number | null): void {
    if (maxAnisotropy === null) {
      this.#maxAnisotropy = this.#settings.maxAnisotropy;
      this.#isSet = this.#settings.hasOwnAnisotropy;
      return;
    }
    this.#maxAnisotropy = checkedNumber(maxAnisotropy, {
      name: "maxAnisotropy",
      failure: "Cannot set anisotropy",
      range: [1, MAX_ANISOTROPY],
    });
    this.#isSet = true;
  }
}
