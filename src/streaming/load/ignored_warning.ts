/**
 * The warning that a file says something of its texels that is not followed, once per file.
 *
 * @module
 */

import type { Ktx2File } from "../../sources/mod.ts";
import type { SystemSettings } from "../options.ts";

/** What of a file the warning depends on. */
export type WarnedFile = Pick<Ktx2File, "name" | "ignored">;

/** Warns of files, each once per system and kind of content. */
export class IgnoredWarning {
  readonly #settings: Pick<SystemSettings, "logger" | "label">;
  readonly #warned = new Set<string>();

  constructor(settings: Pick<SystemSettings, "logger" | "label">) {
    this.#settings = settings;
  }

  /**
   * Warns if a file says something that is ignored, and nothing was said of it before.
   *
   * @param isPath Whether the file's name tells it from others, which that of bytes does not.
   */
  warnOfIgnored({ name, ignored }: WarnedFile, isPath: boolean): void {
    if (ignored.length === 0) return;
    const { logger, label } = this.#settings;
    const message = `${label}: ${name} is shown as it is stored: its ${ignored.join(" and its ")} ${
      ignored.length === 1 ? "is" : "are"
    } ignored`;
    if (isPath && this.#warned.has(message)) return;
    if (isPath) this.#warned.add(message);
    logger.warn(message);
  }
}
