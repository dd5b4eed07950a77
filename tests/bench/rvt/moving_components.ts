/**
 * A scene of many components, some of which move in each frame: in TypeScript, and the same by Python.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { type CameraView, lookAt, orthographic } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { EMPTY_INPUT, PythonHost } from "../../../src/python/mod.ts";
import {
  DecalComponent,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { type RenderCamera, renderScene } from "../../../src/scene/mod.ts";

/** Components in a row; their distance in world units is {@linkcode SPACING}. */
const SIDE = 32;
const SPACING = 2;
const SIZE = SIDE * SPACING;
const BUDGET_MB = 32;
const TILE_SIZE = 64;
const SIZE_IN_TILES_LOG2 = 2;
const PIXELS = 128;
const DRAINED_PIXELS = 8;

/** What a frame took and did. */
export interface MovingFrame {
  /** Milliseconds of its calls. */
  readonly elapsedMs: number;
  readonly tilesWanted: number;
  readonly tilesLoaded: number;
  /** Where the first component stands after it. */
  readonly firstX: number;
}

/** One side of a comparison. */
export interface MovingComponents extends AsyncDisposable {
  /** Moves the first components along x, each to its place plus `shift`, and updates without waiting. */
  runFrame(moved: number, shift: number): Promise<MovingFrame>;
  /** Waits, outside all times, until tiles and the GPU have nothing left to do. */
  drain(): Promise<void>;
}

/** The side of Python. */
export interface PythonMovingComponents extends MovingComponents {
  /** A frame with a core that does nothing: neither moves nor updates. */
  runFrameAlone(moved: number, shift: number): Promise<MovingFrame>;
}

function placeOf(index: number, shift: number) {
  return [index % SIDE * SPACING + shift, Math.floor(index / SIDE) * SPACING, 0];
}

/** The side of TypeScript, with all tiles resident. */
export async function typeScriptComponents(
  device: ForgeDevice,
  count: number,
): Promise<MovingComponents> {
  const system = new VirtualTextureSystem(device, { maxMemoryMb: BUDGET_MB, tileSize: TILE_SIZE });
  const scene = new RuntimeVirtualTextureScene(system);
  const asset = new RuntimeVirtualTexture({
    materialType: "base_color",
    tileSize: TILE_SIZE,
    sizeInTilesLog2: SIZE_IN_TILES_LOG2,
  });
  const material = new Material({
    name: "paint",
    domain: "virtual_texture",
    baseColor: [0.8, 0.1, 0.1],
  });
  const half = SIZE / 2;
  const position = [half, half, 10];
  const view: CameraView & RenderCamera = {
    position,
    view: lookAt(position, [half, half, 0], { up: [0, 1, 0] }),
    projection: orthographic({
      left: -half,
      right: half,
      bottom: -half,
      top: half,
      near: 1,
      far: 100,
    }),
    viewport: [PIXELS, PIXELS],
    width: DRAINED_PIXELS,
    height: DRAINED_PIXELS,
  };
  const components = Array.from({ length: count }, (_, index) =>
    new DecalComponent({
      name: `decal ${index}`,
      material,
      transform: { position: placeOf(index, 0) },
      renderToVirtualTextures: [asset],
    }));
  for (const component of components) scene.addComponent(component);
  await scene.addVolume(
    new RuntimeVirtualTextureVolume(asset, { position: [half, half, 0], scale: [SIZE, SIZE, 4] }),
  );
  await system.update(view, { timeBudgetMs: null });
  return {
    runFrame: (moved, shift) => {
      const start = performance.now();
      for (let index = 0; index < moved; index++) {
        components[index]!.transform = { position: placeOf(index, shift) };
      }
      const { tilesWanted, tilesLoaded } = system.updateNow(view);
      const elapsedMs = performance.now() - start;
      const firstX = components[0]!.transform.position[0];
      return Promise.resolve({ elapsedMs, tilesWanted, tilesLoaded, firstX });
    },
    drain: async () => {
      await system.flush();
      await renderScene(scene, view, { feedback: false });
    },
    [Symbol.asyncDispose]: async () => {
      await scene.close();
      system.close();
    },
  };
}

interface PythonFunction {
  callPromising(...args: number[]): Promise<unknown>;
}

interface PythonTuple {
  toJs(): [number, number, number, number];
  destroy(): void;
}

/** The same by Python. */
export async function pythonComponents(count: number): Promise<PythonMovingComponents> {
  const silent = { isatty: false, write: (bytes: Uint8Array) => bytes.length };
  const host = await PythonHost.start({
    streams: { stdin: EMPTY_INPUT, stdout: silent, stderr: silent },
    folder: tmpdir(),
  });
  const { pyodide } = host;
  const script = await Deno.readTextFile(new URL("moving_components.py", import.meta.url));
  const given = [SIDE, SPACING, BUDGET_MB, TILE_SIZE, SIZE_IN_TILES_LOG2, PIXELS].join(", ");
  try {
    await pyodide.runPythonAsync(script);
    await pyodide.runPythonAsync(`moving = MovingComponents(${given})\nmoving.fill(${count})`);
  } catch (error) {
    await host.close();
    throw error;
  }
  const method = (name: string) => pyodide.runPython(`moving.${name}`) as PythonFunction;
  const frame = (name: string) => {
    const call = method(name);
    return async (moved: number, shift: number): Promise<MovingFrame> => {
      const result = await call.callPromising(moved, shift) as PythonTuple;
      const [elapsedMs, tilesWanted, tilesLoaded, firstX] = result.toJs();
      result.destroy();
      return { elapsedMs, tilesWanted, tilesLoaded, firstX };
    };
  };
  const drain = method("drain");
  return {
    runFrame: frame("run_frame"),
    runFrameAlone: frame("run_frame_alone"),
    drain: async () => void await drain.callPromising(),
    [Symbol.asyncDispose]: () => host.close(),
  };
}
