/**
 * Runs the demo's Python script as a user would: with `deno task py`, in the folder of the pictures.
 *
 * @module
 */

import { join } from "node:path";
import { projectFolder } from "../folders.ts";
import type { Progress } from "../progress.ts";

/**
 * Flies, and shows how far the flight is and what else the script prints.
 *
 * @param args The script's arguments
 * @throws {Error} if the script fails; what it printed has been shown
 */
export async function flyFromPython(args: readonly string[], progress: Progress): Promise<void> {
  const project = projectFolder();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-P=launch",
      "--quiet",
      "--no-check",
      `--config=${join(project, "deno.json")}`,
      join(project, "src", "cli", "launch.ts"),
      "py",
      join(project, "examples", "demo_flight.py"),
      ...args,
    ],
    cwd: join(project, "out", "demo"),
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
