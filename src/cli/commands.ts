/**
 * The tasks: which script each runs, whether it needs an adapter, and its permissions.
 *
 * Environment variables that are not in a task's list read as absent instead of failing, since
 * packages read many that are irrelevant here.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { CACHE_FOLDER_VARIABLES, CACHE_LIMIT_VARIABLE } from "../cache_folder.ts";
import { DECODER_VARIABLE, PICTURE_LIMIT_VARIABLES } from "../picture_variables.ts";
import { confiningFlags } from "./confinement/filter_calls.ts";
import { pictureDecoderFlags } from "./decoder/decoder_access.ts";
import { parsePyCommand } from "./py/py_options.ts";
import { outputFolder } from "./sandbox/code_folders.ts";
import { packageFolders, TRANSCODER_PACKAGE } from "./sandbox/package_folders.ts";
import { environmentFlags, listFlag, permissionFlags } from "./sandbox/permission_flags.ts";
import { scriptContext } from "./sandbox/script_context.ts";
import { scriptGrants } from "./sandbox/script_grants.ts";
import type { TaskContext } from "./task_context.ts";
import { rvtAccess, rvtNeedsAdapter } from "./vt/rvt/rvt_access.ts";
import { needsEncoder } from "./vt/needs_encoder.ts";

export type { TaskContext } from "./task_context.ts";

/** One task of `deno.json`. */
export interface Task {
  /** True if pictures are decoded for it in processes of their own. */
  readonly usesDecoder: boolean;
  /** The script, from the project's folder. */
  readonly script: string;
  /** Folder in which the script runs. */
  readonly runsIn: "project" | "working";
  /** True if the arguments lead to work on the GPU. */
  needsAdapter(args: readonly string[]): boolean;
  /** Permission flags for `deno run`. */
  permissions(context: TaskContext, args: readonly string[]): string[];
}

const COMMON_ENV = [
  ..."CI COLUMNS DENO_DIR INIT_CWD LANG NO_COLOR PATH TEMP TERM TMP TMPDIR".split(" "),
  CACHE_LIMIT_VARIABLE,
  ...CACHE_FOLDER_VARIABLES,
  ...PICTURE_LIMIT_VARIABLES,
  DECODER_VARIABLE,
  "XDG_RUNTIME_DIR",
];

/** Who the user is, and which home folder the system knows. */
const USER_FLAG = "--allow-sys=uid,gid,userInfo,homedir";

/** Tests start programs of every kind, each with permissions of its own; root installs packages. */
const TESTER_PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  USER_FLAG,
];

/** Every task, by its name. */
export const TASKS: Readonly<Record<string, Task>> = {
  demo: {
    usesDecoder: true,
    script: "src/cli/demo/demo.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: (context) => projectPermissions(context),
  },
  "demo:rvt": {
    usesDecoder: true,
    script: "src/cli/demo_rvt/demo_rvt.ts",
    runsIn: "working",
    needsAdapter: workNeedsAdapter,
    permissions: (context, args) => projectPermissions(context, writtenByDemo(context, args)),
  },
  test: {
    usesDecoder: false,
    script: "src/cli/test/test.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: () => [...TESTER_PERMISSIONS],
  },
  ok: {
    usesDecoder: false,
    script: "src/cli/test/ok.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: () => [...TESTER_PERMISSIONS],
  },
  py: {
    usesDecoder: true,
    script: "src/cli/py/py_script.ts",
    runsIn: "working",
    needsAdapter: workNeedsAdapter,
    permissions: (context, args) => [
      ...permissionFlags(
        scriptGrants(parsePyCommand(args), scriptContext(context, context.temporary)),
      ),
      ...pictureDecoderFlags(context),
    ],
  },
  vt: {
    usesDecoder: true,
    script: "src/cli/vt/vt.ts",
    runsIn: "working",
    needsAdapter: (args) =>
      workNeedsAdapter(args.slice(1)) &&
      ((args[0] === "bake" && needsEncoder(optionValues(args, "--format").at(-1))) ||
        (args[0] === "rvt" && rvtNeedsAdapter(args.slice(1)))),
    permissions: vtPermissions,
  },
  bench: {
    usesDecoder: true,
    script: "src/cli/bench/bench.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: (context) => projectPermissions(context),
  },
  fuzz: {
    usesDecoder: false,
    script: "src/cli/fuzz/fuzz.ts",
    runsIn: "project",
    needsAdapter: () => false,
    permissions: (context) => {
      const written = [outputFolder(context), context.temporary];
      return [
        // Of the system, the picture decoder reads what tells it which library to load.
        "--allow-read",
        ...listFlag("allow-write", written),
        ...listFlag("allow-ffi", [context.denoCache]),
        allowDeno(context),
        ...environmentFlags(COMMON_ENV),
      ];
    },
  },
  soak: {
    usesDecoder: true,
    script: "src/cli/soak/soak.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: (context) => [
      ...readFlag(context, [context.project, context.temporary, context.denoCache]),
      ...listFlag("allow-write", [context.temporary]),
      ...pictureDecoderFlags(context),
      ...environmentFlags(COMMON_ENV),
    ],
  },
};

