import assert from "node:assert/strict";
import {
  DeviceError,
  DisposedError,
  InvalidArgumentError,
  OutOfRangeError,
} from "../../../src/errors.ts";
import {
  adoptDevice,
  initMemorySystem,
  memorySystemOf,
  type MemorySystemOptions,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";

const KIB = 1024;
const MIB = 2 ** 20;
const SMALL = { ringCount: 2, bufferSize: 64 * KIB, poolMemoryMb: 1 };

Deno.test("before it is initialised every number is 0, and blocks ask for initMemorySystem", async () => {
  using device = await requestDevice();
  const memory = memorySystemOf(device);
  assert.equal(memorySystemOf(device.present), memory);
  assert.ok(!memory.hasStagingRings && !memory.hasMemoryPools);
  for (const stats of [memory.stagingStats(), memory.poolStats()]) {
    assert.deepEqual(new Set(Object.values(stats)), new Set([0]));
  }
  const isAboutInit = (error: unknown) =>
    error instanceof DisposedError && /call initMemorySystem first/.test(error.message);
  assert.throws(() => memory.allocateFromPool(1), isAboutInit);
  assert.throws(() => memory.deallocatePoolBlock(1), isAboutInit);
  assert.throws(() => memory.poolBlock(1), isAboutInit);
  await assert.rejects(memory.defragment(), isAboutInit);
  await initMemorySystem(device, { ...SMALL, memoryPools: false });
  assert.throws(() => memory.allocateFromPool(1), isAboutInit);
});

Deno.test("defaults are 3 buffers of 1 MiB and pools of 128 MiB; a size in MiB is shared", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device);
  assert.deepEqual(memory.memoryReport(), {
    hasStagingRings: true,
    hasMemoryPools: true,
    staging: { ...memory.stagingStats(), ringCount: 3, bufferSize: MIB },
    pools: { ...memory.poolStats(), poolCount: 1, largestFreeBlock: 128 * MIB },
    stagingBytes: 3 * MIB,
    poolBytes: 128 * MIB,
    stagingLimitBytes: 512 * MIB,
  });
  await initMemorySystem(device, { stagingMemoryMb: 64 });
  const { ringCount, bufferSize } = memory.stagingStats();
  assert.equal(ringCount, 3);
  assert.ok(3 * bufferSize <= 64 * MIB && 3 * bufferSize > 63.99 * MIB && bufferSize % 256 === 0);
  await initMemorySystem(device, { stagingMemoryMb: 64, ringCount: 4 });
  assert.equal(memory.stagingStats().bufferSize, 16 * MIB);
  await initMemorySystem(device, {});
  assert.equal(
    memory.stagingStats().bufferSize,
    16 * MIB,
    "sizes that are left out change nothing",
  );
});

Deno.test("the same options change nothing; others remake rings, and pools that are not in use", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, SMALL);
  const { rings } = memory;
  const id = memory.allocateFromPool(100);
  assert.equal(await initMemorySystem(device, SMALL), memory);
  assert.equal(memory.rings, rings);
  assert.equal(memory.poolStats().activeBlocks, 1);
  await initMemorySystem(device, { stagingRings: false, memoryPools: false });
  assert.ok(memory.hasStagingRings && memory.hasMemoryPools, "false leaves what there is");
  await initMemorySystem(device, { ...SMALL, ringCount: 5 });
  assert.equal(memory.stagingStats().ringCount, 5);
  await assert.rejects(
    initMemorySystem(device, { ...SMALL, ringCount: 6, poolMemoryMb: 2 }),
    (error) => error instanceof OutOfRangeError && error.argument === "poolMemoryMb",
  );
  assert.equal(memory.stagingStats().ringCount, 5, "a failed call changes nothing");
  memory.deallocatePoolBlock(id);
  await initMemorySystem(device, { ...SMALL, poolMemoryMb: 2 });
  assert.equal(memory.poolStats().largestFreeBlock, 2 * MIB);
  assert.equal(memory.poolStats().totalAllocated, 0);
});

Deno.test("calls at the same time are made one after the other", async () => {
  using device = await requestDevice();
  const counts = [2, 3, 4, 2];
  await Promise.all(counts.map((ringCount) => initMemorySystem(device, { ...SMALL, ringCount })));
  assert.equal(memorySystemOf(device).stagingStats().ringCount, 2);
});

