/**
 * A frame's calls in a scene of 1,000 components, from Python against the same from TypeScript.
 *
 * Some or all of the components are moved, one call each, and the system is updated without waiting; both
 * sides do the same work, which is checked. Python's own part is that of a frame whose calls reach functions
 * of the core that do nothing: converting and checking arguments, the way into the core, and making results.
 * The sides take turns, and before each frame its side has nothing left to do on the GPU. Times are by the
 * clock, of the calls alone.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import {
  type MovingComponents,
  type MovingFrame,
  pythonComponents,
  type PythonMovingComponents,
  typeScriptComponents,
} from "./rvt/moving_components.ts";
import { ratiosOf, type TimeCounts } from "./rvt/work_time.ts";

/** What {@linkcode benchPythonComponents} measures. */
export interface PythonComponentCounts extends TimeCounts {
  readonly components: number;
  /** How many of them move in a frame. */
  readonly moved: readonly number[];
}

const COUNTS: PythonComponentCounts = {
  components: 1000,
  moved: [100, 1000],
  rounds: 11,
  repeats: 5,
};
/** World units by which components stand further along x in each frame. */
const STEP = 1 / 64;
/** Most that a frame from Python may take of one from TypeScript. */
const RATIO_TARGET = 2;

/** Milliseconds of a frame, on each side, and with a core that does nothing. */
type FrameTimes = Record<"typeScript" | "python" | "alone", number>;

/** Fails unless both sides have moved the same, and wanted and loaded as many tiles. */
export function checkSameWork(python: MovingFrame, typeScript: MovingFrame): void {
  for (const name of ["tilesWanted", "tilesLoaded", "firstX"] as const) {
    if (python[name] === typeScript[name]) continue;
    throw new Error(
      `Cannot compare frames as ${name} must be equal: ` +
        `current values are ${python[name]} and ${typeScript[name]}`,
    );
  }
}

/** Both sides of the comparison, which take turns. */
class Sides {
  readonly #typeScript: MovingComponents;
  readonly #python: PythonMovingComponents;
  #shift = 0;
  #isPythonFirst = false;

  constructor(typeScript: MovingComponents, python: PythonMovingComponents) {
    this.#typeScript = typeScript;
    this.#python = python;
  }

  /** A frame of each kind that moves so many components. */
  async timeFrames(moved: number): Promise<FrameTimes> {
    this.#shift += STEP;
    this.#isPythonFirst = !this.#isPythonFirst;
    const first = this.#isPythonFirst ? await this.#runFrame(this.#python, moved) : null;
    const typeScript = await this.#runFrame(this.#typeScript, moved);
    const python = first ?? await this.#runFrame(this.#python, moved);
    checkSameWork(python, typeScript);
    const alone = await this.#python.runFrameAlone(moved, this.#shift + STEP / 2);
    if (alone.firstX !== this.#shift) {
      throw new Error("Cannot measure Python's own part as the core has moved components");
    }
    return {
      typeScript: typeScript.elapsedMs,
      python: python.elapsedMs,
      alone: alone.elapsedMs,
    };
  }

  async #runFrame(side: MovingComponents, moved: number): Promise<MovingFrame> {
    await side.drain();
    const frame = await side.runFrame(moved, this.#shift);
    await side.drain();
    return frame;
  }
}

/** Measures frames; the fastest of each round counts. */
export async function benchPythonComponents(
  device: ForgeDevice,
  { components, moved, rounds, repeats }: PythonComponentCounts = COUNTS,
  say: (text: string) => void = () => {},
): Promise<BenchResult> {
  await using typeScript = await typeScriptComponents(device, components);
  await using python = await pythonComponents(components);
  const sides = new Sides(typeScript, python);
  const metrics: Record<string, BenchMetric> = {};
  for (const count of moved) {
    say(`${count} of ${components} components move`);
    const fastest: FrameTimes[] = [];
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const times = { typeScript: Infinity, python: Infinity, alone: Infinity };
      for (let repeat = 0; repeat < repeats; repeat++) {
        const frame = await sides.timeFrames(count);
        for (const name of ["typeScript", "python", "alone"] as const) {
          times[name] = Math.min(times[name], frame[name]);
        }
      }
      if (round > 0) fastest.push(times);
    }
    const timesOf = (name: keyof FrameTimes) => fastest.map((times) => times[name]);
    const ms = (name: keyof FrameTimes) => summarize(timesOf(name), { unit: "ms" });
    const frames = `${count}_of_${components}_moved`;
    metrics[`${frames}_from_typescript`] = ms("typeScript");
    metrics[`${frames}_from_python`] = ms("python");
    metrics[`${frames}_pythons_own_part`] = ms("alone");
    metrics[`${frames}_from_python_vs_typescript`] = summarize(
      ratiosOf(timesOf("python"), timesOf("typeScript")),
      { unit: "ratio", target: RATIO_TARGET },
    );
  }
  return { metrics };
}

/** Frames from Python. */
export const bench: Benchmark = {
  name: "rvt_python",
  description: "a frame's calls with 1,000 components, from Python against from TypeScript",
  runBenchmark: ({ device, say }) => benchPythonComponents(device, COUNTS, say),
};
