/**
 * The warning that a file says something of its texels that is not followed, once per file and
 * process, whichever system loads it.
 *
 * @module
 */

import type { Ktx2File } from "../../sources/mod.ts";
import type { SystemSettings } from "../options.ts";

/** What of a file the warning depends on. */
export type WarnedFile = Pick<Ktx2File, "name" | "ignored">;

/** Files that are remembered; the one that was loaded longest ago may be warned of again. */
const MOST_REMEMBERED = 1024;

/** What was said of the paths that were loaded last, by all systems, the latest at the end. */
const warned = new Set<string>();

/** Whether something was not said before, or not lately. */
function isNews(text: string): boolean {
  const isNew = !warned.delete(text);
  warned.add(text);
  if (warned.size > MOST_REMEMBERED) warned.delete(warned.values().next().value!);
  return isNew;
}

/** Warns of files for one system. */
export class IgnoredWarning {
  readonly #settings: Pick<SystemSettings, "logger" | "label">;

  constructor(settings: Pick<SystemSettings, "logger" | "label">) {
    this.#settings = settings;
  }

  /**
   * Warns if a file says something that is ignored, and no system has said so before.
   *
   * @param isPath Whether the file's name tells it from others, which that of bytes does not: they
   * are warned of each time.
   */
  warnOfIgnored({ name, ignored }: WarnedFile, isPath: boolean): void {
    if (ignored.length === 0) return;
    const { logger, label } = this.#settings;
    const text = `${name} is shown as it is stored: its ${ignored.join(" and its ")} ${
      ignored.length === 1 ? "is" : "are"
    } ignored`;
    if (!isPath || isNews(text)) logger.warn(`${label}: ${text}`);
  }
}
