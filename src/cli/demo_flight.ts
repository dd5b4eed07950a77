/**
 * Runs the demo's Python script as a user would: in a process of its own, with the permissions of
 * `deno task py`.
 *
 * @module
 */

import { join } from "node:path";
import { TASKS } from "./commands.ts";
import { projectFolder } from "./folders.ts";
import { taskContext } from "./task_context.ts";

/**
 * Flies, and tells how far the flight is.
 *
 * @param args The script's arguments
 * @throws {Error} if the script fails; what it printed on standard error has been shown
 */
export async function flyFromPython(
  args: readonly string[],
  onProgress: (fraction: number, detail: string) => void,
): Promise<void> {
  const script = join(projectFolder(), "examples", "demo_flight.py");
  const task = TASKS.py!;
  const context = { ...await taskContext(), working: join(projectFolder(), "out", "demo") };
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      ...task.permissions(context, [script]),
      join(projectFolder(), task.script),
      script,
      ...args,
    ],
    cwd: projectFolder(),
    stdin: "null",
    stdout: "piped",
  }).spawn();
  for await (const line of linesOf(child.stdout)) {
    const match = /^frame (\d+) of (\d+)$/.exec(line);
    if (match === null) console.log(line);
    else onProgress(Number(match[1]) / Number(match[2]), line);
  }
  const { code } = await child.status;
  if (code !== 0) throw new Error(`Cannot fly as the Python script ended with code ${code}`);
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
