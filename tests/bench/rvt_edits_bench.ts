/**
 * Tiles that edits render again against the tiles that show the edited part, at rest.
 *
 * A decal is moved and turned at random. The exact set is found by hand: resident tiles, of every level,
 * whose square with its border and one texel overlaps the decal's rectangle where it was or where it is.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import { rotationAbout } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { DecalComponent, Material } from "../../src/rvt/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { seededRandom } from "../helpers/random.ts";
import { insideOf } from "../streaming/inside.ts";
import { GROUND_SIZE, groundView, LayeredScene } from "./rvt/layered_scene.ts";

/** What {@linkcode benchEdits} measures. */
export interface EditBenchOptions {
  /** Moves of the decal. */
  readonly edits: number;
}

const OPTIONS: EditBenchOptions = { edits: 60 };
const TILE_SIZE = 64;
const SIZE_IN_TILES_LOG2 = 4;
const BORDER = 4;
const BUDGET_MB = 64;
const SEED = 5;
/** Extent of the decal in world units. */
const SIZE = [9, 3] as const;
/** Along which a decal lies exactly at a tile's edge is decided by rounding. */
const TOLERANCE = 1e-6;

type Point = readonly [number, number];

/** Where the decal lies. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** Moves the decal, and compares. */
export async function benchEdits(
  device: ForgeDevice,
  { edits }: EditBenchOptions = OPTIONS,
): Promise<BenchResult> {
  using system = new VirtualTextureSystem(device, { maxMemoryMb: BUDGET_MB, tileSize: TILE_SIZE });
  const random = seededRandom(SEED);
  const placeAtRandom = (): Place => ({
    x: GROUND_SIZE * random(),
    y: GROUND_SIZE * random(),
    angle: 2 * Math.PI * random(),
  });
  const ground = await LayeredScene.create(system, {
    layers: 1,
    materialType: "base_color",
    sizeInTilesLog2: SIZE_IN_TILES_LOG2,
    tileSize: TILE_SIZE,
    tileBorder: BORDER,
  });
  let place = placeAtRandom();
  const decal = new DecalComponent({
    name: "decal",
    material: new Material({
      name: "paint",
      domain: "virtual_texture",
      baseColor: [0.8, 0.1, 0.1],
    }),
    size: SIZE,
    transform: transformOf(place),
    renderToVirtualTextures: ground.assets,
  });
  ground.scene.addComponent(decal);
  const view = groundView("down", [1024, 1024]);
  const settle = () => system.update(view, { timeBudgetMs: null });
  await settle();
  const { recorder, residency, grid } = insideOf(ground.texture);
  const counter = recorder as unknown as { readonly renderedCount: number };
  const [ratios, counts]: [number[], number[]] = [[], []];
  for (let edit = 0; edit < edits; edit++) {
    const before = counter.renderedCount;
    const corners = [cornersOf(place)];
    place = placeAtRandom();
    corners.push(cornersOf(place));
    const tiles = Array.from({ length: grid.tileCount }, (_, tile) => tile);
    const exact = tiles.filter((tile) => residency.slotOf.has(tile)).filter((tile) => {
      const square = squareOf(grid.addressOf(tile), grid);
      return corners.some((rectangle) => overlap(rectangle, square));
    });
    decal.transform = transformOf(place);
    await settle();
    counts.push(exact.length);
    ratios.push((counter.renderedCount - before) / exact.length);
  }
  return {
    metrics: {
      tiles_of_an_edit: summarize(counts, { unit: "tiles" }),
      tiles_rendered_vs_exact: summarize(ratios, { unit: "ratio", target: 1 }),
    },
  };
}

function transformOf({ x, y, angle }: Place) {
  return { position: [x, y, 1], rotation: rotationAbout([0, 0, 1], angle) };
}

/** Corners of the decal, in their order around it. */
function cornersOf({ x, y, angle }: Place): Point[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([i, j]) => {
    const [u, v] = [i! * SIZE[0] / 2, j! * SIZE[1] / 2];
    return [x + u * cos - v * sin, y + u * sin + v * cos];
  });
}

/** Corners of a tile with its border and one texel, in world units. */
function squareOf(
  { level, x, y }: { readonly level: number; readonly x: number; readonly y: number },
  grid: { level(level: number): { readonly width: number; readonly height: number } },
): Point[] {
  const { width, height } = grid.level(level);
  const edges = (at: number, texels: number): Point => {
    const reach = BORDER + 1;
    const texel = GROUND_SIZE / texels;
    return [(at * TILE_SIZE - reach) * texel, ((at + 1) * TILE_SIZE + reach) * texel];
  };
  const [x0, x1] = edges(x, width);
  const [y0, y1] = edges(y, height);
  return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
}

/** Whether two convex polygons overlap: no edge of either has all of the other beyond it. */
function overlap(one: readonly Point[], other: readonly Point[]): boolean {
  return !isApart(one, other) && !isApart(other, one);
}

function isApart(one: readonly Point[], other: readonly Point[]): boolean {
  return one.some(([x0, y0], i) => {
    const [x1, y1] = one[(i + 1) % one.length]!;
    const length = Math.hypot(x1 - x0, y1 - y0);
    const [normalX, normalY] = [(y1 - y0) / length, (x0 - x1) / length];
    return other.every(([x, y]) => (x - x0) * normalX + (y - y0) * normalY > -TOLERANCE);
  });
}

/** Tiles of edits. */
export const bench: Benchmark = {
  name: "rvt_edits",
  description: "tiles that an edit renders again against those that show what was edited",
  runBenchmark: ({ device }) => benchEdits(device),
};
