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
import { type DecoderAccess, decoderClientPermissions } from "./decoder/decoder_access.ts";
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
  /** How to reach decoders of pictures, or null if the task decodes for itself. */
  readonly decoder: DecoderAccess | null;
}

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
  "CI,COLUMNS,DENO_DIR,INIT_CWD,LANG,NO_COLOR,PATH,TEMP,TERM,TMP,TMPDIR,XDG_RUNTIME_DIR",
  CACHE_LIMIT_VARIABLE,
  ...CACHE_FOLDER_VARIABLES,
  ...PICTURE_LIMIT_VARIABLES,
  DECODER_VARIABLE,
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
    usesDecoder: true,
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
    usesDecoder: true,
    script: "src/cli/vt/vt.ts",
    runsIn: "working",
    needsAdapter: (args) =>
      args[0] === "bake" && needsEncoder(optionValues(args, "--format").at(-1)) &&
      workNeedsAdapter(args.slice(1)),
    permissions: (context, args) => [
      "--allow-read",
      ...(args[0] === "bake"
        ? [allow("write", [...outputFolders(context, args), context.temporary])]
        : context.decoder === null
        ? [allow("write", [context.temporary])]
        : []),
      // Earlier versions kept textures in the folder itself.
      ...(args[0] === "cache" ? [allow("write", [context.cache])] : []),
      ...pictureDecoder(context),
      ...environment(),
    ],
  },
  bench: {
    usesDecoder: true,
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
    usesDecoder: false,
    script: "src/cli/fuzz/fuzz.ts",
    runsIn: "project",
    needsAdapter: () => false,
    permissions: (context) => [
      "--allow-read",
      allow("write", [join(context.project, "out"), context.cache, context.temporary]),
      allowDeno(context),
      ...environment(),
    ],
  },
  soak: {
    usesDecoder: true,
    script: "src/cli/soak/soak.ts",
    runsIn: "project",
    needsAdapter: workNeedsAdapter,
    permissions: (context) => [
      "--allow-read",
      allow("write", [context.temporary]),
      ...pictureDecoder(context),
      ...environment(),
    ],
  },
};

/**
 * The permission flags with which a task runs. A permission that is given as a whole stays so: for
 * Deno, a list for the same permission would narrow it.
 */
export function permissionFlags(
  task: Task,
  context: TaskContext,
  args: readonly string[],
): string[] {
  const flags = task.permissions(context, args);
  return flags.filter((flag) => !flags.some((whole) => flag.startsWith(`${whole}=`)));
}

/** Reading is open: pictures, drivers and packages lie anywhere. Writing never is. */
function allow(what: "write" | "run" | "ffi", paths: readonly string[]): string {
  const escaped = [...new Set(paths)].map((path) => path.replaceAll(",", ",,"));
  return `--allow-${what}=${escaped.join(",")}`;
}

/** Starting the running Deno again, and nothing else. */
function allowDeno(context: TaskContext): string {
  return context.hasLoaderVariables ? "--allow-run" : allow("run", [context.deno]);
}

/**
 * What decoding pictures takes: to reach the decoders; or, where there are none (on Windows), the
 * native library in Deno's cache.
 */
function pictureDecoder({ decoder, denoCache }: TaskContext): string[] {
  return decoder === null ? [allow("ffi", [denoCache])] : decoderClientPermissions(decoder);
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
