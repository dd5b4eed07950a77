/**
 * Entry of every task: sets up the adapter, then runs the task's script with the least permissions
 * that it needs, where the user typed the command.
 *
 * @module
 */

import { join } from "node:path";
import { DECODER_VARIABLE } from "../picture_variables.ts";
import { errorText, EXIT_FAILED, EXIT_USAGE } from "./command.ts";
import { permissionFlags, type Task, type TaskContext, TASKS } from "./commands.ts";
import { DecoderHost } from "./decoder/decoder_host.ts";
import { setUpAdapter } from "./setup.ts";
import { taskContext } from "./task_context.ts";
import { machineSetupHost, prepareAdapterEnvironment } from "./setup_host.ts";

/** Runs the task with the arguments after its name and returns its exit code. */
export async function launch(name: string, args: readonly string[]): Promise<number> {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task === undefined) {
    console.error(`error: Unknown task ${name}: use one of ${Object.keys(TASKS).join(", ")}`);
    return EXIT_USAGE;
  }
  prepareAdapterEnvironment();
  try {
    if (task.needsAdapter(args)) await setUpAdapter(machineSetupHost());
  } catch (error) {
    console.error(`error: ${errorText(error)}`);
    return EXIT_FAILED;
  }
  const context = await taskContext();
  const host = task.usesDecoder ? await DecoderHost.start(context) : null;
  try {
    return await runTask(task, { ...context, decoder: host?.access ?? null }, args);
  } finally {
    await host?.close();
  }
}

async function runTask(task: Task, context: TaskContext, args: readonly string[]): Promise<number> {
  const child = new Deno.Command(context.deno, {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      `--config=${join(context.project, "deno.json")}`,
      ...permissionFlags(task, context, args),
      join(context.project, task.script),
      ...args,
    ],
    cwd: task.runsIn === "project" ? context.project : context.working,
    env: context.decoder === null ? {} : { [DECODER_VARIABLE]: context.decoder.socket },
  }).spawn();
  // Ctrl-C reaches the whole process group: the task handles it, and this process waits for it.
  Deno.addSignalListener("SIGINT", waitForTask);
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
  }
  return (await child.status).code;
}

function waitForTask(): void {}

if (import.meta.main) {
  const [name = "", ...args] = Deno.args;
  Deno.exit(await launch(name, args));
}
