/**
 * One decoder process and its folder.
 *
 * @module
 */

import { join } from "node:path";
import type { TaskContext } from "../commands.ts";
import { restrictedArguments } from "../confinement/restricted_command.ts";
import { runtimeFiles } from "../confinement/runtime_files.ts";
import { confiningFlags } from "../confinement/filter_calls.ts";
import { permissionArguments } from "../sandbox/permission_arguments.ts";
import { listFlag } from "../sandbox/permission_flags.ts";

/** What starting a decoder depends on. */
export type DecoderContext = Pick<TaskContext, "project" | "denoCache" | "deno" | "homes">;

/** What programs on Linux read to find out which C library there is: the decoder's package does. */
const C_LIBRARY_FILES = ["/usr/bin/ldd"];

/** Variables that a decoder gets: where packages lie, and what the system's loader needs. */
const PASSED_VARIABLES = ["HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "TZ"];

/**
 * Starts a process that decodes one picture with its files in a folder, with the least rights that
 * a native decoder runs with: its own library, and that folder. It has no network, starts nothing
 * and sees no environment. On Linux the kernel holds that, where it has Landlock for files; elsewhere
 * a decoder that a picture has taken over has the rights of the user.
 */
export function spawnDecoder(
  context: DecoderContext,
  { folder, mostBytes }: { readonly folder: string; readonly mostBytes: number },
): Deno.ChildProcess {
  const filters = confiningFlags();
  const args = [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-check",
    "--frozen",
    ...permissionArguments([
      ...(filters.length > 0 ? [] : listFlag("allow-ffi", [context.denoCache])),
      ...listFlag("allow-read", [folder, context.denoCache, ...C_LIBRARY_FILES]),
      ...listFlag("allow-write", [folder]),
    ], { project: context.project, folder }),
    ...filters,
    "--deny-net",
    "--deny-run",
    "--ignore-env",
    join(context.project, "src/cli/decoder/decoder.ts"),
    folder,
    String(mostBytes),
  ];
  const plan = {
    program: context.deno,
    args,
    rights: { ...runtimeFiles(context), write: [folder] },
  };
  return new Deno.Command(context.deno, {
    args: restrictedArguments(plan, { project: context.project, folder }),
    cwd: folder,
    clearEnv: true,
    env: { ...passedEnvironment(), DENO_DIR: context.denoCache, TMPDIR: folder, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

function passedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    PASSED_VARIABLES.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
