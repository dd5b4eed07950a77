import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { checkPlaces, redRange } from "../pictures.ts";
import { ControlledSource, redOfLevel } from "../sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0) * 1.001);

function options() {
  const lines: string[] = [];
  const logger = {
    debug: (text: string) => void lines.push(text),
    info() {},
    warn() {},
    error() {},
  };
  return { lines, system: { maxMemoryBytes: 4 * 2 ** 20, tileSize: 64, logger } };
}

Deno.test("a tile that cannot be read shows its ancestor, is counted, and is retried less and less often", async () => {
  using device = await requestDevice();
  const { lines, system: settings } = options();
  using system = new VirtualTextureSystem(device, settings);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  const { grid, residency } = insideOf(texture);
  const broken = grid.tileIndexOf(0, Math.floor(1000 / 64), Math.floor(1100 / 64));
  source.before = ({ tile }) => {
    if (tile === broken) throw new Error("the disk is gone");
  };
  source.reads.length = 0;
  const attempts: number[] = [];
  for (let update = 0; update < 70; update++) {
    const result = await system.update(camera);
    if (result.tilesFailed > 0) attempts.push(update);
    checkMemory(system);
  }
  // After 2, 4, 8, 16 … updates.
  assert.deepEqual(attempts, [0, 2, 6, 14, 30, 62]);
  assert.equal(source.reads.filter((tile) => tile === broken).length, attempts.length);
  assert.equal(system.getStatistics().tilesFailed, attempts.length);
  assert.ok(lines.some((line) => line.includes("the disk is gone")));
  const picture = await render(system, camera);
  checkPlaces(picture, camera, texture);
  const { least, most } = redRange(picture);
  assert.ok(least <= redOfLevel(0) + 1 && most >= redOfLevel(1) - 1 && most <= redOfLevel(1) + 1);
  assert.ok(residency.slotOf.has(grid.parentOf(broken)));
  await checkEverything(system);
  source.before = null;
  for (let update = 0; update < 130 && !residency.slotOf.has(broken); update++) {
    await system.update(camera);
  }
  assert.ok(residency.slotOf.has(broken), "it is resident in the end");
  assert.ok(redRange(await render(system, camera)).most <= redOfLevel(0) + 1);
});

Deno.test("where the parent fails too, the nearest readable ancestor is loaded and shown", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options().system);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  const { grid, residency } = insideOf(texture);
  source.before = ({ level }) => {
    if (level < 3) throw new Error("broken");
  };
  for (let update = 0; update < 40; update++) {
    await system.update(camera);
    checkMemory(system);
  }
  const picture = await render(system, camera);
  checkPlaces(picture, camera, texture);
  const { least, most } = redRange(picture);
  assert.ok(Math.abs(least - redOfLevel(3)) <= 1 && Math.abs(most - redOfLevel(3)) <= 1);
  residency.slotOf.forEach((tile) => assert.ok(grid.levelOf(tile) >= 3));
  await checkEverything(system);
});

Deno.test("a source that gives tiles of the wrong size fails by tile, and nothing wrong is shown", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options().system);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  const readTile = source.readTile.bind(source);
  source.readTile = async (level, x, y, options) => {
    const bytes = await readTile(level, x, y, options);
    return level === 0 ? bytes.subarray(0, 100) : level === 1 ? undefined as never : bytes;
  };
  for (let update = 0; update < 5; update++) await system.update(camera);
  assert.ok(system.getStatistics().tilesFailed > 0);
  checkPlaces(await render(system, camera), camera, texture);
  await checkEverything(system);
  device.assertAlive();
});
