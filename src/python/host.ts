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
import type { Interrupts, Waits } from "./interrupts/interrupts.ts";
import { mountFolder, mountHost } from "./mounts.ts";
import { addPackages, type PackageOptions } from "./packages/packages.ts";
import { sitePackages } from "./packages/site_packages.ts";
import { readSnapshot, removeSnapshot, writeSnapshot } from "./snapshot.ts";
import type { StandardStreams } from "./stdio.ts";

/** A Python program. */
export interface Program {
  /** A file, source text, an importable module, or source text on standard input. */
  readonly kind: "script" | "code" | "module" | "stdin";
  /** Path, source text or module name; empty for standard input. */
  readonly target: string;
  /** What the program finds in `sys.argv` after its own name. */
  readonly args: readonly string[];
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
  /** Called when a start takes seconds because nothing in the cache folder speeds it up. */
  readonly onFirstStart?: () => void;
  /** What Ctrl-C does, from `watchInterrupts`. Default: Ctrl-C ends the process. */
  readonly interrupts?: Pick<Interrupts, "buffer" | "waits">;
  /** The private module below the package. Default: one on the system of this library. */
  readonly core?: CoreModule;
}

/** The options of Pyodide that its types leave out. */
type LoadOptions = PyodideConfig & { _makeSnapshot?: boolean; _loadSnapshot?: Uint8Array };

interface Launcher {
  prepare(
    environment: unknown,
    folder: string,
    packageFolder: string,
    bytecodeFolder: string | undefined,
    after: (delayMs: number) => Promise<void>,
    waits: Waits | undefined,
  ): void;
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
  readonly #pendingWrite: Promise<void>;

  private constructor(
    pyodide: PyodideAPI,
    core: CoreModule,
    launcher: Launcher,
    pendingWrite: Promise<void>,
  ) {
    this.pyodide = pyodide;
    this.#core = core;
    this.#launcher = launcher;
    this.#pendingWrite = pendingWrite;
  }

  /**
   * Starts an interpreter: a third of a second with a snapshot in the cache folder, else two to
   * three seconds, which leave one there.
   */
  static async start(options: PythonHostOptions): Promise<PythonHost> {
    const { streams, folder, cacheFolder = null, environment = {} } = options;
    const { pyodide, pendingWrite } = await load(cacheFolder, options.onFirstStart);
    pyodide.setStdin(streams.stdin);
    pyodide.setStdout(streams.stdout);
    pyodide.setStderr(streams.stderr);
    mountHost(pyodide);
    if (!pyodide.FS.analyzePath(folder).exists) mountFolder(pyodide, folder, folder);
    const packageFolder = placePackage(pyodide);

    const core = options.core ?? createCore(pyodide);
    pyodide.registerJsModule("_forge3d_core", core);
    pyodide.registerJsModule("_forge3d_exit_codes", { ...exitCodes });

    const modules = sitePackages(pyodide);
    pyodide.FS.writeFile(join(modules, "_forge3d_interrupts.py"), INTERRUPTS);
    pyodide.FS.writeFile(join(modules, "_forge3d_launch.py"), LAUNCH);
    const launcher = pyodide.pyimport("_forge3d_launch") as Launcher;
    launcher.prepare(
      pyodide.toPy(environment),
      folder,
      packageFolder,
      cacheFolder === null ? undefined : join(cacheFolder, "bytecode"),
      after,
      options.interrupts?.waits,
    );
    if (options.interrupts) pyodide.setInterruptBuffer(options.interrupts.buffer);
    return new PythonHost(pyodide, core, launcher, pendingWrite);
  }

  /**
   * Runs a program to its end, as the `python` command does: uncaught exceptions and exit messages
   * go to standard error.
   *
   * @returns The exit code.
   */
  async runProgram({ kind, target, args }: Program): Promise<number> {
    try {
      return await this.#launcher.run.callPromising(kind, target, this.pyodide.toPy(args));
    } catch (error) {
      // os._exit ends the interpreter without unwinding.
      const { name, status } = error as { name?: string; status?: number };
      if (name === "ExitStatus" || name === "Exit") return status ?? 0;
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

async function load(
  cacheFolder: string | null,
  onFirstStart?: () => void,
): Promise<{ pyodide: PyodideAPI; pendingWrite: Promise<void> }> {
  const done = Promise.resolve();
  if (cacheFolder === null) return { pyodide: await loadPyodide(), pendingWrite: done };
  const snapshot = await readSnapshot(cacheFolder);
  if (snapshot !== null) {
    try {
      const options: LoadOptions = { _loadSnapshot: snapshot };
      return { pyodide: await loadPyodide(options), pendingWrite: done };
    } catch {
      await removeSnapshot(cacheFolder);
    }
  }
  onFirstStart?.();
  const options: LoadOptions = { _makeSnapshot: true };
  const pyodide = await loadPyodide(options);
  const { makeMemorySnapshot } = pyodide as unknown as {
    makeMemorySnapshot(): Uint8Array;
  };
  return { pyodide, pendingWrite: writeSnapshot(cacheFolder, makeMemorySnapshot.call(pyodide)) };
}

/** Makes the folder that holds `forge3d` visible to Python and answers its path there. */
function placePackage(pyodide: PyodideAPI): string {
  const hostPath = fileURLToPath(new URL("../../py", import.meta.url));
  const { exists } = pyodide.FS.analyzePath(join(hostPath, "forge3d", "__init__.py"));
  if (exists) return hostPath;
  mountFolder(pyodide, hostPath, PACKAGE_MOUNT);
  return PACKAGE_MOUNT;
}
