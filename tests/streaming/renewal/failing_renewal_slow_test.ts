import assert from "node:assert/strict";
import { DeviceError } from "../../../src/errors.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { type Renewal, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory, wrongEntries } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";
import { OPTIONS } from "../supply/drawn_pair.ts";
import { describeDrawn, drawnSupply } from "../supply/drawn_supply.ts";
import { DrawnWorld } from "../supply/drawn_world.ts";
import { type FailingCalls, failingDevice } from "./failing_calls.ts";

const MIB = 2 ** 20;
const SIDE = 300;
const LOSSES = 20;
const camera = lookDown(100, 100, heightOfLevel(0));

function drawing(world: DrawnWorld): Parameters<VirtualTextureSystem["addTexture"]> {
  const formats = ["rgba8unorm", "r8unorm"] as const;
  return [describeDrawn(world, formats), (host) => {
    const buffer = host.ledger.createBuffer("scratch", host.device, {
      label: "of the supply",
      size: 16,
      usage: GPUBufferUsage.STORAGE,
    });
    const supply = drawnSupply({ ...host, world, formats });
    return {
      ...supply,
      close() {
        buffer.destroy();
        supply.close();
      },
    };
  }, { origin: [400, 0, 0] }];
}

Deno.test("a call that fails while textures are brought to another device loses none of them", async () => {
  const failing: FailingCalls = { first: Infinity, count: 1, made: 0 };
  const { device, end } = await failingDevice(failing);
  using system = new VirtualTextureSystem(device, OPTIONS);
  const read = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  const drawn = await system.addTexture(...drawing(new DrawnWorld(new TileGrid(SIDE, SIDE, 64))));
  const renewals: Renewal[] = [];
  system.subscribeRenewal((renewal) => renewals.push(renewal));
  const lose = async () => {
    device.gpu.destroy();
    await pause();
    await system.renewed();
  };
  await system.update(camera);
  await lose();
  const most = failing.made;
  assert.ok(most > 30, `${most} calls`);
  for (failing.first = 0; failing.first < most; failing.first++) {
    await lose();
    assert.deepEqual(renewals.at(-1)!.lost, [], `call ${failing.first}`);
    assert.deepEqual(system.textures, [read, drawn]);
    checkMemory(system);
    assert.equal(device.health.uncapturedErrorCount, 0);
  }
  await system.update(camera);
  assert.equal(await wrongEntries(system), 0);
  end();
});

Deno.test("calls that go on failing are a DeviceError, and textures come back once they work", async () => {
  const failing: FailingCalls = { first: Infinity, count: Infinity, made: 0 };
  const { device, end } = await failingDevice(failing);
  using system = new VirtualTextureSystem(device, OPTIONS);
  const texture = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  await system.update(camera);
  for (const first of [0, 3, 7, 10, 12, 14, 16]) {
    failing.first = first;
    device.gpu.destroy();
    await pause();
    for (let i = 0; i < 2; i++) {
      await assert.rejects(system.flush(), (error) => {
        assert.ok(error instanceof DeviceError, `call ${first}: ${error}`);
        assert.match(error.message, /failed on purpose/);
        return true;
      });
      // A render loop goes on meanwhile.
      for (let frame = 0; frame < 3; frame++) {
        system.updateNow(camera);
        system.noteRender();
        await pause();
      }
    }
    assert.equal(device.health.uncapturedErrorCount, 0);
    failing.first = Infinity;
    assert.ok(await system.flush(), `call ${first}`);
    assert.deepEqual(system.textures, [texture]);
    await checkEverything(system);
  }
  end();
});

Deno.test("a supply that goes on failing like a call of the GPU is lost, and is tried a few times before", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
  const [description, makeSupply] = drawing(world);
  const reason = new TypeError("no buffers");
  let calls = 0;
  const drawn = await system.addTexture(description, (host) => {
    if (calls++ > 0) throw reason;
    return makeSupply(host);
  });
  const read = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  device.gpu.destroy();
  await pause();
  await system.flush();
  assert.deepEqual(system.textures, [read]);
  assert.throws(() => system.invalidate(drawn), reason);
  assert.ok(calls > 2 && calls < 10, `${calls} calls`);
});

Deno.test("devices on which calls have ended have worked, though nobody has asked the queue", async () => {
  for (const isWaiting of [true, false]) {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { ...OPTIONS, gpuWaitShare: 0 });
    await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
    for (let loss = 1; loss <= LOSSES; loss++) {
      if (isWaiting) await system.update(camera);
      else system.updateNow(camera);
      device.gpu.destroy();
      await pause();
      if (isWaiting) await system.flush();
      else await system.renewed();
      assert.equal(device.generation, loss);
    }
  }
});

Deno.test("devices that are lost before any call has ended on them are replaced seventeen times at most", async () => {
  using owner = await requestDevice();
  const owners: ForgeDevice[] = [];
  using device = adoptDevice(owner.gpu, {
    deviceProvider: async () => {
      const next = await requestDevice();
      owners.push(next);
      const { gpu, gpu: { queue } } = next;
      const submit = queue.submit.bind(queue);
      queue.submit = (commands) => {
        submit(commands);
        gpu.destroy();
      };
      return gpu;
    },
  });
  using system = new VirtualTextureSystem(device, OPTIONS);
  await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  await system.update(camera);
  device.gpu.destroy();
  await pause();
  await assert.rejects(system.flush(), /lost 17 times in a row before it had finished any work/);
  for (const { gpu } of owners) await gpu.lost;
});

Deno.test("a call that fails long before its device says that it is lost goes on with the next device", async () => {
  using owner = await requestDevice();
  using other = await requestDevice();
  const { gpu } = owner;
  const { lost, queue } = gpu;
  // A machine so busy that it takes many turns.
  const late = lost.then(async (info) => {
    await pause(60);
    return info;
  });
  Object.defineProperty(gpu, "lost", { value: late });
  const { onSubmittedWorkDone } = queue;
  using device = adoptDevice(gpu, { deviceProvider: () => Promise.resolve(other.gpu) });
  using system = new VirtualTextureSystem(device, OPTIONS);
  const texture = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  queue.onSubmittedWorkDone = async () => {
    await onSubmittedWorkDone.call(queue);
    await late;
  };
  gpu.createTexture = () => {
    gpu.destroy();
    throw new TypeError("the device is gone");
  };
  const second = await system.loadTexture(
    mapSource({ width: SIDE, height: SIDE, format: "bc7-rgba-unorm" }),
  );
  assert.equal(device.generation, 1);
  assert.deepEqual(system.textures, [texture, second]);
});

Deno.test("what a refused system has destroyed counts until the GPU is done with it", async () => {
  for (let spoiled = 0; spoiled < 6; spoiled++) {
    using device = await requestDevice();
    const { gpu } = device;
    const live = new LiveGpuBytes(device);
    const { createBuffer } = gpu;
    let calls = 0;
    gpu.createBuffer = (descriptor) => {
      const usage = calls++ === spoiled
        ? GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE
        : descriptor.usage;
      return createBuffer.call(gpu, { ...descriptor, usage });
    };
    using system = new VirtualTextureSystem(device, { ...OPTIONS, maxMemoryBytes: 4 * MIB });
    // The GPU may still use what was made before.
    device.submits.submit([]);
    await system.renewed();
    const { usedMemory, cacheMemory, totalBudget } = system.getMemoryInfo();
    assert.equal(live.bytes, usedMemory - cacheMemory, `call ${spoiled}`);
    assert.ok(live.peak <= totalBudget);
    assert.ok(system.peakMemory >= live.peak, "the peak counts all that lived at once");
  }
});
