/**
 * The machine as set-up sees it.
 *
 * @module
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeviceError } from "../errors.ts";
import { findAdapter } from "./find_adapter.ts";

/** How to look for the adapter. */
export interface FindAdapterOptions {
  /** True to look in a process of its own. */
  readonly newProcess: boolean;
  /** Environment variables of that process, beside this one's. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The machine's functions that set-up needs; tests pass their own. */
export interface SetupHost {
  /** True if packages can be installed. */
  readonly isRoot: boolean;
  /** Text of a file, empty if it cannot be read. */
  readText(path: string): string;
  /** Whether there is a file. */
  exists(path: string): boolean;
  /**
   * Name of the adapter on which the shaders run. A process asks its drivers only once, so after an
   * installation, and with other environment variables, only a new process finds the new one.
   *
   * @throws {DeviceError} with code `no-adapter`, whose message names the package to install
   */
  findAdapter(options: FindAdapterOptions): Promise<string>;
  /** Runs a program to its end and returns whether it succeeded, with what it printed. */
  runProgram(
    program: string,
    args: readonly string[],
  ): Promise<{ succeeded: boolean; output: string }>;
  /** Tells the user what is going on. */
  say(text: string): void;
}

/** The machine that this process runs on. */
export function machineSetupHost(): SetupHost {
  return {
    isRoot: Deno.build.os !== "windows" && Deno.uid() === 0,
    readText(path) {
      return existsSync(path) ? readFileSync(path, "utf8") : "";
    },
    exists: existsSync,
    async findAdapter({ newProcess, environment }) {
      return newProcess ? await findAdapterInNewProcess(environment ?? {}) : await findAdapter();
    },
    async runProgram(program, args) {
      try {
        const { success, stdout, stderr } = await new Deno.Command(program, {
          args: [...args],
          env: { DEBIAN_FRONTEND: "noninteractive" },
          stdin: "null",
        }).output();
        const decoder = new TextDecoder();
        return { succeeded: success, output: decoder.decode(stdout) + decoder.decode(stderr) };
      } catch (error) {
        return { succeeded: false, output: `${(error as Error).message}\n` };
      }
    },
    say(text) {
      console.error(text);
    },
  };
}

/**
 * Environment variables that WebGPU needs under Linux, set for this process and for the programs
 * that it starts: no fallback to OpenGL, on which the shaders do not run, and a runtime folder
 * (`XDG_RUNTIME_DIR`), without which each start prints a line.
 */
export function prepareAdapterEnvironment(): void {
  if (Deno.build.os !== "linux") return;
  if (Deno.env.get("DENO_WEBGPU_BACKEND") === undefined) {
    Deno.env.set("DENO_WEBGPU_BACKEND", "vulkan");
  }
  const runtimeFolder = Deno.env.get("XDG_RUNTIME_DIR");
  if (runtimeFolder && existsSync(runtimeFolder)) return;
  Deno.env.set("XDG_RUNTIME_DIR", makeRuntimeFolder(tmpdir()));
}

/**
 * A folder that nobody else can enter, for sockets: programs connect to those that they find there. Its
 * name is known, so another user may have made it first; then one is made for this run.
 */
function makeRuntimeFolder(parent: string): string {
  const folder = join(parent, `forge3d-runtime-${Deno.uid()}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there already, as a rule.
  }
  if (isPrivateFolder(folder)) return folder;
  const own = mkdtempSync(`${folder}-`);
  addEventListener("unload", () => rmSync(own, { recursive: true, force: true }));
  return own;
}

function isPrivateFolder(path: string): boolean {
  try {
    const { isDirectory, uid, mode } = Deno.lstatSync(path);
    return isDirectory && uid === Deno.uid() && (mode! & 0o777) === 0o700;
  } catch {
    return false;
  }
}

async function findAdapterInNewProcess(
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const script = join(import.meta.dirname!, "find_adapter.ts");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", "--allow-env", "--allow-read", script],
    env: { ...environment },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new DeviceError("no-adapter", decoder.decode(stderr).trim());
  return decoder.decode(stdout).trim();
}
