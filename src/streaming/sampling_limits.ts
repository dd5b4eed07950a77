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
  #maxAnisotropy: number;
  #isSet: boolean;

  /** Begins with what the options say. */
  constructor({ maxAnisotropy, hasOwnAnisotropy }: SamplingSettings) {
    this.#maxAnisotropy = maxAnisotropy;
    this.#isSet = hasOwnAnisotropy;
  }

  /** Whether the anisotropy was set, by an option or since. */
  get isAnisotropySet(): boolean {
    return this.#isSet;
  }

  /** Largest ratio of an anisotropic footprint. */
  get maxAnisotropy(): number {
    return this.#maxAnisotropy;
  }

  /** Sets that; throws if it is wrong, and nothing changes then. */
  setMaxAnisotropy(maxAnisotropy: number): void {
    this.#maxAnisotropy = checkedNumber(maxAnisotropy, {
      name: "maxAnisotropy",
      failure: "Cannot set anisotropy",
      range: [1, MAX_ANISOTROPY],
    });
    this.#isSet = true;
  }
}
