/**
 * The demo's flight: frames, the edit, and the same views without tiles.
 *
 * @module
 */

import { type Picture, renderScene } from "../../scene/mod.ts";
import { erupt } from "./eruption.ts";
import { EDIT_AT, type FlightCamera, flightCamera } from "./flight_path.ts";
import { ISLAND_LIGHT } from "./island_light.ts";
import type { IslandWorld } from "./island_world.ts";
import { type PictureDifference, pictureDifference } from "./picture_difference.ts";

/** What a frame took. */
export interface FrameRecord {
  /** Number of the frame, from 0. */
  readonly frame: number;
  /** Tiles that were rendered for it. */
  readonly tilesLoaded: number;
  /** Updates until nothing was missing. */
  readonly updates: number;
  /** Milliseconds of all updates, and of one picture with its read-back. */
  readonly updateMs: number;
  readonly pictureMs: number;
}

/** What the edit did. */
export interface EditRecord {
  /** Number of the frame after which it came. */
  readonly frame: number;
  /** Tiles in the atlases when it came. */
  readonly residentTiles: number;
  /** Those that were rendered again. */
  readonly tilesRendered: number;
  /** Milliseconds of the update that rendered them. */
  readonly updateMs: number;
  readonly before: Picture;
  readonly after: Picture;
}

/** A view through tiles, and the same one with all layers evaluated for each pixel. */
export interface Comparison {
  readonly frame: number;
  readonly sampled: Picture;
  readonly direct: Picture;
  readonly difference: PictureDifference;
  /** Milliseconds of each, read-back included. */
  readonly sampledMs: number;
  readonly directMs: number;
}

/** A flight. */
export interface Flight {
  readonly frames: readonly FrameRecord[];
  readonly edit: EditRecord;
  readonly comparisons: readonly Comparison[];
  /** The camera of the last frame. */
  readonly lastCamera: FlightCamera;
}

/** How it is flown. */
export interface FlyOptions {
  readonly frames: number;
  readonly size: readonly [number, number];
  /** How many frames are compared. */
  readonly comparisons: number;
  /** Takes each frame. */
  onFrame(frame: number, picture: Picture): Promise<void>;
}

/** Updates for a picture at most: coarse tiles, finer ones, and what its feedback asks for. */
const MOST_UPDATES = 4;

/** Flies. */
export async function fly(world: IslandWorld, options: FlyOptions): Promise<Flight> {
  const { frames: count, size, onFrame } = options;
  const frames: FrameRecord[] = [];
  const comparisons: Comparison[] = [];
  const compared = comparedFrames(options);
  const editAfter = Math.round(EDIT_AT * (count - 1));
  let edit: EditRecord | null = null;
  let camera = flightCamera(world.land, 0, size);
  for (let frame = 0; frame < count; frame++) {
    camera = flightCamera(world.land, frame / (count - 1), size);
    const { picture, ...record } = await drawSettled(world, camera);
    frames.push({ frame, ...record });
    await onFrame(frame, picture);
    if (compared.has(frame)) comparisons.push(await compare(world, camera, frame));
    if (frame !== editAfter) continue;
    edit = await editGround(world, camera, { frame, before: picture });
  }
  return { frames, edit: edit!, comparisons, lastCamera: camera };
}

/** Frames that are compared: the first and the last, and some between them. */
function comparedFrames({ frames, comparisons }: FlyOptions): Set<number> {
  return new Set(
    Array.from(
      { length: comparisons },
      (_, i) => Math.round(i * (frames - 1) / Math.max(1, comparisons - 1)),
    ),
  );
}

/** Draws until a picture wants no more tiles than there are; the times are those of the last picture. */
async function drawSettled(world: IslandWorld, camera: FlightCamera) {
  const { system } = world.scene;
  const sums = { tilesLoaded: 0, updates: 0, updateMs: 0 };
  let shown: { picture: Picture; pictureMs: number } | null = null;
  while (sums.updates < MOST_UPDATES) {
    const start = performance.now();
    const { tilesLoaded } = await system.update(camera, { timeBudgetMs: null });
    sums.updateMs += performance.now() - start;
    sums.tilesLoaded += tilesLoaded;
    sums.updates++;
    if (shown !== null && tilesLoaded === 0) break;
    shown = await timedPicture(world, camera);
  }
  return { ...sums, ...shown! };
}

async function timedPicture(
  { scene }: IslandWorld,
  camera: FlightCamera,
  layers: "sampled" | "direct" = "sampled",
): Promise<{ picture: Picture; pictureMs: number }> {
  const start = performance.now();
  const picture = await renderScene(scene, camera, { ...ISLAND_LIGHT, layers });
  return { picture, pictureMs: performance.now() - start };
}

async function editGround(
  world: IslandWorld,
  camera: FlightCamera,
  { frame, before }: { readonly frame: number; readonly before: Picture },
): Promise<EditRecord> {
  const { system } = world.scene;
  // What the last picture wanted, so that nothing but the edit is left to render.
  await system.update(camera, { timeBudgetMs: null });
  const residentTiles = system.getStatistics().activeTiles;
  erupt(world);
  const start = performance.now();
  const { tilesLoaded: tilesRendered } = await system.update(camera, { timeBudgetMs: null });
  const updateMs = performance.now() - start;
  const { picture: after } = await drawSettled(world, camera);
  return { frame, residentTiles, tilesRendered, updateMs, before, after };
}

/** Both ways, at half the size; the first time each after a picture that makes its pipelines. */
async function compare(
  world: IslandWorld,
  { width, height, ...camera }: FlightCamera,
  frame: number,
): Promise<Comparison> {
  const size = [Math.ceil(width / 2), Math.ceil(height / 2)] as const;
  const small = { ...camera, width: size[0], height: size[1], viewport: size };
  if (frame === 0) await timedPicture(world, { ...small, width: 8, height: 8 }, "direct");
  await drawSettled(world, small);
  const { pictureMs: sampledMs, picture: sampled } = await timedPicture(world, small);
  const { pictureMs: directMs, picture: direct } = await timedPicture(world, small, "direct");
  const difference = pictureDifference(sampled, direct);
  return { frame, sampled, direct, difference, sampledMs, directMs };
}
