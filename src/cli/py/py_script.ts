/**
 * The process of a Python script: nothing in it can do more than the script may.
 *
 * @module
 */

import { PackageError } from "../../errors.ts";
import { EXIT_FAILED, EXIT_INTERRUPTED } from "../../exit_codes.ts";
import { confineScript } from "../confinement/confine_process.ts";
import { takeEnvironment } from "../confinement/take_environment.ts";
import { outputStream, PythonHost, watchInterrupts } from "../../python/mod.ts";
import { Progress, QUIET_MS } from "../progress.ts";
import { hintFor } from "./hint.ts";
import type { ScriptSettings } from "./script_settings.ts";

async function runScript(settings: ScriptSettings): Promise<number> {
  const { folder, cacheFolder } = settings;
  const environment = takeEnvironment(settings.variables);
  let isOver = false;
  const interrupts = watchInterrupts(() => {
    // The signal may come twice, and the program has said that it was interrupted.
    if (isOver) return;
    Deno.stderr.writeSync(new TextEncoder().encode("KeyboardInterrupt\n"));
    Deno.exit(EXIT_INTERRUPTED);
  });
  // The thread that listens for interrupts runs already; nothing of Python does.
  const unfiltered = await confineScript(settings);
  if (unfiltered !== null) {
    console.error(`warning: Only Deno's permissions hold this script, as ${unfiltered}`);
  }
  const host = await PythonHost.start({
    streams: {
      stdin: interrupts.stdin,
      stdout: outputStream(Deno.stdout),
      stderr: outputStream(Deno.stderr),
    },
    environment,
    folder,
    cacheFolder,
    mayFillCache: false,
    view: settings.view,
    showLoads: settings.showsProgress && Deno.stderr.isTerminal() ? showLoad : null,
    hint: (problem) => hintFor(problem, settings),
    interrupts,
  });
  try {
    const { packages, indexUrl } = settings;
    await host.addPackages(packages, { folder, cacheFolder, indexUrl, mode: "offline" });
    await interrupts.listen();
    const code = await host.runProgram(settings.program);
    isOver = code === EXIT_INTERRUPTED;
    return code;
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.error(`error: ${error.message}`);
    return EXIT_FAILED;
  } finally {
    // Ctrl-C is listened for until the process ends: its echo must not end it in another way.
    await host.close();
  }
}

function showLoad(name: string): Progress {
  return new Progress(`Loading ${name}`, { shown: "on terminals", quietMs: QUIET_MS });
}

if (import.meta.main) Deno.exit(await runScript(JSON.parse(Deno.args[0]!) as ScriptSettings));
