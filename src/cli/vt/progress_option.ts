/**
 * The option that turns progress off.
 *
 * @module
 */

import { Progress, QUIET_MS } from "../progress.ts";

/** For the command line. */
export const PROGRESS_OPTION = { "no-progress": { type: "boolean" } } as const;

/** For the help text. */
export const PROGRESS_HELP =
  "  --no-progress             show no progress, as where standard error is no terminal";

/** Progress of a command: on a terminal, for jobs that take longer than a second. */
export function commandProgress(
  label: string,
  values: { readonly "no-progress"?: boolean | undefined },
): Progress {
  const shown = values["no-progress"] ? "never" : "on terminals";
  return new Progress(label, { shown, quietMs: QUIET_MS });
}
