/**
 * Runs the Python command in a process of its own, as a user does.
 *
 * @module
 */
import { join } from "node:path";
import { PROJECT, TEST_CACHE } from "./shared_host.ts";

/** Output and exit code of a run. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Chunks of standard output as they arrived. */
  readonly bytes: Uint8Array;
}

/** How to run. */
export interface RunOptions {
  /** Working folder. */
  readonly folder: string;
  /** Standard input; default empty. */
  readonly stdin?: string;
  /** Further environment variables. */
  readonly environment?: Record<string, string>;
  /** Whether the kernel has Landlock, if it does; default true. */
  readonly hasLandlock?: boolean;
}

const WITHOUT_LANDLOCK = join(import.meta.dirname!, "without_landlock.ts");

/** Starts the command, in the folder that it is typed in; the caller waits for it. */
export function startPy(args: readonly string[], options: RunOptions): Deno.ChildProcess {
  const hidden = options.hasLandlock === false && Deno.build.os === "linux"
    ? ["run", "-A", "--no-check", "--quiet", "--no-config", WITHOUT_LANDLOCK, Deno.execPath()]
    : [];
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...hidden,
      "run",
      "-P=launch",
      "--quiet",
      "--no-check",
      `--config=${join(PROJECT, "deno.json")}`,
      join(PROJECT, "src", "cli", "launch.ts"),
      "py",
      ...args,
    ],
    cwd: options.folder,
    env: { NO_COLOR: "1", FORGE3D_CACHE_DIR: TEST_CACHE, ...options.environment },
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs the command to its end. */
export async function runPy(args: readonly string[], options: RunOptions): Promise<Outcome> {
  const child = startPy(args, options);
  if (options.stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(options.stdin));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), bytes: stdout };
}
