/**
 * Sets up the adapter, then runs a task's script with the least permissions that it needs, where the
 * user typed the command.
 *
 * @module
 */

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorText, EXIT_FAILED, EXIT_USAGE } from "./command.ts";
import { type Task, TASKS } from "./commands.ts";
import type { Interruption } from "./interruption.ts";
import { launchPython } from "./py/launch_python.ts";
import { decoderEnvironment } from "./decoder/decoder_access.ts";
import { DecoderHost } from "./decoder/decoder_host.ts";
import { permissionArguments } from "./sandbox/permission_arguments.ts";
import { makePrivateFolder, removePrivateFolder } from "./sandbox/private_folder.ts";
import { setUpAdapter } from "./setup.ts";
import { type TaskContext, taskContext } from "./task_context.ts";
import { machineSetupHost, prepareAdapterEnvironment } from "./setup_host.ts";

/** Milliseconds in which a signal that has been sent is heard. */
const INTERRUPTION_MS = 100;

/** Runs the task with the arguments after its name and returns its exit code. */
export async function launchTask(
  name: string,
  args: readonly string[],
  interruption: Interruption,
): Promise<number> {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task === undefined) {
    console.error(`error: Unknown task ${name}: use one of ${Object.keys(TASKS).join(", ")}`);
    return EXIT_USAGE;
  }
  prepareAdapterEnvironment();
  let host: DecoderHost | null = null;
  try {
    if (task.needsAdapter(args)) await setUpAdapter(machineSetupHost());
    const context = await taskContext();
    host = task.usesDecoder ? await DecoderHost.start(context) : null;
    const full = { ...context, decoder: host?.access ?? null };
    return name === "py"
      ? await launchPython(full, args, interruption)
      : await runTask(task, full, { args, interruption });
  } catch (error) {
    // Ctrl-C ends the programs that this one starts as well, and may be heard after they have failed.
    await delay(INTERRUPTION_MS);
    console.error(`error: ${errorText(error)}`);
    return EXIT_FAILED;
  } finally {
    await host?.close();
  }
}

async function runTask(
  task: Task,
  context: TaskContext,
  { args, interruption }: { args: readonly string[]; interruption: Interruption },
): Promise<number> {
  const folder = makePrivateFolder();
  interruption.atExit(() => removePrivateFolder(folder));
  const child = new Deno.Command(context.deno, {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      ...permissionArguments(task.permissions(context, args), {
        project: context.project,
        folder,
      }),
      join(context.project, task.script),
      ...args,
    ],
    cwd: task.runsIn === "project" ? context.project : context.working,
    env: { ...decoderEnvironment(context), DENO_DIR: context.denoCache },
  }).spawn();
  try {
    return await interruption.waitFor(child);
  } finally {
    removePrivateFolder(folder);
  }
}