Deno.test("bad options are refused by name, and the limit of 512 MiB is named", async () => {
  using device = await requestDevice();
  const refuses = async (
    options: unknown,
    name: string,
    kind: typeof OutOfRangeError | typeof InvalidArgumentError,
  ) =>
    await assert.rejects(initMemorySystem(device, options as MemorySystemOptions), (error) => {
      assert.ok(error instanceof kind, `${name}: ${error}`);
      assert.equal(error.argument, name);
      return true;
    });
  for (const name of ["ringCount", "bufferSize", "stagingMemoryMb", "poolMemoryMb"]) {
    for (const value of ["1", true, {}, 1n]) {
      await refuses({ [name]: value }, name, InvalidArgumentError);
    }
    for (const value of [0, -1, NaN, Infinity, 1e300]) {
      await refuses({ [name]: value }, name, OutOfRangeError);
    }
  }
  for (const name of ["stagingRings", "memoryPools"]) {
    for (const value of [1, "true"]) {
      await refuses({ [name]: value }, name, InvalidArgumentError);
    }
  }
  await refuses({ ringCount: 1.5 }, "ringCount", OutOfRangeError);
  await refuses({ bufferSize: 1000.5 }, "bufferSize", OutOfRangeError);
  await refuses({ bufferSize: MIB, stagingMemoryMb: 3 }, "stagingMemoryMb", InvalidArgumentError);
  await refuses({ colour: 1 }, "colour", InvalidArgumentError);
  await refuses({ stagingMemoryMb: 513 }, "stagingMemoryMb", OutOfRangeError);
  await assert.rejects(
    initMemorySystem(device, { ringCount: 3, bufferSize: 171 * MIB }),
    /ringCount times bufferSize must be <= 536870912 bytes \(512 MiB/,
  );
  assert.ok(!memorySystemOf(device).hasStagingRings);
  for (const value of [null, 1, {}]) {
    await assert.rejects(initMemorySystem(value as never), InvalidArgumentError);
    assert.throws(() => memorySystemOf(value as never), InvalidArgumentError);
  }
});

Deno.test("a device that gives no memory is a DeviceError, and what there was stays", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, SMALL);
  const { rings } = memory;
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    return createBuffer.call(this, { ...descriptor, size: 2 ** 45 });
  };
  try {
    await assert.rejects(initMemorySystem(device, { ...SMALL, ringCount: 3 }), DeviceError);
    await assert.rejects(initMemorySystem(device, { ...SMALL, poolMemoryMb: 3 }), DeviceError);
    // Now the buffers of rings alone come to be.
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const size = descriptor.size > MIB ? 2 ** 45 : descriptor.size;
      return createBuffer.call(this, { ...descriptor, size });
    };
    const both = { ...SMALL, ringCount: 3, poolMemoryMb: 3 };
    await assert.rejects(initMemorySystem(device, both), DeviceError);
  } finally {
    GPUDevice.prototype.createBuffer = createBuffer;
  }
  assert.equal(memory.rings, rings);
  assert.equal(memory.poolStats().largestFreeBlock, MIB);
});

Deno.test("rings that made room for others come back where those cannot be made", async () => {
  using owner = await requestDevice();
  const device = adoptDevice(owner.gpu);
  const { createBuffer } = GPUDevice.prototype;
  const memory = memorySystemOf(device);
  const pools = { ...SMALL, stagingRings: false };
  const large = { ringCount: 64, bufferSize: 5 * MIB, memoryPools: false };
  let together = 0;
  /** Makes buffers of a small size in place of large ones; none of 6 MiB. */
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const isOther = descriptor.size === 6 * MIB || descriptor.size === 7 * MIB;
    together += isOther && memory.hasStagingRings ? 1 : 0;
    const size = descriptor.size === 6 * MIB ? 2 ** 45 : 256;
    return createBuffer.call(this, { ...descriptor, size });
  };
  try {
    await initMemorySystem(device, pools);
    await initMemorySystem(device, large);
    const others = [
      { ...large, bufferSize: 6 * MIB },
      { ...large, bufferSize: 7 * MIB, memoryPools: true, poolMemoryMb: 6 },
    ];
    for (const options of others) {
      await assert.rejects(initMemorySystem(device, options), DeviceError);
      const { ringCount, bufferSize } = memory.stagingStats();
      assert.deepEqual([ringCount, bufferSize], [64, 5 * MIB]);
    }
    assert.equal(together, 0, "both would exceed 512 MiB");
  } finally {
    GPUDevice.prototype.createBuffer = createBuffer;
  }
});

Deno.test("a staging buffer that the device cannot have is refused by name, and nothing changes", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const gpu = await adapter!.requestDevice({ requiredLimits: { maxBufferSize: 2 ** 28 } });
  try {
    using device = adoptDevice(gpu);
    const memory = await initMemorySystem(device, SMALL);
    const before = memory.rings;
    const tooLarge = [
      { ringCount: 1, bufferSize: 300 * MIB },
      { ringCount: 1, stagingMemoryMb: 300 },
    ];
    for (const options of tooLarge) {
      await assert.rejects(initMemorySystem(device, options), (error) => {
        assert.ok(error instanceof OutOfRangeError && error.argument === "bufferSize");
        assert.match(error.message, /must be <= 268435456 bytes, the largest buffer of device/);
        return true;
      });
      assert.equal(memory.rings, before);
    }
  } finally {
    gpu.destroy();
  }
});

Deno.test("close frees every byte, also by closing a borrowed device", async () => {
  using owner = await requestDevice();
  const device = adoptDevice(owner.gpu);
  const live = new LiveGpuBytes(device);
  const memory = await initMemorySystem(device, SMALL);
  assert.equal(live.bytes, 2 * 64 * KIB + MIB);
  memory.close();
  memory.close();
  assert.equal(live.bytes, 0);
  assert.ok(!memory.hasStagingRings && !memory.hasMemoryPools);
  await initMemorySystem(device, SMALL);
  assert.ok(live.bytes > 0);
  device.close();
  assert.equal(live.bytes, 0);
  assert.throws(() => memory.allocateFromPool(1), DisposedError);
  await assert.rejects(initMemorySystem(device, SMALL), DisposedError);
});

Deno.test("a lost device is waited for, and one that stays lost is a DeviceError", async () => {
  using owner = await requestDevice();
  const borrowed = adoptDevice(owner.gpu);
  owner.gpu.destroy();
  await borrowed.health.lost;
  await assert.rejects(initMemorySystem(borrowed, SMALL), DeviceError);
  const memory = await initMemorySystem(owner, SMALL);
  assert.equal(memory.stagingStats().ringCount, 2);
  const again = initMemorySystem(owner, { ...SMALL, ringCount: 3, poolMemoryMb: 2 });
  owner.gpu.destroy();
  await again;
  assert.equal(memory.stagingStats().ringCount, 3);
  await owner.renewed();
  memory.poolBlock(memory.allocateFromPool(1));
});
