import assert from "node:assert/strict";
import { BudgetError, DeviceError, InvalidArgumentError } from "../../../src/errors.ts";
import { render } from "../../../src/scene/mod.ts";
import { type StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { UnrestoredTextures } from "../../../src/streaming/renewal/unrestored_textures.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { ControlledSource, mapSource, pause } from "../sources.ts";
import { OPTIONS } from "../supply/drawn_pair.ts";
import { type FailingCalls, failingDevice, submitlessDevice } from "./failing_calls.ts";

const SIDE = 300;
/** What tails and tables leave hardly any of. */
const TIGHT_BYTES = 6_100_000;
const camera = lookDown(100, 100, heightOfLevel(0));

/** Times that a texture could not be brought along. */
let unrestoredCount = 0;
const { noteFailure } = UnrestoredTextures.prototype;
UnrestoredTextures.prototype.noteFailure = function (...args) {
  unrestoredCount++;
  noteFailure.apply(this, args);
};

/** Loads two textures whose sources count what they read. */
async function loadTwo(system: VirtualTextureSystem): Promise<StreamedTexture[]> {
  return [
    await system.loadTexture(mapSource({ width: SIDE, height: SIDE, seed: 1 })),
    await system.loadTexture(mapSource({ width: SIDE, height: SIDE, seed: 2 })),
  ];
}

/** Tiles that are resident beside the tail. */
function finerTiles(texture: StreamedTexture): number {
  const { residency: { slotOf }, grid } = insideOf(texture);
  return slotOf.size - (grid.levelCount - grid.tailLevel);
}

Deno.test("a texture that cannot be brought to another device yet is loaded all the same", async () => {
  const failing: FailingCalls = { first: Infinity, count: Infinity, made: 0 };
  const { device, end } = await failingDevice(failing);
  using system = new VirtualTextureSystem(device, OPTIONS);
  const textures = await loadTwo(system);
  const countBefore = unrestoredCount;
  const failFrom = async (first: number) => {
    failing.first = first;
    device.gpu.destroy();
    await pause();
    await assert.rejects(system.flush(), DeviceError);
  };
  for (let first = 0; first <= 24; first += 2) {
    await system.update(camera);
    assert.ok(finerTiles(textures[0]!) > 0);
    const { bytesRead } = system.getStatistics();
    await failFrom(first);
    assert.deepEqual(system.textures, textures, `call ${first}`);
    assert.ok(!system.isRestored, `call ${first}`);
    assert.ok(system.getStatistics().bytesRead >= bytesRead, `call ${first}`);
    for (const texture of textures) {
      system.updateNow(camera, { texture });
      system.prefetchRegion(texture, { x: 0, y: 0, width: 90, height: 90, level: 0 });
      system.invalidate(texture);
      system.invalidate(texture, { level: 0, x: 0, y: 0 });
      system.evictTiles(texture);
    }
    system.evictTiles();
    failing.first = Infinity;
    await system.renewed();
    assert.ok(system.isRestored);
    for (const texture of textures) {
      assert.equal(finerTiles(texture), 0, "what was evicted is gone");
    }
    assert.ok(await system.flush());
    await checkEverything(system);
  }
  assert.ok(unrestoredCount > countBefore + 10);
  end();
});

Deno.test("content counts as restored once the GPU has it, and pictures wait for that", async () => {
  const { device, recover, end } = await submitlessDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const texture = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  const overview = lookDown(SIDE / 2, SIDE / 2, heightOfLevel(2));
  device.gpu.destroy();
  await pause();
  const hasLanded = () => {
    const { lacksTail, returning } = insideOf(texture).residency;
    return device.generation === 1 && !lacksTail && returning.size === 0;
  };
  for (let frame = 0; frame < 500 && !hasLanded(); frame++) {
    system.updateNow(overview);
    await pause();
  }
  assert.ok(hasLanded() && !system.isRenewing);
  assert.ok(!system.isRestored, "no submit was valid yet");
  recover();
  const picture = await render(system, overview);
  assert.ok(system.isRestored);
  const center = 4 * (picture.width * (picture.height >> 1) + (picture.width >> 1));
  assert.equal(picture.data[center + 3], 255, "the texture is seen");
  end();
});

Deno.test("what is asked ahead of a texture that cannot be brought along yet comes with it", async () => {
  const failing: FailingCalls = { first: Infinity, count: Infinity, made: 0 };
  const { device, end } = await failingDevice(failing);
  using system = new VirtualTextureSystem(device, OPTIONS);
  const [kept, gone] = await loadTwo(system);
  const fail = async () => {
    failing.first = 8;
    device.gpu.destroy();
    await pause();
    const countBefore = unrestoredCount;
    await assert.rejects(system.flush(), DeviceError);
    assert.ok(unrestoredCount > countBefore);
  };
  await fail();
  assert.ok(system.prefetchRegion(gone!, { x: 0, y: 0, width: 90, height: 90, level: 0 }));
  failing.first = Infinity;
  assert.ok(await system.flush());
  assert.equal(finerTiles(gone!), 4);
  // An unload waits for the device like any other call.
  await fail();
  await assert.rejects(system.unloadTexture(gone!), DeviceError);
  assert.deepEqual(system.textures, [kept, gone], "an unload that fails so has removed nothing");
  failing.first = Infinity;
  await system.unloadTexture(gone!);
  assert.deepEqual(system.textures, [kept]);
  assert.throws(() => system.invalidate(gone!), InvalidArgumentError);
  end();
});

Deno.test("a system that is closed before its textures could be brought along closes their sources", async () => {
  const failing: FailingCalls = { first: Infinity, count: Infinity, made: 0 };
  const { device, end } = await failingDevice(failing);
  const system = new VirtualTextureSystem(device, OPTIONS);
  const sources = [1, 2].map((seed) =>
    new ControlledSource(mapSource({ width: SIDE, height: SIDE, seed }))
  );
  for (const source of sources) await system.loadTexture(source);
  failing.first = 8;
  device.gpu.destroy();
  await pause();
  const countBefore = unrestoredCount;
  await assert.rejects(system.flush(), DeviceError);
  assert.ok(unrestoredCount > countBefore);
  system.close();
  await pause();
  assert.deepEqual(sources.map(({ closed }) => closed), [true, true]);
  end();
});

Deno.test("tails that have come while submits failed are uploaded in parts if they do not fit at once", async () => {
  const { device, recover, end } = await submitlessDevice();
  using system = new VirtualTextureSystem(device, { ...OPTIONS, maxMemoryBytes: TIGHT_BYTES });
  const textures: StreamedTexture[] = [];
  // As many as there is room for.
  for (let isFull = false; !isFull;) {
    const source = mapSource({ width: 900, height: 900, seed: textures.length });
    try {
      textures.push(await system.loadTexture(source));
    } catch (error) {
      assert.ok(error instanceof BudgetError);
      isFull = true;
    }
  }
  assert.ok(textures.length > 10);
  device.gpu.destroy();
  await pause();
  const lacking = () => textures.filter((texture) => insideOf(texture).residency.lacksTail).length;
  for (let frame = 0; frame < 300 && (device.generation === 0 || lacking() > 0); frame++) {
    system.updateNow(camera);
    await pause();
  }
  recover();
  await system.renewed();
  assert.ok(system.isRestored);
  assert.ok(await system.update(camera));
  await checkEverything(system);
  end();
});
