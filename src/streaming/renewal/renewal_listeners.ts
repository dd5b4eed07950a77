/**
 * Telling a system's users that its device was replaced.
 *
 * @module
 */

import { checkedFunction, thrownText } from "../../checks.ts";
import type { LostTexture } from "../load/texture_set.ts";
import type { Logger } from "../options.ts";

/** A device has taken the place of one that was lost. */
export interface Renewal {
  /** The device: what was made on another, such as pipelines, must be made anew. */
  readonly gpu: GPUDevice;
  /** How often the `ForgeDevice` has been renewed. */
  readonly generation: number;
  /** Textures that could not be brought along, as the device lacks their format. They are unloaded. */
  readonly lost: readonly LostTexture[];
}

/** Hears of renewals. */
export type RenewalListener = (renewal: Renewal) => void;

/** Those who are told of renewals, in the order in which they came. */
export class RenewalListeners {
  readonly #listeners = new Set<RenewalListener>();

  /**
   * Adds a listener.
   *
   * @returns A function that takes it away.
   * @throws {InvalidArgumentError} if it is no function.
   */
  add(listener: RenewalListener): () => void {
    checkedFunction(listener, { name: "listener", failure: "Cannot subscribe to renewals" });
    const own: RenewalListener = (renewal) => listener(renewal);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells everyone. A listener that throws is logged, and keeps nobody else from hearing. */
  notify(renewal: Renewal, logger: Logger): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(renewal);
      } catch (error) {
        logger.error(`A listener to renewals of the device failed: ${thrownText(error)}`);
      }
    }
  }
}
