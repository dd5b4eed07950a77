/**
 * What a run of `deno test` came to, from its JUnit report.
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
  /** The test files that the run was given, relative to its folder. */
  readonly files: readonly string[];
}

/** Results of no test at all. */
export const NO_RESULTS: TestResults = { passed: 0, failed: 0, skipped: [], failures: [] };

/**
 * Reads a JUnit report as `deno test --junit-path` writes it.
 *
 * A file that fails while it is imported has no tests in the report: where the run failed, each such
 * file counts as one failure.
 *
 * @param xml Text of the report, empty if there is none
 */
export function readTestResults(xml: string, end: RunEnd): TestResults {
  let passed = 0;
  const skipped: string[] = [];
  const failures: string[] = [];
  const filesSeen = new Set<string>();
  for (const suite of xml.matchAll(/<testsuite name="([^"]*)"[^>]*>([\s\S]*?)<\/testsuite>/g)) {
    filesSeen.add(plainPath(decodeXml(suite[1]!)));
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
  if (end.exitCode !== 0) {
    const missing = end.files.filter((file) => !filesSeen.has(plainPath(file)));
    for (const file of missing) failures.push(`${file} could not be run`);
    if (failures.length === 0) failures.push(`deno test ended with code ${end.exitCode}`);
  }
  return { passed, failed: failures.length, skipped, failures };
}

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

function plainPath(path: string): string {
  return path.replaceAll("\\", "/").replace(/^\.\//, "");
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
