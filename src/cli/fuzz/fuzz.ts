/**
 * `deno task fuzz`: damaged and hostile files, and what the readers do with them.
 *
 * @module
 */

import { join } from "node:path";
import { checkedInteger } from "../../checks.ts";
import {
  type Command,
  EXIT_DONE,
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  runAsProgram,
} from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { countText } from "../count_text.ts";
import { TASKS } from "../commands.ts";
import { projectFolder } from "../folders.ts";
import { Progress } from "../progress.ts";
import { taskContext } from "../task_context.ts";
import type { FindingRecord } from "./fuzzer.ts";
import { keepFinding } from "./keep_finding.ts";
import { type FuzzerModule, namedFuzzers } from "./load_fuzzers.ts";
import { MOST_MINIMISED } from "./minimise.ts";
import { runWatched } from "./watched_run.ts";

const DEFAULT_RUNS = 2000;

const HELP = `Usage: deno task fuzz [OPTIONS] [READER…]

Changes valid files at random, by their fields and, in half of the inputs, behind their headers,
and reads them as the library does. An independent judge says what must be refused. No input may
end or block the process (2 s), raise an error that is not the library's, take more memory than its
dimensions imply, be accepted wrongly, or give other texels than it holds. Each reader runs in a
process of its own, which may die: the run goes on behind that input.

Every finding is kept in out/fuzz, as READER-SEED-INPUT.bin and a .json that says what was found, and
told with the command that gives it again. The first ${MOST_MINIMISED} of each kind are made as small as they can
be, but for those that end or block the process, which are kept as they came. Exit code 1 if there
is a finding.

  --runs N      inputs for each reader; default ${DEFAULT_RUNS}
  --seed S      the same seed gives the same inputs; default 1
  --first I     number of the first input; default 0
  --list        list the readers
  -h, --help    show this text`;

/** The command. */
export const fuzzCommand: Command = {
  name: "fuzz",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: "Cannot fuzz",
      options: {
        runs: { type: "string" },
        seed: { type: "string" },
        first: { type: "string" },
        list: { type: "boolean" },
      },
    });
    const plan = {
      runs: integerOption("--runs", values.runs ?? String(DEFAULT_RUNS), 1),
      seed: integerOption("--seed", values.seed ?? "1", 0),
      first: integerOption("--first", values.first ?? "0", 0),
    };
    const fuzzers = await namedFuzzers(positionals);
    if (values.list) {
      for (const { fuzzer } of fuzzers) console.log(`${fuzzer.name}: ${fuzzer.description}`);
      return EXIT_DONE;
    }
    return await runFuzzers(fuzzers, plan);
  },
};

function integerOption(name: string, text: string, least: number): number {
  return checkedInteger(/^\d{1,10}$/.test(text) ? Number(text) : NaN, {
    name,
    failure: "Cannot fuzz",
    range: [least, 2 ** 32 - 1],
  });
}

interface Plan {
  readonly runs: number;
  readonly seed: number;
  readonly first: number;
}

async function runFuzzers(fuzzers: readonly FuzzerModule[], plan: Plan): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  let found = 0;
  try {
    for (const module of fuzzers) {
      found += await runFuzzer(module, plan, interrupt.signal);
      if (interrupt.signal.aborted) return EXIT_INTERRUPTED;
    }
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
  return found > 0 ? EXIT_FAILED : EXIT_DONE;
}

/** Runs one fuzzer and returns the number of its findings. */
async function runFuzzer(
  { fuzzer, path }: FuzzerModule,
  { runs, seed, first }: Plan,
  signal: AbortSignal,
): Promise<number> {
  const permissions = TASKS.fuzz!.permissions(await taskContext(), []);
  const progress = new Progress(`Fuzzing ${fuzzer.name}`);
  const folder = join(projectFolder(), "out", "fuzz");
  const byKind = new Map<string, number>();
  const { tried, accepted } = await runWatched({
    module: path,
    seed,
    first,
    count: runs,
    permissions,
    signal,
    onProgress: (done) => progress.update(done / runs, `${done} of ${runs}`),
    onFinding: (finding) => {
      byKind.set(finding.fault, (byKind.get(finding.fault) ?? 0) + 1);
      progress.note(findingText(fuzzer.name, finding, seed));
      keepFinding(folder, { reader: fuzzer.name, seed, finding });
    },
  });
  const count = [...byKind.values()].reduce((sum, value) => sum + value, 0);
  const kinds = [...byKind].map(([fault, value]) => `${value} ${fault}`).join(", ");
  progress.done(
    `${countText(tried, "input")}, ${accepted} accepted, ${countText(count, "finding")}` +
      (kinds && ` (${kinds})`),
  );
  return count;
}

/** First lines of a finding: what, from which file, and how to get it again. */
function findingText(reader: string, finding: FindingRecord, seed: number): string {
  const { fault, message, sample, edits, index } = finding;
  const made = sample === "" ? "" : `\n  ${sample}: ${edits.join("; ")}`;
  return `${reader}: ${fault}: ${message.split("\n").slice(0, 3).join("\n  ")}${made}\n` +
    `  again: deno task fuzz ${reader} --seed ${seed} --first ${index} --runs 1`;
}

if (import.meta.main) await runAsProgram(fuzzCommand);
