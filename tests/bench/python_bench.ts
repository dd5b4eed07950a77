/**
 * The time that Python adds to an update with nothing to do, and to one that loads 32 tiles or
 * more. TypeScript and Python stream the same file with the same camera and budget, in turns.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import { lookAt, perspective } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { EMPTY_INPUT, PythonHost } from "../../src/python/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { FORMAT_ROWS, makeKtx2, noiseLevels } from "../sources/ktx2/make_ktx2.ts";

/** Repetitions. */
export interface PythonCounts {
  readonly rounds: number;
  /** Updates with nothing to do in a round. */
  readonly idle: number;
}

const COUNTS: PythonCounts = { rounds: 15, idle: 500 };
const WARM_UP_ROUNDS = 2;
const SIZE = 2048;
const LEVELS = 12;
const TILE_SIZE = 128;
const BUDGET_MB = 32;
const LEAST_TILES = 32;
const EYE = [SIZE / 2, SIZE / 2, 900] as const;
const VIEWPORT = [1280, 720] as const;
const FOV_DEGREES = 60;
const NEAR = 1;
const FAR = 10_000;

const SETUP = `
import forge3d, time
from forge3d import camera, streaming
system = streaming.VirtualTextureSystem(
    forge3d.get_device(), max_memory_mb=${BUDGET_MB}, tile_size=${TILE_SIZE}, tiles_per_update=256)
texture = system.load_texture(path)
eye = (${EYE.join(", ")})
view = camera.look_at(eye, (eye[0], eye[1], 0))
projection = camera.perspective(${FOV_DEGREES}, ${VIEWPORT[0] / VIEWPORT[1]}, ${NEAR}, ${FAR})
viewport = (${VIEWPORT.join(", ")})

def idle(count):
    start = time.perf_counter()
    for _ in range(count):
        system.update_streaming(eye, view, projection, viewport=viewport)
    return (time.perf_counter() - start) * 1e6 / count

def load():
    system.evict_tiles()
    start = time.perf_counter()
    result = system.update_streaming(eye, view, projection, viewport=viewport, time_budget_ms=None)
    return (time.perf_counter() - start) * 1e3, result["tiles_loaded"]
`;

/** One side of the comparison. */
interface Side {
  /** Microseconds of one update with nothing to do, over so many of them. */
  idle(count: number): Promise<number>;
  /** Milliseconds of an update that loads everything in view, and its number of tiles. */
  load(): Promise<readonly [number, number]>;
}

async function typeScriptSide(device: ForgeDevice, path: string): Promise<Side & Disposable> {
  const system = new VirtualTextureSystem(device, {
    maxMemoryMb: BUDGET_MB,
    tileSize: TILE_SIZE,
    tilesPerUpdate: 256,
  });
  await system.loadTexture(path);
  const aspect = VIEWPORT[0] / VIEWPORT[1];
  const camera = {
    position: EYE,
    view: lookAt(EYE, [EYE[0], EYE[1], 0]),
    projection: perspective({ fovYDegrees: FOV_DEGREES, aspect, near: NEAR, far: FAR }),
    viewport: VIEWPORT,
  };
  return {
    idle: (count) => {
      const start = performance.now();
      for (let i = 0; i < count; i++) system.updateNow(camera);
      return Promise.resolve((performance.now() - start) * 1e3 / count);
    },
    load: async () => {
      system.evictTiles();
      const start = performance.now();
      const { tilesLoaded } = await system.update(camera, { timeBudgetMs: null });
      return [performance.now() - start, tilesLoaded];
    },
    [Symbol.dispose]: () => system.close(),
  };
}

interface PythonCall {
  callPromising(...args: number[]): Promise<unknown>;
}

async function pythonSide(path: string): Promise<Side & { host: PythonHost }> {
  const silent = { isatty: false, write: (bytes: Uint8Array) => bytes.length };
  const host = await PythonHost.start({
    streams: { stdin: EMPTY_INPUT, stdout: silent, stderr: silent },
    folder: dirname(path),
  });
  const { pyodide } = host;
  pyodide.globals.set("path", path);
  await pyodide.runPythonAsync(SETUP);
  const idle = pyodide.globals.get("idle") as PythonCall;
  const load = pyodide.globals.get("load") as PythonCall;
  return {
    host,
    idle: async (count) => await idle.callPromising(count) as number,
    load: async () => {
      const result = await load.callPromising() as { toJs(): [number, number]; destroy(): void };
      const pair = result.toJs();
      result.destroy();
      return pair;
    },
  };
}

/** Measures both sides in turns. */
export async function benchPython(
  device: ForgeDevice,
  counts: PythonCounts = COUNTS,
): Promise<BenchResult> {
  const folder = await Deno.makeTempDir({ prefix: "forge3d-bench-" });
  const path = join(folder, "noise.ktx2");
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: SIZE, height: SIZE };
  await Deno.writeFile(path, makeKtx2({ row, ...size, levels: noiseLevels(row, size, LEVELS) }));
  const python = await pythonSide(path);
  using typeScript = await typeScriptSide(device, path);
  const addedUs: number[] = [];
  const ratios: number[] = [];
  try {
    for (let round = 0; round < counts.rounds + WARM_UP_ROUNDS; round++) {
      const [tsMs, tsTiles] = await typeScript.load();
      const [pyMs, pyTiles] = await python.load();
      const least = Math.min(tsTiles, pyTiles);
      if (least < LEAST_TILES || tsTiles !== pyTiles) {
        throw new Error(`Cannot compare updates of ${tsTiles} and ${pyTiles} tiles`);
      }
      const tsUs = await typeScript.idle(counts.idle);
      const pyUs = await python.idle(counts.idle);
      if (round < WARM_UP_ROUNDS) continue;
      ratios.push(pyMs / tsMs);
      addedUs.push(pyUs - tsUs);
    }
  } finally {
    await python.host.close();
    await Deno.remove(folder, { recursive: true });
  }
  return {
    metrics: {
      "added to an idle update": summarize(addedUs, { unit: "µs", target: 100 }),
      "update that loads tiles, Python to TypeScript": summarize(ratios, {
        unit: "ratio",
        target: 1.1,
      }),
    },
  };
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "python",
  description: "what Python adds to an idle update, and to one that loads 32 tiles or more",
  runBenchmark: ({ device }) => benchPython(device),
};
