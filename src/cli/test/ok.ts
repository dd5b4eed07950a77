/**
 * `deno task ok`: everything that must hold before a change is done.
 *
 * @module
 */

import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, EXIT_FAILED, runAsProgram } from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { checkPython } from "./check_python.ts";
import { projectExamples, writeDocTests } from "./doc_examples.ts";
import { projectFolder } from "../folders.ts";
import { runTests } from "./run_tests.ts";
import { ALL_LANES } from "./lanes/lanes.ts";
import { DEFAULT_LANES, runAllTests } from "./test.ts";
import { addResults, NO_RESULTS, resultLine, type TestResults } from "./test_results.ts";
import { checkWebTypes } from "./web_types.ts";

const HELP = `Usage: deno task ok [--all]

Checks everything that must hold before a change is done, and stops at the first that does not:
format, lint, types (in Deno and in browsers), documentation, its examples (run as tests), format,
lint and types of the Python, import floors and cycles, then the tests. The last line is "N passed,
N failed", examples included, followed by ", N skipped" if any was.

  --all         run every lane of tests but those on request, not only those that deno task test runs
  -h, --help    show this text`;

/** The command. */
export const okCommand: Command = {
  name: "ok",
  help: HELP,
  async runCommand(args) {
    const { values } = parseCommandLine(args, {
      failure: "Cannot check",
      options: { all: { type: "boolean" } },
      takesArguments: false,
    });
    let results = NO_RESULTS;
    for (const check of CHECKS) {
      const startMs = performance.now();
      console.log(`── ${check.name}`);
      const outcome = await check.runCheck();
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      if (outcome.results !== undefined) results = addResults(results, outcome.results);
      if (!outcome.holds) {
        console.log(`Stopped at ${check.name} after ${seconds} s: to see it again, ${check.again}`);
        console.log(resultLine({ ...results, failed: Math.max(1, results.failed) }));
        return EXIT_FAILED;
      }
      console.log(`   ${outcome.text ?? "holds"} (${seconds} s)`);
    }
    const lanes = values.all ? ALL_LANES : DEFAULT_LANES;
    return await runAllTests({ lanes, checkTypes: false, before: results });
  },
};

interface Outcome {
  readonly holds: boolean;
  /** What to print if it holds; default, that it does. */
  readonly text?: string;
  /** Results of tests that no lane runs. */
  readonly results?: TestResults;
}

interface Check {
  readonly name: string;
  readonly again: string;
  runCheck(): Promise<Outcome>;
}

const CHECKS: readonly Check[] = [
  {
    name: "format",
    again: "run deno fmt --check; deno fmt fixes it",
    runCheck: () => runDeno(["fmt", "--check", "--quiet"]),
  },
  { name: "lint", again: "run deno lint", runCheck: () => runDeno(["lint", "--quiet"]) },
  {
    name: "types",
    again: "run deno check",
    runCheck: () => runDeno(["check", "--quiet", "src", "tests", "examples"]),
  },
  {
    name: "types in browsers",
    again: "run deno task ok; the core reaches Deno through src/deno_runtime.ts alone",
    runCheck: runWebTypes,
  },
  {
    name: "documentation",
    again: "run deno doc --lint src/mod.ts and the mod.ts of each floor but python",
    runCheck: () => runDeno(["doc", "--quiet", "--lint", ...documentedModules()]),
  },
  {
    name: "examples in the documentation",
    again: "run deno task ok",
    runCheck: runDocExamples,
  },
  {
    name: "Python: format, lint and types",
    again: "run deno task ok",
    runCheck: runPythonChecks,
  },
  {
    name: "import floors and cycles",
    again: "run deno task test import_floors",
    runCheck: runImportChecks,
  },
];

/**
 * The public API, and what each of its floors exports. The Python floor is left out, as it exports
 * types of Pyodide, which has its own documentation.
 */
function documentedModules(): string[] {
  const folders = readdirSync(join(projectFolder(), "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "python")
    .map((entry) => `src/${entry.name}/mod.ts`);
  return ["src/mod.ts", ...folders.sort()].filter((path) =>
    existsSync(join(projectFolder(), path))
  );
}

async function runDeno(args: readonly string[]): Promise<Outcome> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: projectFolder(),
    stdin: "null",
    stdout: args[0] === "doc" ? "null" : "inherit",
  });
  return { holds: (await child.spawn().status).success };
}

async function runWebTypes(): Promise<Outcome> {
  const { holds, output } = await checkWebTypes(["src/mod.ts"]);
  if (!holds) console.error(output);
  return { holds };
}

async function runDocExamples(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "forge3d-examples-"));
  try {
    const examples = projectExamples(projectFolder());
    const { tests, config } = writeDocTests(examples, { projectFolder: projectFolder(), folder });
    const results = await runTests([tests], { config });
    const leftOut = examples.filter((example) => !example.isRun).length;
    const text = `${resultLine(results)}; ${leftOut} left out, which need files`;
    return { holds: results.failed === 0, text, results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runPythonChecks(): Promise<Outcome> {
  const { breaches, skipped } = await checkPython();
  for (const breach of breaches) console.log(breach);
  const text = skipped.length > 0 ? `skipped: ${skipped.join("; ")}` : "holds";
  return { holds: breaches.length === 0, text };
}

async function runImportChecks(): Promise<Outcome> {
  const results = await runTests(["tests/house/import_floors_test.ts"], { checkTypes: false });
  return { holds: results.failed === 0, text: resultLine(results) };
}

if (import.meta.main) await runAsProgram(okCommand);
