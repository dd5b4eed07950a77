import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
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
  const { keepView } = FeedbackWants.prototype;
  FeedbackWants.prototype.keepView = () => {};
  try {
    assert.ok((await biasesAfterPressure()).some((more) => more > 0));
  } finally {
    FeedbackWants.prototype.keepView = keepView;
  }
});
