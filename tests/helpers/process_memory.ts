/**
 * Memory of a process and of all that it starts, as Linux counts it.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";

/** Whether the system shows what processes take. */
export const HAS_PROCESS_MEMORY = Deno.build.os === "linux";

const SAMPLE_MS = 50;

/** Most memory that was seen, in MiB of resident sets. */
export interface MemoryPeak {
  /** Of all processes together; what they share counts once for each. */
  readonly sum: number;
  /** Of any one process. */
  readonly single: number;
  /** Processes that were seen. */
  readonly processes: number;
}

/** Watches a process and its descendants until it ends. */
export async function memoryPeak(child: Deno.ChildProcess): Promise<MemoryPeak> {
  let isOver = false;
  const ended = child.status.finally(() => isOver = true);
  const seen = new Set<number>();
  let [sum, single] = [0, 0];
  while (!isOver) {
    let now = 0;
    for (const pid of familyOf(child.pid)) {
      const mb = residentMb(pid);
      seen.add(pid);
      now += mb;
      single = Math.max(single, mb);
    }
    sum = Math.max(sum, now);
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  await ended;
  return { sum, single, processes: seen.size };
}

/** A process and its descendants. */
function familyOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readIfThere(`/proc/${entry}/stat`);
    // The name, in brackets, may hold anything; the state and the parent follow it.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...children.get(parent) ?? [], Number(entry)]);
  }
  const family = [root];
  for (const pid of family) family.push(...children.get(pid) ?? []);
  return family;
}

function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s*(\d+)/m.exec(readIfThere(`/proc/${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** A file's text, or nothing if its process has ended. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
