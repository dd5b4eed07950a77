/**
 * Results of a run of `deno test`, from its JUnit report.
 *
 * @module
 */

/** Results of one run, or of several together. */
export interface TestResults {
  /** Tests that passed; steps of a test do not count by themselves. */
  readonly passed: number;
  /** Tests that failed, and files that could not be run. */
  readonly failed: number;
  /** Names of the tests that were skipped. */
  readonly skipped: readonly string[];
  /** Names of the tests that failed, and the files that could not be run. */
  readonly failures: readonly string[];
}

/** How a run ended, beside its report. */
export interface RunEnd {
  /** Exit code of `deno test`. */
  readonly exitCode: number;
  /** Text that it printed on standard output. */
  readonly output: string;
}

/** Results of no test at all. */
export const NO_RESULTS: TestResults = { passed: 0, failed: 0, skipped: [], failures: [] };

/**
 * Reads a JUnit report as `deno test --junit-path` writes it.
 *
 * Files that fail while they are imported, or outside any test, are in what the run prints alone. A
 * run whose exit code is not 0 has at least one failure.
 *
 * @param xml Text of the report, empty if there is none
 */
export function readTestResults(xml: string, end: RunEnd): TestResults {
  let passed = 0;
  const skipped: string[] = [];
  const failures: string[] = [];
  for (const suite of xml.matchAll(/<testsuite name="([^"]*)"[^>]*>([\s\S]*?)<\/testsuite>/g)) {
    const cases = [...suite[2]!.matchAll(/<testcase name="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g)];
    const names = new Set(cases.map((match) => match[1]!));
    for (const [, name, body] of cases) {
      if (isStep(name!, names)) continue;
      const readable = decodeXml(name!);
      if (body!.includes("<failure")) failures.push(`${readable} (${decodeXml(suite[1]!)})`);
      else if (body!.includes("<skipped")) skipped.push(readable);
      else passed++;
    }
  }
  const plain = end.output.replaceAll(ANSI_CODES, "");
  for (const [, file] of plain.matchAll(/^Uncaught error from (\S+) FAILED$/gm)) {
    failures.push(`${file} could not be run`);
  }
  if (end.exitCode !== 0 && failures.length === 0) {
    failures.push(`deno test ended with code ${end.exitCode}`);
  }
  return { passed, failed: failures.length, skipped, failures };
}

/** Colours and the like: ECMA-48 control sequences. */
// deno-lint-ignore no-control-regex
const ANSI_CODES = /\x1b\[[0-9;]*m/g;

/** Adds the results of two runs. */
export function addResults(a: TestResults, b: TestResults): TestResults {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
    failures: [...a.failures, ...b.failures],
  };
}

/** The line that a run of tests ends with: `12 passed, 0 failed`, then `, 1 skipped` if any was. */
export function resultLine(results: TestResults): string {
  const skipped = results.skipped.length;
  return `${results.passed} passed, ${results.failed} failed` +
    (skipped > 0 ? `, ${skipped} skipped` : "");
}

/** A step's name begins with the name of its test. */
function isStep(name: string, names: ReadonlySet<string>): boolean {
  const separator = " &gt; ";
  let at = name.indexOf(separator);
  while (at >= 0) {
    if (names.has(name.slice(0, at))) return true;
    at = name.indexOf(separator, at + 1);
  }
  return false;
}

const XML_NAMES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decodeXml(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return XML_NAMES[name] ?? whole;
    const isHex = name[1]?.toLowerCase() === "x";
    return String.fromCodePoint(parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10));
  });
}
