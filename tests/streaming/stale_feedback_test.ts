import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { IntMap } from "../../src/residency/mod.ts";
import { DrawnFootprints } from "../../src/streaming/frame/drawn_footprints.ts";
import { FeedbackWants } from "../../src/streaming/frame/feedback_wants.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { mapSource } from "./sources.ts";

const PLACES = [[500, 500], [1500, 1100], [1100, 500], [700, 900]] as const;

/** Biases of views that are settled and drawn once each, after pressure that has gone. */
async function biasesAfterPressure(): Promise<number[]> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 1.7 * 2 ** 20,
    tileSize: 64,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const source = () => mapSource({ width: 2000, height: 1500 });
  await system.loadTexture(source());
  const visit = async () => {
    const biases: number[] = [];
    for (const [x, y] of PLACES) {
      const camera = lookDown(x, y, heightOfLevel(0.2));
      await system.update(camera);
      await system.flush();
      await render(system, camera);
      biases.push(system.getStatistics().mipBias);
    }
    return biases;
  };
  const before = await visit();
  const others = [await system.loadTexture(source()), await system.loadTexture(source())];
  await visit();
  const during = system.getStatistics().mipBias;
  assert.ok(during > Math.max(...before), `${during} with three textures, ${before} with one`);
  for (const other of others) await system.unloadTexture(other);
  const after = await visit();
  return after.map((bias, i) => bias - before[i]!);
}

Deno.test("settled views that are drawn once each are as fine as before the pressure", async () => {
  assert.deepEqual(await biasesAfterPressure(), PLACES.map(() => 0));
});

Deno.test("negative control: with the feedback of other views they stay coarse", async () => {
  await withAllFeedback(async () => {
    assert.ok((await biasesAfterPressure()).some((more) => more > 0));
  });
});

/** Lets feedback of every view count, whatever the footprint named. */
async function withAllFeedback(run: () => Promise<void>): Promise<void> {
  const { keepView } = FeedbackWants.prototype;
  const { takeTiles } = DrawnFootprints.prototype;
  FeedbackWants.prototype.keepView = () => {};
  DrawnFootprints.prototype.takeTiles = () => new IntMap();
  try {
    await run();
  } finally {
    FeedbackWants.prototype.keepView = keepView;
    DrawnFootprints.prototype.takeTiles = takeTiles;
  }
}

/** Where updates along some places want more tiles than one that comes from nowhere, or are pressed. */
async function excessAlong(levels: readonly number[]): Promise<string[]> {
  const excess: string[] = [];
  using device = await requestDevice();
  const make = (interval: number) =>
    new VirtualTextureSystem(device, {
      maxMemoryBytes: 3 * 2 ** 20,
      tileSize: 64,
      feedbackInterval: interval,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
  using drawn = make(1);
  using plain = make(0);
  for (const system of [drawn, plain]) await system.loadTexture(mapSource());
  for (const [i, level] of levels.entries()) {
    const [x, y] = PLACES[i % PLACES.length]!;
    const camera = lookDown(x, y, heightOfLevel(level));
    const found = await drawn.update(camera);
    await render(drawn, camera);
    const wanted = await plain.update(camera);
    const { mipBias } = drawn.getStatistics();
    if (found.tilesWanted > wanted.tilesWanted + 2 || mipBias > 0) {
      excess.push(`${i}: ${found.tilesWanted} instead of ${wanted.tilesWanted}, bias ${mipBias}`);
    }
  }
  return excess;
}

const TELEPORTS = [0, 0.5, 0, 1, 0.2, 0.2, 2, 0, 0, 0, 1.5, 0.1];

Deno.test("a camera that moves or rests wants no tiles of views that it has left", async () => {
  assert.deepEqual(await excessAlong(TELEPORTS), []);
  assert.deepEqual(await excessAlong([0, 0.3, ...Array<number>(8).fill(2.5)]), []);
});

Deno.test("negative control: with all feedback it wants more", async () => {
  await withAllFeedback(async () => assert.ok((await excessAlong(TELEPORTS)).length > 3));
});
