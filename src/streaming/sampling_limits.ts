/**
 * How textures are sampled at most.
 *
 * @module
 */

import { checkedNumber } from "../checks.ts";
import { MAX_ANISOTROPY } from "../gpu/mod.ts";

/** Limits of sampling as they are now; they outlive the system's device. */
export class SamplingLimits {
  #maxAnisotropy: number;

  /** Begins with a limit that was checked. */
  constructor(maxAnisotropy: number) {
    this.#maxAnisotropy = maxAnisotropy;
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
  }
}
