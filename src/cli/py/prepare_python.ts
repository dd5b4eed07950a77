/**
 * Prepares what a script's process only reads: the interpreter's memory, the compiled package
 * `forge3d`, and the packages that the command line names.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { EXIT_DONE } from "../command.ts";
import type { TaskContext } from "../task_context.ts";
import { pythonCacheFolder } from "../folders.ts";
import type { Interruption } from "../interruption.ts";
import { permissionArguments } from "../sandbox/permission_arguments.ts";
import { NO_NEW_CODE, permissionFlags } from "../sandbox/permission_flags.ts";
import { isWheelPath } from "../sandbox/script_grants.ts";
import { packageHosts, packageIndex } from "./package_index.ts";
import type { PrepareSettings } from "./py_prepare.ts";
import type { PyCommand } from "./py_options.ts";

/** Scripts of the processes that need packages of npm. */
const PROGRAMS = [
  "src/cli/py/py_prepare.ts",
  "src/cli/py/py_script.ts",
  "src/cli/decoder/decoder.ts",
] as const;

/**
 * Prepares what is not there yet.
 *
 * @returns Exit code 0, or that of the process that failed.
 */
export async function preparePython(
  context: TaskContext,
  { command, temporary, interruption }: {
    command: PyCommand;
    temporary: string;
    interruption: Interruption;
  },
): Promise<number> {
  const cacheFolder = pythonCacheFolder(context.denoCache);
  const mark = `prepared-${preparedKey(context.project)}`;
  const isPrepared = hasSnapshot(cacheFolder, mark);
  if (isPrepared && command.packages.length === 0) return EXIT_DONE;
  if (!isPrepared) {
    const code = await fetchModules(context, interruption);
    if (code !== EXIT_DONE) return code;
  }
  try {
    mkdirSync(cacheFolder, { recursive: true });
  } catch {
    // Python starts without it, in seconds instead of a third of one.
  }
  const settings = {
    cacheFolder,
    mark,
    temporary,
    folder: context.working,
    packages: command.packages,
  };
  return await runPrepare(context, { command, settings, temporary, interruption });
}

/** Whether the interpreter's memory is there that a mark names. */
function hasSnapshot(cacheFolder: string, mark: string): boolean {
  try {
    return existsSync(join(cacheFolder, readFileSync(join(cacheFolder, mark), "utf8")));
  } catch {
    return false;
  }
}

async function runPrepare(
  context: TaskContext,
  { command, settings, temporary, interruption }: {
    command: PyCommand;
    settings: PrepareSettings;
    temporary: string;
    interruption: Interruption;
  },
): Promise<number> {
  const { packages, options } = command;
  const { cacheFolder } = settings;
  const wheels = packages.filter(isWheelPath).map((path) => resolve(context.working, path));
  const flags = permissionFlags({
    read: [
      ...["src", "py", "shaders"].map((name) => join(context.project, name)),
      join(context.denoCache, "npm"),
      cacheFolder,
      temporary,
      ...wheels,
    ],
    write: [cacheFolder, temporary],
    closed: [],
    net: packages.length === 0
      ? []
      : [...packageHosts(packages, packageIndex(Deno.env.get("PIP_INDEX_URL"))), ...options.net],
    env: ["PIP_INDEX_URL", "NO_COLOR"],
  });
  const program = join(context.project, "src", "cli", "py", "py_prepare.ts");
  return await interruption.waitFor(
    new Deno.Command(context.deno, {
      args: [
        "run",
        "--quiet",
        "--no-check",
        ...NO_NEW_CODE,
        ...permissionArguments(flags, { project: context.project, folder: temporary }),
        program,
        JSON.stringify(settings),
      ],
      cwd: context.project,
      stdin: "null",
    }).spawn(),
  );
}

/** Fetches the packages of npm, which the processes of scripts cannot. */
async function fetchModules(context: TaskContext, interruption: Interruption): Promise<number> {
  return await interruption.waitFor(
    new Deno.Command(context.deno, {
      args: [
        "cache",
        "--quiet",
        "--frozen",
        `--config=${join(context.project, "deno.json")}`,
        ...PROGRAMS.map((name) => join(context.project, name)),
      ],
      cwd: context.project,
      stdin: "null",
    }).spawn(),
  );
}

/**
 * A key that changes with the runtime, with the packages of npm, and with the Python sources of this
 * project.
 */
function preparedKey(project: string): string {
  const hash = createHash("sha256").update(readFileSync(join(project, "deno.lock")));
  hash.update(`${Deno.build.arch} ${Deno.version.v8}\n`);
  const folder = join(project, "py", "forge3d");
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".py")).sort()) {
    const { size, mtimeMs } = statSync(join(folder, name));
    hash.update(`${folder} ${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
