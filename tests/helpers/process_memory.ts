/**
 * Memory of a process and of all that it starts, as Linux counts it.
 *
 * @module
 */

/** Whether the system shows what processes take. */
export const HAS_PROCESS_MEMORY = Deno.build.os === "linux";

const SAMPLE_MS = 100;

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
    const family = familyOf(child.pid, await everyProcess());
    sum = Math.max(sum, family.reduce((total, { mb }) => total + mb, 0));
    for (const { pid, mb } of family) {
      seen.add(pid);
      single = Math.max(single, mb);
    }
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  await ended;
  return { sum, single, processes: seen.size };
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly mb: number;
}

/** A program is asked, as Deno shows `/proc` only to processes that have every right. */
async function everyProcess(): Promise<RunningProcess[]> {
  const args = ["-c", "cat /proc/[0-9]*/status 2> /dev/null"];
  const { stdout } = await new Deno.Command("sh", { args, stdin: "null" }).output();
  const found: RunningProcess[] = [];
  for (const text of new TextDecoder().decode(stdout).split(/^Name:/m)) {
    const numberOf = (field: string) =>
      Number(new RegExp(`^${field}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? 0);
    found.push({ pid: numberOf("Pid"), parent: numberOf("PPid"), mb: numberOf("VmRSS") / 1024 });
  }
  return found;
}

/** A process and its descendants. */
function familyOf(root: number, all: readonly RunningProcess[]): RunningProcess[] {
  const family = all.filter(({ pid }) => pid === root);
  for (const { pid } of family) family.push(...all.filter(({ parent }) => parent === pid));
  return family;
}
