/**
 * How long the device and the process take for work, on machines that others use too.
 *
 * @module
 */

import process from "node:process";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";

/** Something whose time is measured, waited for included. */
export type Work = () => void | Promise<void>;

/** Repetitions of {@linkcode timeInterleaved}. */
export interface TimeCounts {
  /** Rounds, a figure of each. */
  readonly rounds: number;
  /** Times that each work is done in a round; the fastest counts. */
  readonly repeats: number;
}

/** Whether a device draws on the CPU, so that its work is the process's. */
export function drawsOnCpu(device: ForgeDevice): boolean {
  return /llvmpipe|swiftshader/i.test(device.name);
}

/**
 * Milliseconds that work takes until the queue is empty: of processor time where the device draws on the
 * CPU, which other processes hardly change; else by the clock.
 */
export async function timeWork(device: ForgeDevice, work: Work): Promise<number> {
  const now = drawsOnCpu(device) ? processorMs : () => performance.now();
  await emptyQueue(device);
  const before = now();
  await work();
  await emptyQueue(device);
  return now() - before;
}

/** Times of several works that take turns, one figure for each round: the fastest of its repeats. */
export async function timeInterleaved<Name extends string>(
  device: ForgeDevice,
  works: Readonly<Record<Name, Work>>,
  { rounds, repeats }: TimeCounts,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  // Compiles and warms up.
  for (const name of names) await timeWork(device, works[name]);
  for (let round = 0; round < rounds; round++) {
    const fastest = new Map<Name, number>();
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const name of repeat % 2 === 0 ? names : names.toReversed()) {
        const ms = await timeWork(device, works[name]);
        fastest.set(name, Math.min(ms, fastest.get(name) ?? Infinity));
      }
    }
    for (const name of names) times[name].push(fastest.get(name)!);
  }
  return times;
}

/** Ratios of the figures of each round. */
export function ratiosOf(times: readonly number[], to: readonly number[]): number[] {
  return times.map((ms, round) => ms / to[round]!);
}

async function emptyQueue({ gpu, submits }: ForgeDevice): Promise<void> {
  await gpu.queue.onSubmittedWorkDone();
  submits.markCompleted(submits.lastSubmitted);
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
