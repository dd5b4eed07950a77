import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { cameraAt, heightOfLevel, lookDown, type TestCamera } from "./cameras.ts";
import { mapSource } from "./sources.ts";

/** Updates without pressure after which an episode is over, and some more. */
const CALM_UPDATES = 45;

/** The warnings of updates along some cameras, and the episodes that are counted. */
async function warningsOf(maxMemoryBytes: number, cameras: Iterable<TestCamera>, scale = 1) {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes,
    tileSize: 64,
    logger: { debug() {}, info() {}, warn, error() {} },
  });
  await system.loadTexture(mapSource());
  await system.tuning.setPoolSizeScales({ 0: scale });
  for (const camera of cameras) {
    await system.update({ ...camera, viewport: [480, 270] });
  }
  return { warnings, episodes: system.getStatistics().pressureEpisodes };
}

/** What is wrong with warnings; empty if nothing is. */
function warningBreach({ warnings, episodes }: { warnings: string[]; episodes: number }): string {
  if (warnings.length !== episodes) return `${warnings.length} warnings, ${episodes} episodes`;
  for (const text of warnings) {
    const [, needed, fit] = text.match(/needs (\d+) tiles and (\d+) fit/) ?? [];
    if (!(Number(needed) > Number(fit))) return text;
  }
  return "";
}

const down = (step: number, level: number) =>
  lookDown(600 + 3 * step, 1000, 3 * heightOfLevel(level));

/** Pans, zooms to and fro through the level at which the view just fits, and looks to the horizon. */
function* restlessFlight(period: number): Iterable<TestCamera> {
  for (let step = 0; step < 240; step++) {
    const x = 600 + 3 * step;
    if (step % 80 > 60) yield cameraAt([x, 700, 150], [x, 1000, 0]);
    else yield down(step, 0.5 + 0.8 * Math.sin(2 * Math.PI * step / period));
  }
}

/** In and out of pressure, with some calm updates between. */
function* comingAndGoing(times: number, calmUpdates: number): Iterable<TestCamera> {
  for (let time = 0; time < times; time++) {
    for (let step = 0; step < 5; step++) yield down(step, 0.1);
    for (let step = 0; step < calmUpdates; step++) yield lookDown(600 + step, 1000, 40);
  }
}

const BUDGET = 1.5 * 2 ** 20;

Deno.test("a flight in and out of pressure warns once an episode, of what does not fit", async () => {
  let episodes = 0;
  for (const budget of [1.5, 1.75, 2, 2.5].map((mib) => mib * 2 ** 20)) {
    for (const period of [14, 40]) {
      const result = await warningsOf(budget, restlessFlight(period));
      assert.equal(warningBreach(result), "");
      assert.ok(result.episodes <= 2, `${result.episodes}`);
      episodes += result.episodes;
    }
  }
  assert.ok(episodes > 2, "there is pressure");
});

Deno.test("pressure that comes back soon is the same episode, and later another", async () => {
  const soon = await warningsOf(BUDGET, comingAndGoing(4, 10));
  assert.deepEqual([soon.warnings.length, soon.episodes], [1, 1]);
  const later = await warningsOf(BUDGET, comingAndGoing(3, CALM_UPDATES));
  assert.deepEqual([later.warnings.length, later.episodes], [3, 3]);
  assert.equal(warningBreach(later), "");
});

Deno.test("where a scale of pools is the cause, the remedy is a larger scale, not more memory", async () => {
  const { warnings: [text] } = await warningsOf(64 * 2 ** 20, [down(0, 0)], 0);
  assert.match(
    text!,
    /as the scale of scalability group 0, 0, makes .* Give the group a larger scale/,
  );
  assert.doesNotMatch(text!, /max_memory_mb/);
  const { warnings: [other] } = await warningsOf(BUDGET, [down(0, 0)]);
  assert.match(other!, /Raise max_memory_mb/);
});

Deno.test("negative control: numbers that fit and repeated warnings are found", () => {
  const warning = (needed: number) => `what is seen needs ${needed} tiles and 21 fit`;
  assert.equal(warningBreach({ warnings: [warning(22)], episodes: 1 }), "");
  assert.notEqual(warningBreach({ warnings: [warning(19)], episodes: 1 }), "");
  assert.notEqual(warningBreach({ warnings: [warning(22), warning(30)], episodes: 1 }), "");
  assert.notEqual(warningBreach({ warnings: ["memory pressure"], episodes: 1 }), "");
});
