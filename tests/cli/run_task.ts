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
  { folder = projectFolder(), env = {}, input }: {
    folder?: string;
    env?: Readonly<Record<string, string>>;
    /** What standard input holds; default nothing. */
    input?: string;
  } = {},
): Promise<TaskOutcome> {
  const config = join(projectFolder(), "deno.json");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", `--config=${config}`, name, ...args],
    cwd: folder,
    env: { INIT_CWD: folder, NO_COLOR: "1", ...env },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    await ReadableStream.from([input]).pipeThrough(new TextEncoderStream()).pipeTo(child.stdin);
  }
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
