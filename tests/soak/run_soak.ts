/**
 * A soak: a world to which things are done at random for as long as one likes, and which is checked
 * throughout.
 *
 * @module
 */

import assert from "node:assert/strict";
import { SoakError, type SoakOptions, type SoakReport } from "../../src/cli/soak/soak_run.ts";
import { FIGURES } from "./checks/figures.ts";
import { GrowthWatch } from "./checks/growth.ts";
import { calmDown, compareWithRebuild, measureFigures } from "./checks/rest.ts";
import { allSteps } from "./steps/all_steps.ts";
import { writeFiles } from "./textures/file_texture.ts";
import { Schedule } from "./world/schedule.ts";
import { StallWatch } from "./world/stall_watch.ts";
import { StepLog } from "./world/step_log.ts";
import { SoakWorld } from "./world/world.ts";

/** Frames from one rest to the next. */
const REST_FRAMES = 1000;
/** At which every step has its turn within 1,000 frames, with some to spare. */
const PACE = 3;
/** Frames of the main system to one of the other. */
const FRAMES_PER_GUEST_FRAME = 3;
/** Frames to one that is noted as drawn, and whose feedback is read back. */
const FRAMES_PER_RENDER = 4;

/** Breaks something on purpose, for tests of the checks. */
export interface Sabotage {
  /** Names of steps that are left out, as they would undo it. */
  readonly without?: readonly string[];
  /** Called when the world is open. */
  readonly begin?: (world: SoakWorld) => void;
  /** Called in each frame. */
  readonly inFrame?: (world: SoakWorld) => void;
}

/**
 * Runs a soak.
 *
 * @throws {SoakError} naming the frame in which something was found.
 */
export async function runSoak(options: SoakOptions, sabotage: Sabotage = {}): Promise<SoakReport> {
  const { seed, frames = Infinity, minutes = Infinity } = options;
  assert.ok(frames < Infinity || minutes < Infinity, "a soak needs an end");
  const log = new StepLog();
  const folder = await Deno.makeTempDir({ prefix: "forge3d soak " });
  const world = new SoakWorld({ seed, log, folder });
  const watch = new StallWatch();
  try {
    return await Promise.race([runWorld(world, options, { sabotage, watch }), watch.stalled]);
  } catch (cause) {
    const message = messageOf(cause);
    const lines = world.trail.linesFor(message);
    const trail = lines.length === 0 ? "" : `\nDone last:\n  ${lines.join("\n  ")}`;
    throw new SoakError(message + trail, { seed, frame: log.frame, cause });
  } finally {
    watch.stop();
    world.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function runWorld(
  world: SoakWorld,
  options: SoakOptions,
  { sabotage, watch }: { readonly sabotage: Sabotage; readonly watch: StallWatch },
): Promise<SoakReport> {
  const { seed, frames = Infinity, minutes = Infinity } = options;
  const { restFrames = REST_FRAMES, pace = PACE } = options;
  const { log } = world;
  const startMs = performance.now();
  const elapsedMinutes = () => (performance.now() - startMs) / 60_000;
  const growth = new GrowthWatch(FIGURES);
  watch.begin("opening the world");
  await writeFiles(world.folder);
  await world.open();
  const steps = allSteps(world.textures.kinds)
    .filter(({ name }) => !sabotage.without?.includes(name));
  const schedule = new Schedule(steps, log, { seed, pace });
  growth.addSample(await measureFigures(world));
  sabotage.begin?.(world);
  while (log.frame < frames && elapsedMinutes() < minutes && !options.signal?.aborted) {
    watch.begin("a frame");
    world.beginFrame();
    await schedule.runDueSteps(world, log.frame);
    await runFrame(world);
    sabotage.inFrame?.(world);
    if (log.frame % restFrames === 0) await rest(world, { growth, watch });
    options.onFrame?.({
      frame: log.frame,
      minutes: elapsedMinutes(),
      steps: log.total,
      rests: growth.count - 1,
    });
  }
  if (log.frame % restFrames !== 0) await rest(world, { growth, watch });
  const isWhole = !options.signal?.aborted;
  const found = [...(isWhole ? log.missing() : []), ...growth.breaches()];
  if (found.length > 0) throw new Error(found.join("; "));
  return {
    frames: log.frame,
    minutes: elapsedMinutes(),
    counts: [...log.counts()].map(([name, count]) => ({ name, ...count })),
    figures: growth.growth(),
    adapter: world.device.name,
  };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}

async function runFrame(world: SoakWorld): Promise<void> {
  const { main, guest, log } = world;
  await world.attempt(() => {
    const camera = main.flight.advance();
    main.system.updateNow(camera);
    if (log.frame % FRAMES_PER_RENDER === 0) main.system.noteRender(camera.viewport);
    if (guest !== null && log.frame % FRAMES_PER_GUEST_FRAME === 0) {
      guest.system.updateNow(guest.flight.advance());
      guest.system.noteRender();
    }
  });
  world.noteFaults();
  if (main.system.getStatistics().forcedMipBias > 0) log.note("memory is short");
  world.checkAlways();
  await world.ticks.pass();
}

async function rest(
  world: SoakWorld,
  { growth, watch }: {
    readonly growth: GrowthWatch<keyof typeof FIGURES>;
    readonly watch: StallWatch;
  },
): Promise<void> {
  watch.begin("ending what is in flight");
  await calmDown(world);
  watch.begin("the comparison with a rebuild");
  await compareWithRebuild(world);
  watch.begin("the measurement");
  growth.addSample(await measureFigures(world));
}
