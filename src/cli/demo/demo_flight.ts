/**
 * Runs the demo's Python script as a user would: in a process of its own, with the permissions of
 * `deno task py`.
 *
 * @module
 */

import { join } from "node:path";
import { TASKS } from "../commands.ts";
import { projectFolder } from "../folders.ts";
import type { Progress } from "../progress.ts";
import { taskContext } from "../task_context.ts";

/**
 * Flies, and shows how far the flight is and what else the script prints.
 *
 * @param args The script's arguments
 * @throws {Error} if the script fails; what it printed has been shown
 */
export async function flyFromPython(args: readonly string[], progress: Progress): Promise<void> {
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
    stderr: "piped",
  }).spawn();
  await Promise.all([showOutput(child.stdout, progress), showOutput(child.stderr, progress)]);
  const { code } = await child.status;
  if (code !== 0) throw new Error(`Cannot fly as the Python script ended with code ${code}`);
}

async function showOutput(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  progress: Progress,
): Promise<void> {
  for await (const line of linesOf(stream)) {
    const match = /^frame (\d+) of (\d+)$/.exec(line);
    if (match === null) progress.note(line);
    else progress.update(Number(match[1]) / Number(match[2]), line);
  }
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
