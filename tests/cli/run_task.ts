/**
 * Runs tasks as a user does.
 *
 * @module
 */

import { join } from "node:path";
import { projectFolder } from "../../src/cli/folders.ts";

/** What a task printed, and how it ended. */
export interface TaskOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `deno task NAME ARGS…` typed in a folder. */
export async function runTask(
  name: string,
  args: readonly string[],
  { folder = projectFolder(), env = {} }: {
    folder?: string;
    env?: Readonly<Record<string, string>>;
  } = {},
): Promise<TaskOutcome> {
  const config = join(projectFolder(), "deno.json");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", `--config=${config}`, name, ...args],
    cwd: folder,
    env: { INIT_CWD: folder, NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
