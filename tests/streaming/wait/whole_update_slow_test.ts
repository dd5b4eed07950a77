import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import {
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";
import { SubmitJournal } from "../../../src/streaming/submit/submit_journal.ts";
import { heightOfLevel, lookDown, PICTURE } from "../cameras.ts";
import { checkMemory } from "../checks.ts";
import { flatSource } from "../flat_source.ts";
import { ControlledSource, pause, redOfLevel } from "../sources.ts";

const SIZE = 2 ** 14;
const SLOT_TEXELS = 264;

/** Looks straight down with a viewport of another size; a pixel covers 2^level texels. */
function viewOf(viewport: readonly [number, number], [x, y]: readonly [number, number], level = 0) {
  const camera = lookDown(x, y, heightOfLevel(level) * viewport[1] / PICTURE[1]);
  return { ...camera, viewport, width: viewport[0], height: viewport[1] };
}

const LARGE: readonly [number, number] = [3840, 2160];
const SMALL: readonly [number, number] = [1280, 720];

for (const format of ["rgba8unorm", "bc7-rgba-unorm"] as const) {
  Deno.test(`one update without a time budget shows all of a large view in ${format}`, async (t) => {
    using device = await requestDevice();
    if (!device.supports(format)) {
      await t.step({ name: `(needs ${format})`, ignore: true, fn() {} });
      return;
    }
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 256 });
    const source = new ControlledSource(flatSource(SIZE, format));
    await system.loadTexture(source);
    source.before = ({ tile }) => pause(tile % 3);
    const camera = viewOf(LARGE, [8000, 8000]);
    const result = await system.update(camera);
    assert.ok(result.tilesLoaded > 150);
    assert.deepEqual([result.tilesQueued, result.tilesPending], [0, 0]);
    checkMemory(system);
    if (format === "rgba8unorm") {
      const { data } = await render(system, camera, { feedback: false });
      let stale = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (Math.abs(data[at]! - redOfLevel(0)) > 2) stale++;
      }
      assert.equal(stale, 0);
    }
    assert.equal(await system.flush(), true);
    const next = await system.update(viewOf(LARGE, [3000, 12000]));
    assert.deepEqual([next.tilesQueued, next.tilesPending], [0, 0]);
  });
}

/** What an update of the small view leaves out, and most tiles that a submit of it carried. */
async function updateWithin(
  limits: Partial<VirtualTextureSystemOptions>,
  timeBudgetMs: number | null,
) {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, ...limits });
  await system.loadTexture(new ControlledSource(flatSource(SIZE, "rgba8unorm")));
  const { addTile, submit } = SubmitJournal.prototype;
  let tiles = 0;
  let most = 0;
  SubmitJournal.prototype.addTile = function (tile) {
    tiles++;
    addTile.call(this, tile);
  };
  SubmitJournal.prototype.submit = function (record) {
    const isSubmitted = submit.call(this, record);
    if (isSubmitted) {
      most = Math.max(most, tiles);
      tiles = 0;
    }
    return isSubmitted;
  };
  try {
    const result = await system.update(viewOf(SMALL, [8000, 8000]), { timeBudgetMs });
    checkMemory(system);
    return { left: result.tilesQueued + result.tilesPending, loaded: result.tilesLoaded, most };
  } finally {
    Object.assign(SubmitJournal.prototype, { addTile, submit });
  }
}

const LIMITS: readonly [Partial<VirtualTextureSystemOptions>, number][] = [
  [{ tilesPerUpdate: 8 }, 8],
  [{ msPerUpdate: 0 }, 24],
  [{ bytesPerUpdate: 3 * SLOT_TEXELS ** 2 * 4 }, 3],
  [{ bytesPerUpdate: 1 }, 1],
  [{ tilesPerUpdate: 5, msPerUpdate: 0 }, 5],
];

Deno.test("without a time budget the limits of an update hold for each submit, and nothing is left", async () => {
  for (const [limits, mostOfSubmit] of LIMITS) {
    const { left, loaded, most } = await updateWithin(limits, null);
    const name = JSON.stringify(limits);
    assert.equal(left, 0, name);
    assert.ok(loaded > 30, name);
    assert.ok(most > 0 && most <= mostOfSubmit, `${name}: ${most}`);
  }
});

Deno.test("negative control: with a time budget the same limits end the update", async () => {
  const { left, loaded } = await updateWithin({ tilesPerUpdate: 8 }, 10_000);
  assert.ok(left > 20);
  assert.ok(loaded <= 8);
});

Deno.test("tiles that cannot be read end the wait, and flush says so", async () => {
  using device = await requestDevice();
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, tilesPerUpdate: 8, logger });
  const source = new ControlledSource(flatSource(SIZE, "rgba8unorm"));
  await system.loadTexture(source);
  source.before = ({ level, x }) => {
    if (level === 0 && x % 4 === 0) throw new Error("broken");
  };
  const camera = viewOf(SMALL, [8000, 8000]);
  const result = await system.update(camera);
  assert.ok(result.tilesFailed > 0);
  assert.equal(result.tilesLoaded + result.tilesFailed, result.tilesWanted);
  assert.equal(await system.flush(), false);
  source.before = null;
  // What failed is tried again after a back-off in updates.
  for (let i = 0; i < 40; i++) await system.update(camera);
  assert.equal(await system.flush(), true);
});

Deno.test("what does not fit is coarsened, and then nothing is left out either", async () => {
  using device = await requestDevice();
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 12, tilesPerUpdate: 4, logger });
  await system.loadTexture(new ControlledSource(flatSource(SIZE, "rgba8unorm")));
  for (const at of [[8000, 8000], [3000, 9000], [12000, 2000]] as const) {
    const result = await system.update(viewOf(SMALL, at));
    assert.deepEqual([result.tilesQueued, result.tilesPending], [0, 0]);
    assert.ok(system.getStatistics().forcedMipBias > 0);
    checkMemory(system);
  }
  assert.equal(await system.flush(), true);
});
