/**
 * Textures that could not be brought from one device to another, and whether that is for good.
 *
 * @module
 */

import { BudgetError, DeviceError, UnsupportedError } from "../../errors.ts";
import { asDeviceError } from "../../gpu/mod.ts";
import { MAX_ATTEMPTS } from "../submit/journal_watch.ts";
import type { TextureState } from "../texture_state.ts";
import { asTileError } from "../supply/tile_error.ts";

/** A supply could not be made; what was thrown is kept as it is. */
export class SupplyFailure {
  /** What was thrown. */
  readonly error: unknown;

  /** Keeps what was thrown. */
  constructor(error: unknown) {
    this.error = error;
  }
}

/** Why a texture could not be brought along. */
interface Failure {
  readonly error: Error;
  /** Attempts in a row that have failed. */
  readonly attempts: number;
  /** Whether another attempt may go better. */
  readonly mayPass: boolean;
}

/**
 * Keeps the textures that could not be brought to a device. A format that the device lacks, or a
 * supply that its maker refuses, is a reason for good. A call of the GPU that fails is not: it is
 * tried again.
 */
export class UnrestoredTextures {
  readonly #failures = new Map<TextureState, Failure>();
  /** Attempts that have failed before. */
  readonly #attempts = new Map<TextureState, number>();

  /** @param before Those of the last attempt, whose failures count too. */
  constructor(before: UnrestoredTextures | null) {
    if (before === null) return;
    for (const [texture, { attempts }] of before.#failures) this.#attempts.set(texture, attempts);
  }

  /** The textures, in the order in which they were noted. */
  get textures(): readonly TextureState[] {
    return [...this.#failures.keys()];
  }

  /** Notes a failure, thrown as it is or in a {@linkcode SupplyFailure}. */
  noteFailure(texture: TextureState, thrown: unknown): void {
    const attempts = 1 + (this.#attempts.get(texture) ?? 0);
    this.#failures.set(texture, failureOf(thrown, texture.description.name, attempts));
  }

  /** The first failure that may pass, for those who try again; null if there is none. */
  get passingFailure(): DeviceError | null {
    for (const [texture, { error, mayPass }] of this.#failures) {
      if (mayPass) return asDeviceError(error, restoring(texture.description.name));
    }
    return null;
  }

  /** Forgets the textures and returns them, with the reasons. */
  takeAll(): [TextureState, Error][] {
    const all = [...this.#failures].map(([texture, { error }]): [TextureState, Error] => [
      texture,
      error,
    ]);
    this.#failures.clear();
    this.#attempts.clear();
    return all;
  }
}

function restoring(name: string): string {
  return `bringing ${name} to another device`;
}

function failureOf(thrown: unknown, name: string, attempts: number): Failure {
  const isFew = attempts < MAX_ATTEMPTS;
  if (thrown instanceof SupplyFailure) {
    const { error } = thrown;
    return {
      error: asTileError(error, name),
      attempts,
      mayPass: isFew && mayBeOfGpu(error),
    };
  }
  if (thrown instanceof UnsupportedError) return { error: thrown, attempts, mayPass: false };
  // What was destroyed may be about to free its memory.
  if (thrown instanceof BudgetError) return { error: thrown, attempts, mayPass: isFew };
  return { error: asDeviceError(thrown, restoring(name)), attempts, mayPass: true };
}

/** Whether an error may come from a call of WebGPU, as opposed to a decision of who calls it. */
function mayBeOfGpu(error: unknown): boolean {
  return error instanceof DeviceError || error instanceof TypeError ||
    error instanceof DOMException;
}
