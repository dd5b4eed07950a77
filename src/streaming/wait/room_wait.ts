/**
 * Waiting for what keeps finished tiles from landing.
 *
 * @module
 */

import { BudgetError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { SystemSettings } from "../options.ts";
import type { SerialQueue } from "../serial_queue.ts";
import type { TextureState } from "../texture_state.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";

/** Between two looks at whether memory has become free that others hold. */
const POLL_MS = 2;
/** Looks after which it is an error: half a minute. */
const MAX_POLLS = 15_000;

/** What is waited for; all of it is borrowed. */
export interface RoomWaitParts {
  readonly device: ForgeDevice;
  readonly journal: SubmitJournal;
  /** Loads and unloads: while pools are moved no tiles land. */
  readonly changes: SerialQueue;
  readonly settings: SystemSettings;
}

/** Waits until finished tiles may find room, as often as it takes. */
export class RoomWait {
  readonly #parts: RoomWaitParts;
  readonly #maxPolls: number;
  #polls = 0;

  /** @param maxPolls Looks at memory that others hold, two milliseconds apart, before it is an error. */
  constructor(parts: RoomWaitParts, maxPolls: number = MAX_POLLS) {
    this.#parts = parts;
    this.#maxPolls = maxPolls;
  }

  /** Notes that something has landed. */
  reset(): void {
    this.#polls = 0;
  }

  /**
   * Waits for the report of a submit, for pools that are moved, or for the GPU; if it is none of
   * these, a moment for others to free the memory.
   *
   * @param textures Those whose finished tiles found no room.
   * @throws {BudgetError} if memory stays too short for a tile.
   * @throws {DeviceError} if the device is lost.
   */
  async waitForRoom(
    textures: Iterable<TextureState>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { changes, device, journal } = this.#parts;
    const { submits } = device;
    if (journal.isUnconfirmed) return await journal.waitForReport(signal);
    if (changes.isBusy) return await changes.waitForTurn(signal);
    if (submits.completed < submits.lastSubmitted) return await submits.wait(undefined, signal);
    if (this.#polls++ >= this.#maxPolls) throw this.#tooShort(textures);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }

  #tooShort(textures: Iterable<TextureState>): BudgetError {
    const { budgetBytes } = this.#parts.settings;
    for (const { producer, recorder, description } of textures) {
      if (producer.finishedCount === 0) continue;
      const { cost: { scratchBytes }, availableBytes, memory } = recorder;
      const minimum = budgetBytes + Math.max(1, scratchBytes - availableBytes);
      return new BudgetError(
        budgetBytes,
        minimum,
        `Cannot record tiles of ${description.name} as a tile needs ${scratchBytes} bytes of ` +
          `${memory} memory: ${availableBytes} are free of a budget of ${budgetBytes}`,
      );
    }
    return new BudgetError(budgetBytes, budgetBytes + 1, "Cannot record tiles for lack of memory");
  }
}
