/**
 * A Python interpreter (Pyodide) in this process, with the package `forge3d` importable.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { loadPyodide, type PyodideAPI, type PyodideConfig } from "pyodide";
import INTERRUPTS from "./interrupts/interrupts.py" with { type: "text" };
import LAUNCH from "./launch.py" with { type: "text" };
import * as exitCodes from "../exit_codes.ts";
import { type CoreModule, createCore } from "./bridge.ts";
import { withCatchableErrors } from "./core_errors.ts";
import type { Interrupts, Waits } from "./interrupts/interrupts.ts";
import type { ShowLoads } from "./load_progress.ts";
import { type HostView, mountFolder, mountHost } from "./mounts.ts";
import { addPackages, type PackageOptions } from "./packages/packages.ts";
import { sitePackages } from "./packages/site_packages.ts";
import { distributionFolder, readSnapshot, removeSnapshot, writeSnapshot } from "./snapshot.ts";
import type { StandardStreams } from "./stdio.ts";
import { forgetRefusals } from "./refusals.ts";

/** A Python program. */
export interface Program {
  /** A file, source text, an importable module, or source text on standard input. */
  readonly kind: "script" | "code" | "module" | "stdin";
  /** Path, source text or module name; empty for standard input. */
  readonly target: string;
  /** What the program finds in `sys.argv` after its own name. */
  readonly args: readonly string[];
}

/** What an uncaught exception says of something that the program was not allowed. */
export interface Problem {
  /** The file that was refused, absolute; empty if it was no file. */
  readonly path: string;
  /** The environment variable that is not set; empty if it was none. */
  readonly variable: string;
  /** The exception's message. */
  readonly message: string;
}

/** How to start a {@linkcode PythonHost}. */
export interface PythonHostOptions {
  /** Standard input and output. */
  readonly streams: StandardStreams;
  /** The program's environment variables. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The program's working folder, absolute. */
  readonly folder: string;
  /**
   * Cache folder, which makes later starts faster; null for none. Default: null.
   */
  readonly cacheFolder?: string | null;
  /** Whether the cache folder may be written. Default: true. */
  readonly mayFillCache?: boolean;
  /** What Python sees of the host's files. Default: all of them. */
  readonly view?: HostView;
  /** Adds a line to the message of an uncaught error; null for none. Default: adds none. */
  readonly hint?: (problem: Problem) => string | null;
  /** Called when a start takes seconds because nothing in the cache folder speeds it up. */
  readonly onFirstStart?: () => void;
  /** Shows the progress of loads that the program does not follow; null for none. Default: none. */
  readonly showLoads?: ShowLoads | null;
  /** What Ctrl-C does, from `watchInterrupts`. Default: Ctrl-C ends the process. */
  readonly interrupts?: Pick<Interrupts, "buffer" | "waits">;
  /** The private module below the package. Default: one on the system of this library. */
  readonly core?: CoreModule;
}

/** The options of Pyodide that its types leave out. */
type LoadOptions = PyodideConfig & { _makeSnapshot?: boolean; _loadSnapshot?: Uint8Array };

/** Where the interpreter keeps what speeds up later starts. */
interface Cache {
  readonly folder: string;
  readonly isWritable: boolean;
  readonly onFirstStart: (() => void) | undefined;
}

interface Launcher {
  prepare(
    environment: unknown,
    folder: string,
    packageFolder: string,
    bytecode: { readonly folder: string; readonly isWritable: boolean } | undefined,
    after: (delayMs: number) => Promise<void>,
    waits: Waits | undefined,
    hint: ((path: string, variable: string, message: string) => string | undefined) | undefined,
  ): void;
  compile_package(folder: string): void;
  report_interrupt(): number;
  run: {
    callPromising(kind: string, target: string, args: unknown): Promise<number>;
  };
}

/** Where the package lies when it is not among the mounted folders. */
const PACKAGE_MOUNT = "/forge3d-python";

/** A running interpreter. */
export class PythonHost {
  /** The interpreter, for anything that this class does not cover. */
  readonly pyodide: PyodideAPI;
  readonly #core: CoreModule;
  readonly #launcher: Launcher;
  readonly #packageFolder: string;
  readonly #pendingWrite: Promise<void>;

  private constructor(
    pyodide: PyodideAPI,
    core: CoreModule,
    launcher: Launcher,
    { packageFolder, pendingWrite }: { packageFolder: string; pendingWrite: Promise<void> },
  ) {
    this.pyodide = pyodide;
    this.#core = core;
    this.#launcher = launcher;
    this.#packageFolder = packageFolder;
    this.#pendingWrite = pendingWrite;
  }