function vtPermissions(context: TaskContext, args: readonly string[]): string[] {
  const [name] = args;
  // It writes nothing, and links may lead anywhere.
  if (name === "doctor") {
    return ["--allow-read", USER_FLAG, ...confiningFlags(), ...environmentFlags(COMMON_ENV)];
  }
  const projects = name === "rvt"
    ? rvtAccess(args.slice(1), context.working)
    : { read: namedPaths(context, args), write: [] };
  const streams = name === "rvt" && rvtNeedsAdapter(args.slice(1));
  const scratch = name === "bake" || streams || context.decoder === null ? [context.temporary] : [];
  const cache = (name === "cache" || streams) && context.cache !== null ? [context.cache] : [];
  const outputs = [
    ...(name === "bake" || streams ? outputFolders(context, args) : []),
    ...projects.write,
  ];
  const written = [...outputs, ...scratch, ...cache];
  const packages = name === "cache" ? [] : packageFolders(context.denoCache, TRANSCODER_PACKAGE);
  const flags = [
    ...readFlag(context, [...projects.read, ...written, ...packages]),
    ...listFlag("allow-write", written),
    ...pictureDecoderFlags(context),
    ...environmentFlags(COMMON_ENV),
  ];
  // Names on standard input are not known yet. Deno takes a list for all that may be read.
  if (name !== "info" || !args.slice(1).includes("-")) return flags;
  return ["--allow-read", ...flags.filter((flag) => !flag.startsWith("--allow-read="))];
}

/** Permissions of a task that works in the project and starts Deno. */
function projectPermissions(
  context: TaskContext,
  outputs: readonly string[] = [outputFolder(context)],
): string[] {
  const caches = context.cache === null ? [] : [context.cache];
  const written = [...outputs, ...caches, context.temporary];
  return [
    ...readFlag(context, [context.project, ...written, context.denoCache]),
    ...listFlag("allow-write", written),
    allowDeno(context),
    ...pictureDecoderFlags(context),
    ...environmentFlags(COMMON_ENV),
  ];
}

/** Where the demo of runtime virtual textures writes. */
function writtenByDemo(context: TaskContext, args: readonly string[]): string[] {
  const out = optionValues(args, "--out").at(-1);
  return [out === undefined ? outputFolder(context) : resolve(context.working, out)];
}

/** Reading the files of a task, and what every task's process looks at. */
function readFlag(context: TaskContext, paths: readonly string[]): string[] {
  const own = ["src", "shaders", "deno.json"].map((name) => join(context.project, name));
  return listFlag("allow-read", [...paths, ...own]);
}

/** Starting the running Deno again, and nothing else. */
function allowDeno(context: TaskContext): string {
  return context.hasLoaderVariables ? "--allow-run" : listFlag("allow-run", [context.deno])[0]!;
}

/** A command line that asks for help, or is empty, needs no adapter. */
function workNeedsAdapter(args: readonly string[]): boolean {
  return args[0] !== "--help" && args[0] !== "-h";
}

/** Whatever an argument may name as a file: all but options, and behind `--` everything. */
function namedPaths(context: TaskContext, args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.slice(1)
    .filter((arg, at) => (end >= 0 && at + 1 > end) || !/^--?[a-z-]*$/.test(arg))
    .map((arg) => resolve(context.working, arg));
}

/** Folders in which the files named by `-o` and `--output` will lie. */
function outputFolders(context: TaskContext, args: readonly string[]): string[] {
  return [...optionValues(args, "--output"), ...optionValues(args, "-o")]
    .map((path) => dirname(resolve(context.working, path)));
}

/** Values of an option: `--name VALUE` and `--name=VALUE`, `-n VALUE` and `-nVALUE`. */
function optionValues(args: readonly string[], option: string): string[] {
  const joined = option.startsWith("--") ? `${option}=` : option;
  return args.flatMap((arg, index) => {
    if (arg === option) return args.slice(index + 1, index + 2);
    return arg.startsWith(joined) ? [arg.slice(joined.length)] : [];
  });
}
