/**
 * The tasks: which script each runs, whether it needs an adapter, and its permissions.
 *
 * Environment variables that are not in a task's list read as absent instead of failing, since
 * packages read many that are irrelevant here.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { CACHE_FOLDER_VARIABLES } from "../cache_folder.ts";
import { needsEncoder } from "./vt/needs_encoder.ts";

/** The paths that tasks' permissions consist of; every one is absolute. */
export interface TaskContext {
  /** The folder of `deno.json`. */
  readonly project: string;
  /** Where the user typed the command. */
  readonly working: string;
  /** Deno's own cache, in which packages lie. */
  readonly denoCache: string;
  /** The library's cache: baked pictures and Python packages. */
  readonly cache: string;
  /** Temporary files. */
  readonly temporary: string;
  /** The running Deno. */
  readonly deno: string;
  /**
   * True if the environment tells the system's loader where to find libraries (`LD_LIBRARY_PATH`
   * and the like): Deno then starts programs under the full permission only.
   */
  readonly hasLoaderVariables: boolean;
}

/** One task of `deno.json`. */
export interface Task {
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
  "CI,COLUMNS,DENO_DIR,INIT_CWD,LANG,NO_COLOR,PATH,TEMP,TERM,TMP,TMPDIR,XDG_RUNTIME_DIR",
  ...CACHE_FOLDER_VARIABLES,
].join(",");

/** Tests start programs of every kind, each with permissions of its own; root installs packages. */
const TESTER_PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys=uid",
];

/** Every task, by its name. */
export const TASKS: Readonly<Record<string, Task>> = {
  demo: {
    script: "src/cli/demo/demo.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: (context) => [
      "--allow-read",
      allow("write", [join(context.project, "out"), context.cache, context.temporary]),
      allowDeno(context),
      ...pictureDecoder(context),
      ...environment(),
    ],
  },
  test: {
    script: "src/cli/test/test.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: () => [...TESTER_PERMISSIONS],
  },
  ok: {
    script: "src/cli/test/ok.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: () => [...TESTER_PERMISSIONS],
  },
  py: {
    script: "src/cli/py.ts",
    runsIn: "working",
    needsAdapter: workNeedsAdapter,
    permissions: (context, args) => [
      "--allow-read",
      allow("write", [context.working, context.cache, context.temporary]),
      "--allow-env",
      ...(args.some((arg) => arg === "--with" || arg.startsWith("--with=")) ? ["--allow-net"] : []),
      ...pictureDecoder(context),
    ],
  },
  vt: {
    script: "src/cli/vt/vt.ts",
    runsIn: "working",
    needsAdapter: (args) =>
      args[0] === "bake" && needsEncoder(optionValues(args, "--format").at(-1)) &&
      workNeedsAdapter(args.slice(1)),
    permissions: (context, args) => [
      "--allow-read",
      ...(args[0] === "bake"
        ? [allow("write", [...outputFolders(context, args), context.temporary])]
        : []),
      ...pictureDecoder(context),
      ...environment(),
    ],
  },
  bench: {
    script: "src/cli/bench/bench.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: (context) => [
      "--allow-read",
      allow("write", [join(context.project, "out"), context.cache, context.temporary]),
      allowDeno(context),
      ...pictureDecoder(context),
      ...environment(),
    ],
  },
  fuzz: {
    script: "src/cli/fuzz/fuzz.ts",
    runsIn: "project",
    needsAdapter: () => false,
    permissions: (context) => [
      "--allow-read",
      allow("write", [join(context.project, "out"), context.temporary]),
      allowDeno(context),
      ...pictureDecoder(context),
      ...environment(),
    ],
  },
};

/** Reading is open: pictures, drivers and packages lie anywhere. Writing never is. */
function allow(what: "write" | "run" | "ffi", paths: readonly string[]): string {
  const escaped = [...new Set(paths)].map((path) => path.replaceAll(",", ",,"));
  return `--allow-${what}=${escaped.join(",")}`;
}

/** Starting the running Deno again, and nothing else. */
function allowDeno(context: TaskContext): string {
  return context.hasLoaderVariables ? "--allow-run" : allow("run", [context.deno]);
}

/** What the native picture decoder needs: its library, in Deno's cache. */
function pictureDecoder(context: TaskContext): string[] {
  return [allow("ffi", [context.denoCache])];
}

function environment(): string[] {
  return [`--allow-env=${COMMON_ENV}`, "--ignore-env"];
}

/** A command line that asks for help, or is empty, needs no adapter. */
function workNeedsAdapter(args: readonly string[]): boolean {
  return args[0] !== "--help" && args[0] !== "-h";
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
