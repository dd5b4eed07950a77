/**
 * Entry of every task: listens for Ctrl-C before anything else is loaded.
 *
 * @module
 */

import { Interruption } from "./interruption.ts";

if (import.meta.main) {
  const [name = "", ...args] = Deno.args;
  const interruption = new Interruption(name);
  const { launchTask } = await import("./launch_task.ts");
  Deno.exit(await launchTask(name, args, interruption));
}
