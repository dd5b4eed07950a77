/**
 * Format, lint and types of the Python in this project.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectFolder } from "../folders.ts";
import { pythonWithTools, reasonIn, runQuietly, ToolsMissing } from "./python_tools.ts";

/** Outcome of the checks. */
export interface PythonReport {
  /** What is wrong; empty if nothing is. */
  readonly breaches: readonly string[];
  /** What was left out, and why. */
  readonly skipped: readonly string[];
}

/** What a type checker found in one line of a file. */
export interface Finding {
  /** Absolute path. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What it said. */
  readonly message: string;
}

/** Deliberate mistakes: a checker must refuse each line that ends in the mark, and no other. */
const MISTAKES = join("tests", "python", "typing", "mistakes.py");
const MARK = "# mistake";

const FOLDERS = ["py", "src/python", "tests/bench", "tests/python", "examples"];
const CONFIG = "--config=py/pyproject.toml";

/**
 * Checks all the Python in the project; checks that the machine cannot run are left out with a
 * reason.
 */
export async function checkPython(): Promise<PythonReport> {
  const breaches: string[] = [];
  const skipped: string[] = [];
  let python: string;
  try {
    python = await pythonWithTools();
  } catch (error) {
    if (!(error instanceof ToolsMissing)) throw error;
    return { breaches, skipped: [error.message] };
  }
  for (const args of [["format", "--check"], ["check"]]) {
    const run = await runQuietly(python, [
      "-m",
      "ruff",
      ...args,
      "--quiet",
      "--no-cache",
      CONFIG,
      ...FOLDERS,
    ]);
    if (run.code !== 0) breaches.push(`ruff ${args.join(" ")}:\n${run.text.trim()}`);
  }
  const mistakes = readFileSync(join(projectFolder(), MISTAKES), "utf8");
  const judge = (checker: string, findings: readonly Finding[]) =>
    breaches.push(...typingBreaches(findings, mistakes).map((breach) => `${checker}: ${breach}`));
  judge("mypy", await mypyFindings(python));
  try {
    judge("pyright", await pyrightFindings(python));
  } catch (error) {
    if (!(error instanceof ToolsMissing)) throw error;
    skipped.push(error.message);
  }
  return { breaches, skipped };
}

/** Findings that a checker should not have, and mistakes that it should have found. */
export function typingBreaches(findings: readonly Finding[], mistakes: string): string[] {
  const path = join(projectFolder(), MISTAKES);
  const missed = new Set<number>();
  for (const [index, text] of mistakes.split("\n").entries()) {
    if (text.endsWith(MARK)) missed.add(index + 1);
  }
  const marked = new Set(missed);
  const breaches: string[] = [];
  for (const finding of findings) {
    if (finding.path === path && marked.has(finding.line)) missed.delete(finding.line);
    else breaches.push(`${finding.path}:${finding.line}: ${finding.message}`);
  }
  return [...breaches, ...[...missed].map((line) => `${path}:${line}: takes this mistake`)];
}

async function mypyFindings(python: string): Promise<Finding[]> {
  const files = ["examples", "tests/python/typing"].flatMap((folder) =>
    readdirSync(join(projectFolder(), folder)).filter((name) => name.endsWith(".py")).sort()
      .map((name) => join(folder, name))
  );
  const options = ["--config-file=py/pyproject.toml", "--no-error-summary", "--no-pretty"];
  const run = await runQuietly(python, [
    "-m",
    "mypy",
    ...options,
    "--cache-dir",
    join(python, "..", "..", "mypy_cache"),
    "py/forge3d",
    ...files,
  ]);
  const findings: Finding[] = [];
  for (const [, path, line, message] of run.text.matchAll(/^(.+?):(\d+): error: (.*)$/gm)) {
    findings.push({ path: resolve(projectFolder(), path!), line: Number(line), message: message! });
  }
  if (run.code > 1 || (run.code === 1 && findings.length === 0)) {
    throw new Error(`Cannot check types with mypy: ${run.text.trim()}`);
  }
  return findings;
}

interface PyrightReport {
  readonly generalDiagnostics: readonly {
    readonly file: string;
    readonly severity: string;
    readonly message: string;
    readonly range: { readonly start: { readonly line: number } };
  }[];
}

async function pyrightFindings(python: string): Promise<Finding[]> {
  const configuration = join(projectFolder(), "deno.json");
  const { imports } = JSON.parse(readFileSync(configuration, "utf8")) as {
    imports: { pyright: string };
  };
  const run = await runQuietly(Deno.execPath(), [
    ...["run", "--quiet", "--allow-all", "--frozen", `--config=${configuration}`],
    imports.pyright,
    ...["--outputjson", "--project", "py", "--pythonpath", python],
  ]);
  if (!run.output.includes('"generalDiagnostics"')) {
    throw new ToolsMissing(`pyright cannot be run: ${reasonIn(run.text)}`);
  }
  const report = JSON.parse(run.output.slice(run.output.indexOf("{"))) as PyrightReport;
  return report.generalDiagnostics.filter(({ severity }) => severity === "error")
    .map(({ file, message, range }) => ({
      path: file,
      line: range.start.line + 1,
      message: message.replaceAll("\n", " "),
    }));
}
