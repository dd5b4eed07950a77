/**
 * Opens a file as a tile store and reads tiles all over its grid, in a process of its own. Prints
 * what it cost as JSON: CPU time, which does not depend on what else the machine does.
 *
 * Arguments: the file; "bounded", or "naive" for the archive's own reader, which has no bounds.
 */

import process from "node:process";
import { PMTiles } from "pmtiles";
import { openFileSource, openTileStore, type TileStore } from "../../../src/sources/mod.ts";

/** Tiles that are read at once, and at most. */
const AT_ONCE = 8;
const MOST_TILES = 1000;
const READING_MS = 1500;

const [path, reader] = Deno.args as [string, string];
const startMs = cpuMs();
const outcomes: Record<string, number> = {};

/** CPU time of the process so far. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function count(error: unknown): void {
  const name = error instanceof Error ? error.name : String(error);
  outcomes[name] = (outcomes[name] ?? 0) + 1;
}

/** Time to open the file, and for the slowest of the reads at once. */
let openMs = 0;
let slowestMs = 0;

async function readTiles(store: TileStore): Promise<void> {
  const step = Math.max(1, Math.floor(store.grid.tileCount / MOST_TILES));
  const endMs = performance.now() + READING_MS;
  for (let tile = 0; tile < store.grid.tileCount && performance.now() < endMs;) {
    const reads = [];
    for (; reads.length < AT_ONCE && tile < store.grid.tileCount; tile += step) {
      const { level, x, y } = store.grid.addressOf(tile);
      reads.push(store.readTilePlanes(level, x, y).then(() => count("tile"), count));
    }
    const batchMs = cpuMs();
    await Promise.all(reads);
    slowestMs = Math.max(slowestMs, cpuMs() - batchMs);
  }
}

if (reader === "naive") {
  const bytes = await Deno.readFile(path);
  const archive = new PMTiles({
    getKey: () => path,
    getBytes: (offset, length) =>
      Promise.resolve({ data: bytes.slice(offset, offset + length).buffer }),
  });
  await archive.getMetadata().catch(count);
  openMs = cpuMs() - startMs;
} else {
  try {
    const store = await openTileStore(await openFileSource(path));
    openMs = cpuMs() - startMs;
    count("opened");
    await readTiles(store);
    store.close();
  } catch (error) {
    count(error);
    openMs = cpuMs() - startMs;
  }
}
const status = await Deno.readTextFile("/proc/self/status");
const peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)![1]);
console.log(JSON.stringify({ openMs, slowestMs, peakMib: peakKb / 1024, outcomes }));
