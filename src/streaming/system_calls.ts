/**
 * The calls of a system, by subject, and what they share: its parts, whether it is open, its end.
 *
 * @module
 */

import { DisposedError } from "../errors.ts";
import type { ForgeDevice } from "../gpu/mod.ts";
import { ContentCalls } from "./content_calls.ts";
import { UpdateCalls } from "./frame/update_calls.ts";
import { LoadCalls } from "./load/load_calls.ts";
import type { SystemSettings } from "./options.ts";
import { PartsKeeper } from "./renewal/parts_keeper.ts";
import { RenewalListeners } from "./renewal/renewal_listeners.ts";
import { ReportCalls } from "./report_calls.ts";
import type { SystemParts } from "./system_parts.ts";
import { SystemTuning } from "./tuning.ts";

/** What stands behind the methods of a system. Owns its parts. */
export class SystemCalls {
  readonly settings: SystemSettings;
  readonly keeper: PartsKeeper;
  readonly listeners: RenewalListeners = new RenewalListeners();
  readonly loads: LoadCalls;
  readonly updates: UpdateCalls;
  readonly content: ContentCalls;
  readonly reports: ReportCalls;
  readonly tuning: SystemTuning;
  /** Aborted when the system is closed, with what loads then reject with. */
  readonly #closing = new AbortController();

  /** @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system. */
  constructor(device: ForgeDevice, settings: SystemSettings) {
    this.settings = settings;
    const untilClosed = (signal: AbortSignal | undefined) => this.#untilClosed(signal);
    const assertOpen = () => this.assertOpen();
    this.updates = new UpdateCalls({
      device,
      settings,
      untilClosed,
      assertOpen,
      keeper: () => this.keeper,
    });
    this.keeper = new PartsKeeper({
      device,
      settings,
      quality: () => this.updates.quality,
      closing: this.#closing.signal,
      listeners: this.listeners,
    });
    this.loads = new LoadCalls({
      keeper: this.keeper,
      settings,
      untilClosed,
      isClosed: () => this.#closing.signal.aborted,
      assertOpen,
    });
    this.content = new ContentCalls({ device, keeper: this.keeper, assertOpen });
    this.reports = new ReportCalls(this.keeper);
    this.tuning = new SystemTuning({
      keeper: this.keeper,
      quality: () => this.updates.quality,
      assertOpen,
      untilClosed,
    });
  }

  /** What the system consists of now; another after a loss of the device. */
  get parts(): SystemParts {
    return this.keeper.parts;
  }

  /** The same, of a system that can be used; throws like {@linkcode assertOpen}. */
  get openParts(): SystemParts {
    this.assertOpen();
    return this.parts;
  }

  /** See `VirtualTextureSystem.assertOpen`. */
  assertOpen(): void {
    this.#closing.signal.throwIfAborted();
    this.parts.guard.assertFree();
  }

  /** A signal that is also aborted when the system is closed; throws if it is aborted already. */
  #untilClosed(signal: AbortSignal | undefined): AbortSignal {
    const until = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    until.throwIfAborted();
    return until;
  }

  /** See `VirtualTextureSystem.close`. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    const { label } = this.settings;
    this.#closing.abort(
      new DisposedError(label, `Cannot use virtual texture system "${label}" as it was closed`),
    );
    this.keeper.close();
  }
}
