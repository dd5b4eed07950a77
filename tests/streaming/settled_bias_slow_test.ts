import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../src/gpu/mod.ts";
import { BIAS_STEP, PressureControl } from "../../src/residency/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { cameraAt, heightOfLevel, lookDown, PICTURE, type TestCamera } from "./cameras.ts";
import { flatSource } from "./flat_source.ts";
import { insideOf } from "./inside.ts";

const MIB = 2 ** 20;
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const VIEWPORT: readonly [number, number] = [800, 600];

function withViewport(camera: TestCamera): TestCamera {
  return { ...camera, viewport: VIEWPORT, width: VIEWPORT[0], height: VIEWPORT[1] };
}

function above(x: number, y: number, level: number): TestCamera {
  return withViewport(lookDown(x, y, heightOfLevel(level) * VIEWPORT[1] / PICTURE[1]));
}

/** Views of a texture of 8192 texels: inside it, at its corner and its edge, at corners of tiles. */
const VIEWS = [
  above(4200, 3000, -0.5),
  above(300, 300, 0),
  above(8000, 4000, 0.2),
  above(4096, 4096, 0),
];

/** What the camera saw before: nothing, much, and little. */
const PATHS: readonly ((view: TestCamera) => TestCamera)[] = [
  (view) => view,
  ({ position: [x, y] }) => withViewport(cameraAt([x, y - 300, 400], [x, y + 2500, 0])),
  ({ position: [x, y] }) => above(x, y, 4),
];

async function makeSystem(device: ForgeDevice, maxMemoryBytes: number, draws: boolean) {
  const feedbackInterval = draws ? 1 : 0;
  const system = new VirtualTextureSystem(device, { maxMemoryBytes, logger, feedbackInterval });
  const texture = await system.loadTexture(flatSource(8192, "rgba8unorm"));
  return { system, slots: insideOf(texture).pool.residency.streamingCapacity };
}

/** Updates a view until its bias stands still. */
async function settle(system: VirtualTextureSystem, camera: TestCamera, draws: boolean) {
  let bias = NaN;
  for (let i = 0, still = 0; still < 6; i++) {
    assert.ok(i < 120, "the bias comes to rest");
    if (i % 3 === 0) await system.flush();
    else if (i % 3 === 1) await system.update(camera);
    else system.updateNow(camera);
    if (draws) await render(system, camera);
    const { mipBias } = system.getStatistics();
    still = mipBias === bias ? still + 1 : 0;
    bias = mipBias;
  }
  return bias;
}

/** Tiles that a view wants at a bias. */
async function wantedAt(device: ForgeDevice, camera: TestCamera, bias: number): Promise<number> {
  const { system } = await makeSystem(device, 64 * MIB, false);
  using _ = system;
  system.setQualitySettings({ lodScale: 2 ** -bias });
  return (await system.update(camera)).tilesWanted;
}

/** Views whose bias depends too much on the path, or stays though a finer one fits. */
async function wrongBiases(options: {
  budgetsMib: readonly number[];
  maxMipBias: number;
  draws?: boolean;
  views?: readonly TestCamera[];
}): Promise<string[]> {
  using device = await requestDevice();
  const { budgetsMib, maxMipBias, draws = false, views = VIEWS } = options;
  const wrong: string[] = [];
  for (const mib of budgetsMib) {
    for (const [index, view] of views.entries()) {
      const biases: number[] = [];
      let room = 0;
      for (const path of PATHS) {
        const { system, slots } = await makeSystem(device, mib * MIB, draws);
        using _ = system;
        system.setQualitySettings({ maxMipBias });
        for (let i = 0; i < 8; i++) await system.update(path(view));
        system.updateNow(view);
        biases.push(await settle(system, view, draws));
        room = slots;
      }
      const most = Math.max(...biases);
      const name = `${mib} MiB, view ${index}: ${biases}`;
      if (most - Math.min(...biases) > BIAS_STEP) wrong.push(`${name} differ`);
      if (most === 0) continue;
      const finer = await wantedAt(device, view, Math.max(0, most - BIAS_STEP));
      const limit = (most > maxMipBias ? 0.9 : 0.75) * room;
      if (finer <= limit) wrong.push(`${name}: ${finer} of ${room} fit`);
    }
  }
  return wrong;
}

const BUDGETS_MIB = [8.5, 9.5, 10.5, 11.5];

Deno.test("a settled view has the finest bias that fits, whatever the camera saw before", async () => {
  assert.deepEqual(await wrongBiases({ budgetsMib: BUDGETS_MIB, maxMipBias: 0 }), []);
  assert.deepEqual(await wrongBiases({ budgetsMib: [9, 10.5], maxMipBias: 1 }), []);
});

Deno.test("so it is with feedback, which jitters from frame to frame", async () => {
  const views = VIEWS.slice(0, 2);
  const wrong = await wrongBiases({ budgetsMib: [9.5, 10.5], maxMipBias: 0, draws: true, views });
  assert.deepEqual(wrong, []);
});

Deno.test("negative control: a bias that falls as if every level had four times the tiles stays", async () => {
  const { update } = PressureControl.prototype;
  PressureControl.prototype.update = function (view, countAt) {
    const before = this.bias;
    update.call(this, { ...view, isSettled: false }, (bias) => {
      const count = countAt(bias);
      return bias < before ? Math.max(count, countAt(before) * 4 ** (before - bias)) : count;
    });
  };
  try {
    assert.ok((await wrongBiases({ budgetsMib: BUDGETS_MIB, maxMipBias: 0 })).length > 0);
  } finally {
    PressureControl.prototype.update = update;
  }
});
