/**
 * The launcher's side of `deno task py`: decides what a script may do, prepares the interpreter and
 * its packages in a process of their own, and runs the script in another one that can change neither.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXIT_DONE, EXIT_USAGE } from "../command.ts";
import { confiningFlags } from "../confinement/filter_calls.ts";
import { restrictedArguments } from "../confinement/restricted_command.ts";
import { runtimeEnvironment } from "../confinement/runtime_environment.ts";
import { decoderEnvironment, pictureDecoderFlags } from "../decoder/decoder_access.ts";
import { pythonCacheFolder } from "../folders.ts";
import type { Interruption } from "../interruption.ts";
import type { TaskContext } from "../task_context.ts";
import {
  type CodeFolders,
  isSystemFolder,
  outputFolder,
  whyNotWritable,
} from "../sandbox/code_folders.ts";
import { findSettings, removeNewSettings } from "../sandbox/output_settings.ts";
import { isInside, realPathOf } from "../sandbox/paths.ts";
import { permissionArguments } from "../sandbox/permission_arguments.ts";
import { NO_NEW_CODE, permissionFlags } from "../sandbox/permission_flags.ts";
import {
  keepWhileRunning,
  makePrivateFolder,
  makeTemporary,
  privateFolderOf,
  removePrivateFolder,
} from "../sandbox/private_folder.ts";
import { type ScriptContext, scriptContext } from "../sandbox/script_context.ts";
import { makeScriptFolders, scriptFiles } from "../sandbox/script_files.ts";
import { type ScriptGrants, scriptGrants } from "../sandbox/script_grants.ts";
import { tidyTexturePlaces } from "../sandbox/texture_places.ts";
import { packageIndex } from "./package_index.ts";
import { preparePython } from "./prepare_python.ts";
import { parsePyCommand, PY_USAGE, type PyCommand } from "./py_options.ts";
import type { ScriptSettings } from "./script_settings.ts";

/** Bytes of one argument that Linux takes, with the zero at its end. */
const MOST_ARGUMENT_BYTES = 131_072;

/** Runs the command with the arguments after its name and returns the exit code. */
export async function launchPython(
  context: TaskContext,
  args: readonly string[],
  interruption: Interruption,
): Promise<number> {
  const folder = makePrivateFolder();
  const temporary = makeTemporary(folder);
  const remove = () => removePrivateFolder(folder);
  interruption.atExit(remove);
  try {
    const command = parsePyCommand(args);
    if (command.program === null) {
      console.log(PY_USAGE);
      return EXIT_DONE;
    }
    checkFolders(temporary, context);
    tidyTexturePlaces(context, { isOwn: !Deno.env.get("FORGE3D_CACHE_DIR") });
    const script = scriptContext(context, temporary);
    makeScriptFolders(script);
    const grants = scriptGrants(command, script);
    const prepared = await preparePython(context, { command, temporary, interruption });
    if (prepared !== EXIT_DONE) return prepared;
    const removeSettings = settingsRemover(grants, outputFolder(context));
    interruption.atExit(removeSettings);
    try {
      return await runScript(context, { command, script, grants, interruption });
    } finally {
      removeSettings();
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    console.error(`${error.message}\n${PY_USAGE}`);
    return EXIT_USAGE;
  } finally {
    remove();
  }
}

function checkFolders(temporary: string, context: TaskContext): void {
  if (isSystemFolder(realPathOf(context.working))) {
    throw new SyntaxError(
      `Cannot run Python in ${context.working} as Deno keeps it for programs that may do everything: ` +
        "start the script in another folder",
    );
  }
  const reason = whyNotWritable(temporary, context);
  if (reason === null) return;
  throw new SyntaxError(
    `Cannot run Python as temporary files must not lie in ${
      dirname(privateFolderOf(temporary))
    }: ${reason}. Set ` +
      "TMPDIR to another folder",
  );
}

/** A function that removes the settings that a script leaves in the project's output folder. */
function settingsRemover({ write }: ScriptGrants, output: string): () => void {
  const isWritten = write.some((path) => isInside(realPathOf(path), output));
  if (!isWritten) return () => undefined;
  const before = findSettings(output);
  return () => {
    const { removed, left } = removeNewSettings(output, before);
    for (const path of removed) {
      console.error(
        `warning: Removed ${path}, which a script must not leave in ${output}: tools run what it says`,
      );
    }
    for (const path of left) {
      console.error(
        `warning: Cannot remove ${path}, which a script must not leave in ${output}: remove it before ` +
          "any tool is started there, as tools run what it says",
      );
    }
  };
}

async function runScript(
  context: TaskContext,
  { command, script, grants, interruption }: {
    command: PyCommand;
    script: ScriptContext;
    grants: ScriptGrants;
    interruption: Interruption;
  },
): Promise<number> {
  const folder = privateFolderOf(script.temporary);
  const args = [
    "run",
    "--quiet",
    "--no-check",
    ...NO_NEW_CODE,
    ...confiningFlags(),
    ...permissionArguments([...permissionFlags(grants), ...pictureDecoderFlags(context)], {
      project: context.project,
      folder,
    }),
    join(context.project, "src", "cli", "py", "py_script.ts"),
    settingsArgument(scriptSettings(context, command, grants)),
  ];
  const rights = scriptFiles(context, { command, grants, folder });
  const plan = { program: context.deno, args, rights };
  const child = new Deno.Command(context.deno, {
    args: restrictedArguments(plan, { project: context.project, folder }),
    cwd: context.working,
    // Programs of Windows do not start without variables of its own.
    clearEnv: Deno.build.os !== "windows",
    env: {
      ...runtimeEnvironment({ names: grants.env, reachesHosts: grants.net.length > 0 }),
      ...scriptEnvironment(script),
      ...decoderEnvironment(context),
    },
  }).spawn();
  keepWhileRunning(folder, child.pid);
  return await interruption.waitFor(child);
}

function scriptSettings(
  context: TaskContext,
  command: PyCommand,
  grants: ScriptGrants,
): ScriptSettings {
  return {
    program: command.program!,
    folder: context.working,
    packages: command.packages,
    indexUrl: packageIndex(Deno.env.get("PIP_INDEX_URL")).url,
    cacheFolder: pythonCacheFolder(context.denoCache),
    variables: grants.env,
    showsProgress: command.showsProgress,
    reachesHosts: grants.net.length > 0,
    launcher: Deno.pid,
    view: { paths: grants.read, rootFolders: foldersInRoot() },
    readOnly: grants.readOnly,
    code: codeFolders(context),
  };
}

function settingsArgument(settings: ScriptSettings): string {
  const text = JSON.stringify(settings);
  if (new TextEncoder().encode(text).length < MOST_ARGUMENT_BYTES) return text;
  throw new SyntaxError(
    `Cannot run Python in ${settings.folder} as its command line, or the folder of the script or the ` +
      `current one, names too many files: current value is ${settings.view.paths.length}. Start the ` +
      "script in another folder",
  );
}

function foldersInRoot(): string[] {
  if (Deno.build.os === "windows") return [];
  return readdirSync("/", { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function codeFolders({ project, denoCache, deno, homes }: CodeFolders): CodeFolders {
  return {
    project: realPathOf(project),
    denoCache: realPathOf(denoCache),
    deno: realPathOf(deno),
    homes: homes.map(realPathOf),
  };
}

/** Environment variables that this run sets for a script. */
function scriptEnvironment({ temporary, cache }: ScriptContext): Record<string, string> {
  const folders = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  return cache === null ? folders : { ...folders, FORGE3D_CACHE_DIR: cache };
}
