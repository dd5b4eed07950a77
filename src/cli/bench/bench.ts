/**
 * `deno task bench`: benchmarks.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidArgumentError } from "../../errors.ts";
import { requestDevice } from "../../gpu/mod.ts";
import { benchTable, verdict } from "./bench_table.ts";
import type { Benchmark, BenchResult } from "./benchmark.ts";
import { type Command, errorText, EXIT_DONE, EXIT_FAILED, runAsProgram } from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { projectFolder } from "../folders.ts";

const HELP = `Usage: deno task bench [OPTIONS] [NAME…]

Runs the benchmarks, or those whose name contains NAME. Figures are ratios within one run where
they can be: median, spread, the bound to reach and the one to aim for. NAME rvt runs those of runtime
virtual textures: tiles with compression against without, encoders, frames through a texture against
shading all layers directly, edits, low mips, memory by material type, teleports, first use of materials,
and frames from Python against from TypeScript.

  --json        print medians and spread as JSON on standard output
  --list        list the benchmarks
  -h, --help    show this text`;

/** The command. */
export const benchCommand: Command = {
  name: "bench",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: "Cannot run benchmarks",
      options: { json: { type: "boolean" }, list: { type: "boolean" } },
    });
    const benches = await namedBenchmarks(positionals);
    if (values.list) {
      for (const bench of benches) console.log(`${bench.name}: ${bench.description}`);
      return EXIT_DONE;
    }
    return await runBenchmarks(benches, values.json === true);
  },
};

/** One benchmark in the JSON. */
interface BenchRecord extends Partial<BenchResult> {
  readonly description: string;
  readonly seconds: number;
  readonly error?: string;
}

async function runBenchmarks(benches: readonly Benchmark[], isJson: boolean): Promise<number> {
  const records: Record<string, BenchRecord> = {};
  let hasFailed = false;
  let adapter = "";
  for (const bench of benches) {
    console.error(`${bench.name}: ${bench.description}`);
    const startMs = performance.now();
    let outcome: Partial<BenchResult> & { error?: string };
    try {
      // One device each: what a benchmark leaves behind does not slow the next.
      using device = await requestDevice({ label: `bench ${bench.name}` });
      adapter = device.name;
      outcome = await bench.runBenchmark({ device, say: sayIndented });
    } catch (error) {
      outcome = { error: errorText(error) };
      hasFailed = true;
    }
    const seconds = (performance.now() - startMs) / 1000;
    records[bench.name] = { description: bench.description, seconds, ...outcome };
    if (!isJson) printOutcome(outcome);
    if (outcome.error !== undefined) console.error(`error: ${bench.name}: ${outcome.error}`);
  }
  if (isJson) console.log(JSON.stringify({ adapter, benches: records }, null, 2));
  else printMissed(records);
  return hasFailed ? EXIT_FAILED : EXIT_DONE;
}

function printOutcome({ metrics }: Partial<BenchResult>): void {
  if (metrics !== undefined) console.log(`${benchTable(metrics)}\n`);
}

function printMissed(records: Readonly<Record<string, BenchRecord>>): void {
  const missed = Object.entries(records).flatMap(([name, { metrics = {} }]) =>
    Object.entries(metrics).filter(([, metric]) => verdict(metric) === "MISSED")
      .map(([figure]) => `${name}: ${figure}`)
  );
  if (missed.length > 0) console.log(`Missed: ${missed.join("; ")}`);
}

function sayIndented(text: string): void {
  console.error(`  ${text}`);
}

/** Benchmarks whose name contains one of the names; all of them if none is given. */
async function namedBenchmarks(names: readonly string[]): Promise<Benchmark[]> {
  const folder = join(projectFolder(), "tests", "bench");
  const files = readdirSync(folder).filter((file) => file.endsWith("_bench.ts")).sort();
  const benches: Benchmark[] = [];
  for (const file of files) {
    const module = await import(pathToFileURL(join(folder, file)).href);
    benches.push((module as { bench: Benchmark }).bench);
  }
  const wanted = benches.filter((bench) =>
    names.length === 0 || names.some((name) => bench.name.includes(name))
  );
  if (wanted.length > 0) return wanted;
  throw new InvalidArgumentError(
    "name",
    `Cannot find a benchmark called ${names.join(" or ")}: use one of ${
      benches.map((bench) => bench.name).join(", ")
    }`,
  );
}

if (import.meta.main) await runAsProgram(benchCommand);