  /**
   * Starts an interpreter: a third of a second with a snapshot in the cache folder, else two to
   * three seconds, which leave one there if the folder may be written.
   */
  static async start(options: PythonHostOptions): Promise<PythonHost> {
    const { streams, folder, cacheFolder = null, environment = {}, hint } = options;
    const cache = cacheFolder === null ? null : {
      folder: cacheFolder,
      isWritable: options.mayFillCache ?? true,
      onFirstStart: options.onFirstStart,
    };
    const { pyodide, pendingWrite } = await load(cache);
    pyodide.setStdin(streams.stdin);
    pyodide.setStdout(streams.stdout);
    pyodide.setStderr(streams.stderr);
    mountHost(pyodide, options.view);
    if (!pyodide.FS.analyzePath(folder).exists) mountFolder(pyodide, folder, folder);
    const packageFolder = placePackage(pyodide);

    const core = options.core ?? createCore(pyodide, options.showLoads ?? null);
    const { PythonError } = pyodide.ffi;
    pyodide.registerJsModule(
      "_forge3d_core",
      withCatchableErrors(core, (thrown) => thrown instanceof PythonError),
    );
    pyodide.registerJsModule("_forge3d_exit_codes", { ...exitCodes });

    const modules = sitePackages(pyodide);
    pyodide.FS.writeFile(join(modules, "_forge3d_interrupts.py"), INTERRUPTS);
    pyodide.FS.writeFile(join(modules, "_forge3d_launch.py"), LAUNCH);
    const launcher = pyodide.pyimport("_forge3d_launch") as Launcher;
    launcher.prepare(
      pyodide.toPy(environment),
      folder,
      packageFolder,
      cache === null
        ? undefined
        : { folder: join(cache.folder, "bytecode"), isWritable: cache.isWritable },
      after,
      options.interrupts?.waits,
      hint && ((path, variable, message) => hint({ path, variable, message }) ?? undefined),
    );
    if (options.interrupts) pyodide.setInterruptBuffer(options.interrupts.buffer);
    return new PythonHost(pyodide, core, launcher, { packageFolder, pendingWrite });
  }

  /** Compiles the package `forge3d` into the cache folder, so that importing it is fast. */
  compilePackage(): void {
    this.#launcher.compile_package(this.#packageFolder);
  }

  /**
   * Runs a program to its end, as the `python` command does: uncaught exceptions and exit messages
   * go to standard error.
   *
   * @returns The exit code.
   */
  async runProgram({ kind, target, args }: Program): Promise<number> {
    // What the interpreter tried for itself says nothing of the program.
    forgetRefusals();
    try {
      return await this.#launcher.run.callPromising(kind, target, this.pyodide.toPy(args));
    } catch (error) {
      // os._exit ends the interpreter without unwinding.
      const { name, status } = error as { name?: string; status?: number };
      if (name === "ExitStatus" || name === "Exit") return status ?? 0;
      // It came before the program's first line, or after its last.
      if (isKeyboardInterrupt(error)) return this.#launcher.report_interrupt();
      throw error;
    }
  }

  /**
   * Adds packages, with what they need.
   *
   * @throws {PackageError} if one cannot be found or fetched.
   */
  async addPackages(names: readonly string[], options: PackageOptions): Promise<void> {
    await addPackages(this.pyodide, names, options);
  }

  /** Frees the GPU objects that Python did not free and waits until the caches are written. */
  async close(): Promise<void> {
    this.#core.close();
    await this.#pendingWrite;
  }
}

function after(delayMs: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, delayMs));
}

function isKeyboardInterrupt(error: unknown): boolean {
  return (error as { type?: string }).type === "KeyboardInterrupt";
}

async function load(
  cache: Cache | null,
): Promise<{ pyodide: PyodideAPI; pendingWrite: Promise<void> }> {
  const done = Promise.resolve();
  if (cache === null) return { pyodide: await loadPyodide(), pendingWrite: done };
  const { folder, isWritable, onFirstStart } = cache;
  const common: LoadOptions = { packageCacheDir: distributionFolder(folder) };
  const snapshot = await readSnapshot(folder);
  if (snapshot !== null) {
    try {
      const options: LoadOptions = { ...common, _loadSnapshot: snapshot };
      return { pyodide: await loadPyodide(options), pendingWrite: done };
    } catch {
      if (isWritable) await removeSnapshot(folder);
    }
  }
  if (!isWritable) return { pyodide: await loadPyodide(common), pendingWrite: done };
  onFirstStart?.();
  const pyodide = await loadPyodide({ ...common, _makeSnapshot: true } as LoadOptions);
  const { makeMemorySnapshot } = pyodide as unknown as {
    makeMemorySnapshot(): Uint8Array;
  };
  return { pyodide, pendingWrite: writeSnapshot(folder, makeMemorySnapshot.call(pyodide)) };
}

/** Makes the folder that holds `forge3d` visible to Python and answers its path there. */
function placePackage(pyodide: PyodideAPI): string {
  const hostPath = fileURLToPath(new URL("../../py", import.meta.url));
  const { exists } = pyodide.FS.analyzePath(join(hostPath, "forge3d", "__init__.py"));
  if (exists) return hostPath;
  mountFolder(pyodide, hostPath, PACKAGE_MOUNT);
  return PACKAGE_MOUNT;
}
