/**
 * `deno task soak`: random use for as long as you like, checked throughout.
 *
 * @module
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkedNumber } from "../../checks.ts";
import {
  type Command,
  EXIT_DONE,
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  runAsProgram,
} from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { countText } from "../count_text.ts";
import { projectFolder } from "../folders.ts";
import { Progress } from "../progress.ts";
import { soakSummary } from "./soak_summary.ts";
import { type RunSoak, SoakError, type SoakOptions, type SoakProgress } from "./soak_run.ts";

/** Minutes of a soak that is given no end. */
const DEFAULT_MINUTES = 5;
const MOST_FRAMES = 1e9;
const MOST_MINUTES = 1e6;
const SEEDS = 2 ** 31;

const HELP = `Usage: deno task soak [--minutes N] [--frames N] [--seed S]

Uses the library at random and checks it throughout: cameras that move, textures and systems that
come and go, quality that changes, sources and devices that fail. Every frame the budget must hold.
Every 1,000 frames tables, tiles and pictures are compared with what is built from scratch, and
memory, open files, GPU objects, slots, tables and listeners must not have grown. Everything must
have happened at least once in 1,000 frames.

  --minutes N   end after N minutes; default ${DEFAULT_MINUTES}, or none where --frames is given
  --frames N    end after N frames
  --seed S      an integer from 0 to ${SEEDS - 1}; default, any
  -h, --help    show this text

What is found ends it with exit code 1, and a line that names the seed and the frame.

The same seed gives the same random numbers: for each kind of step, its first frame and the frames
from one turn to the next, and for each frame, what steps and cameras draw in it. It does not give
the same counts: files and the GPU answer in their own time, a step that cannot be taken yet is
tried again in each frame, and all later turns of its kind come as much later.`;

/** The command. */
export const soakCommand: Command = {
  name: "soak",
  help: HELP,
  async runCommand(args) {
    const options = parseSoakArgs(args);
    const interrupt = new AbortController();
    const onInterrupt = () => interrupt.abort();
    Deno.addSignalListener("SIGINT", onInterrupt);
    try {
      return await reportSoak({ ...options, signal: interrupt.signal }, await loadRunSoak());
    } finally {
      Deno.removeSignalListener("SIGINT", onInterrupt);
    }
  },
};

/**
 * Reads the command line.
 *
 * @throws {InvalidArgumentError} for a number that is none.
 * @throws {OutOfRangeError} for one that is out of its range.
 */
export function parseSoakArgs(args: readonly string[]): SoakOptions {
  const { values } = parseCommandLine(args, {
    failure: "Cannot soak",
    takesArguments: false,
    options: {
      minutes: { type: "string" },
      frames: { type: "string" },
      seed: { type: "string" },
    },
  });
  const frames = integerOption("--frames", values.frames, [1, MOST_FRAMES]);
  const minutes = numberOption("--minutes", values.minutes, [0.001, MOST_MINUTES]);
  return {
    seed: integerOption("--seed", values.seed, [0, SEEDS - 1]) ?? anySeed(),
    frames,
    minutes: minutes ?? (frames === undefined ? DEFAULT_MINUTES : undefined),
  };
}

function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % SEEDS;
}

type Range = readonly [number, number];

function numberOption(name: string, text: string | undefined, range: Range): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  return checkedNumber(value, { name, failure: "Cannot soak", range });
}

function integerOption(name: string, text: string | undefined, range: Range): number | undefined {
  return numberOption(name, text?.replace(/\..*/, "."), range);
}

async function loadRunSoak(): Promise<RunSoak> {
  const file = join(projectFolder(), "tests", "soak", "run_soak.ts");
  const { runSoak } = await import(pathToFileURL(file).href) as { runSoak: RunSoak };
  return runSoak;
}

/** Runs a soak, prints its progress and what it did or found, and answers the exit code. */
export async function reportSoak(options: SoakOptions, runSoak: RunSoak): Promise<number> {
  const { seed, signal } = options;
  const progress = new Progress(`Soaking, seed ${seed}`);
  try {
    const report = await runSoak({
      ...options,
      onFrame: (now) => progress.update(fractionOf(now, options), progressText(now)),
    });
    progress.done(countText(report.frames, "frame"));
    console.log(soakSummary(report));
    if (!signal?.aborted) return EXIT_DONE;
    console.error("Interrupted: nothing was found until then");
    return EXIT_INTERRUPTED;
  } catch (error) {
    progress.abandon();
    if (!(error instanceof SoakError)) throw error;
    console.error(`error: Seed ${seed}, frame ${error.frame}: ${error.message}`);
    console.error(`See it again: deno task soak --seed ${seed} --frames ${error.frame}`);
    return EXIT_FAILED;
  }
}

function fractionOf({ frame, minutes }: SoakProgress, options: SoakOptions): number {
  const { frames = Infinity, minutes: mostMinutes = Infinity } = options;
  return Math.max(frame / frames, minutes / mostMinutes);
}

function progressText({ frame, minutes, steps, rests }: SoakProgress): string {
  return `${countText(frame, "frame")}, ${minutes.toFixed(1)} min, ` +
    `${countText(steps, "step")}, ${countText(rests, "rest")}`;
}

if (import.meta.main) await runAsProgram(soakCommand);
