/**
 * The tools that check Python: pinned by hash, in a virtual environment among the caches, so that
 * nothing is installed for the whole machine.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codeCacheFolder, denoCacheFolder, projectFolder } from "../folders.ts";

/** What a program printed, and how it ended. */
export interface Outcome {
  /** Exit code. */
  readonly code: number;
  /** What it printed on standard output. */
  readonly output: string;
  /** The same, then what it printed on standard error. */
  readonly text: string;
}

/** The oldest Python that the tools run on. */
const OLDEST_PYTHON: readonly [number, number] = [3, 10];

const REQUIREMENTS = join("py", "check_requirements.txt");

/** Why checks are left out: the machine lacks something, which is not a fault of the project. */
export class ToolsMissing extends Error {
  /** Name of the class. */
  override readonly name = "ToolsMissing";
}

/** Runs a program to its end in the project's folder, without the caller's Python settings. */
export async function runQuietly(program: string, args: readonly string[]): Promise<Outcome> {
  const env = Deno.env.toObject();
  for (const name of ["PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"]) delete env[name];
  const command = new Deno.Command(program, {
    args: [...args],
    cwd: projectFolder(),
    env: { ...env, NO_COLOR: "1" },
    clearEnv: true,
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout);
  return { code, output, text: output + decoder.decode(stderr) };
}

/**
 * Finds the Python of the environment that holds the tools, and makes it if there is none.
 *
 * @returns Path of the interpreter; each tool is a module of it.
 * @throws {ToolsMissing} if there is no Python, or the packages cannot be fetched.
 * @throws {Error} if a package is not the one that was pinned.
 */
export async function pythonWithTools(): Promise<string> {
  const { program, version } = await findPython();
  const requirements = readFileSync(join(projectFolder(), REQUIREMENTS), "utf8");
  const key = createHash("sha256").update(`${version} ${requirements}`).digest("hex").slice(0, 16);
  const caches = join(codeCacheFolder(await denoCacheFolder()), "python-tools");
  const folder = join(caches, key);
  if (existsSync(folder)) return interpreterOf(folder);
  mkdirSync(caches, { recursive: true });
  const unfinished = `${folder}.${crypto.randomUUID()}`;
  try {
    await makeEnvironment(program, unfinished);
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return interpreterOf(folder);
}

function interpreterOf(folder: string): string {
  return Deno.build.os === "windows"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
}

async function findPython(): Promise<{ program: string; version: string }> {
  const found: string[] = [];
  for (const program of ["python3", "python"]) {
    try {
      const ask = "import sys; print(*sys.version_info[:3], sep='.')";
      const { code, text } = await runQuietly(program, ["-c", ask]);
      const version = text.trim();
      const [major = 0, minor = 0] = version.split(".").map(Number);
      if (code !== 0) continue;
      const isOldEnough = major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1];
      if (isOldEnough) return { program, version };
      found.push(version);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  const has = found.length > 0 ? `Python ${found.join(" and ")} is too old` : "there is no Python";
  throw new ToolsMissing(`${has}: Python ${OLDEST_PYTHON.join(".")} or later is needed`);
}

/** Makes a virtual environment with the tools in it. */
async function makeEnvironment(python: string, folder: string): Promise<void> {
  // Debian keeps pip's copy for new environments in a package of its own, python3-venv.
  const made = await runQuietly(python, ["-m", "venv", "--without-pip", folder]);
  if (made.code !== 0) throw new ToolsMissing(`python -m venv failed: ${reasonIn(made.text)}`);
  const inside = interpreterOf(folder);
  const hasPip = (await runQuietly(inside, ["-m", "ensurepip"])).code === 0;
  const pip = hasPip ? [inside, "-m", "pip"] : [python, "-m", "pip", "--python", inside];
  if (!hasPip && (await runQuietly(python, ["-m", "pip", "--version"])).code !== 0) {
    throw new ToolsMissing("Python has no pip: install python3-venv or python3-pip");
  }
  const [program, ...args] = pip as [string, ...string[]];
  const installed = await runQuietly(program, [
    ...args,
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--retries=1",
    "--timeout=20",
    "--no-deps",
    "--only-binary=:all:",
    "--require-hashes",
    // Pyodide's types are for its own Python, whichever runs the tools.
    "--ignore-requires-python",
    "--requirement",
    REQUIREMENTS,
  ]);
  if (installed.code === 0) return;
  if (installed.text.includes("DO NOT MATCH THE HASHES")) {
    throw new Error(`Cannot install the tools that check Python: ${installed.text.trim()}`);
  }
  throw new ToolsMissing(`pip could not install the tools: ${reasonIn(installed.text)}`);
}

/** The line in which a tool says why it failed: the first about an error, else the last. */
export function reasonIn(text: string): string {
  const lines = text.trim().split("\n");
  return (lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1)!).trim();
}
