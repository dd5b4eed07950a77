import assert from "node:assert/strict";
import {
  BudgetError,
  DeviceError,
  InvalidArgumentError,
  OutOfRangeError,
} from "../../../src/errors.ts";
import {
  type ForgeDevice,
  initMemorySystem,
  type MemorySystem,
  ReadbackBatch,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import { MemoryPools } from "../../../src/gpu/memory/memory_pools.ts";
import { randomNumbers } from "../random_numbers.ts";

const MIB = 2 ** 20;

/** Fills a block with a byte. */
function fill(device: ForgeDevice, memory: MemorySystem, id: number): void {
  const { buffer, offset, size } = memory.poolBlock(id);
  const bytes = new Uint8Array(Math.ceil(size / 4) * 4).fill(id & 255);
  device.gpu.queue.writeBuffer(buffer, offset, bytes);
}

/** Blocks whose bytes are not what they were filled with. */
async function wrongBlocks(
  device: ForgeDevice,
  memory: MemorySystem,
  ids: Iterable<number>,
): Promise<number> {
  const batch = new ReadbackBatch(device);
  const order = [...ids];
  for (const id of order) {
    const { buffer, offset, size } = memory.poolBlock(id);
    batch.addBuffer(buffer, offset, Math.ceil(size / 4) * 4);
  }
  const read = await batch.read();
  return order.filter((id, i) => read[i]!.some((byte) => byte !== (id & 255))).length;
}

Deno.test("blocks keep their bytes through random operations and when they are moved together", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, { stagingRings: false, poolMemoryMb: 12 });
  const random = randomNumbers(5);
  const sizes = new Map<number, number>();
  let [allocated, freed, moved] = [0, 0, 0];
  for (let step = 0; step < 160; step++) {
    const action = random();
    if (action < 0.6) {
      // Some exceed the scratch memory that they are moved through.
      const size = 1 + Math.floor(random() ** 6 * 5 * MIB);
      try {
        const id = memory.allocateFromPool(size);
        assert.ok(!sizes.has(id));
        sizes.set(id, size);
        allocated += size;
        fill(device, memory, id);
      } catch (error) {
        assert.ok(error instanceof BudgetError && memory.poolStats().largestFreeBlock < size);
      }
    } else if (sizes.size > 0) {
      const [id, size] = [...sizes][Math.floor(random() * sizes.size)]!;
      memory.deallocatePoolBlock(id);
      sizes.delete(id);
      freed += size;
    }
    if (step % 40 === 39) {
      const before = memory.poolStats();
      const result = await memory.defragment();
      moved += result.bytesMoved;
      assert.equal(result.fragmentationRatio, 0);
      assert.ok(result.largestFreeBlock >= before.largestFreeBlock);
      assert.equal(await wrongBlocks(device, memory, sizes.keys()), 0);
    }
    const stats = memory.poolStats();
    assert.ok(stats.fragmentationRatio >= 0 && stats.fragmentationRatio <= 1);
    assert.deepEqual(
      [stats.totalAllocated, stats.totalFreed, stats.activeBlocks, stats.poolCount],
      [allocated, freed, sizes.size, 1],
    );
  }
  assert.ok(moved > 4 * MIB, `${moved} bytes were moved`);
  device.assertAlive();
});

Deno.test("negative control: a block whose bytes do not move along is found", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, { stagingRings: false, poolMemoryMb: 1 });
  const ids = [1, 2, 3].map(() => memory.allocateFromPool(1000));
  for (const id of ids) fill(device, memory, id);
  const { generation } = memory.poolBlock(3);
  memory.deallocatePoolBlock(1);
  const { copyBufferToBuffer } = GPUCommandEncoder.prototype;
  GPUCommandEncoder.prototype.copyBufferToBuffer = () => {};
  try {
    assert.equal((await memory.defragment()).bytesMoved, 2048);
  } finally {
    GPUCommandEncoder.prototype.copyBufferToBuffer = copyBufferToBuffer;
  }
  assert.equal(memory.poolBlock(3).offset, 1024);
  assert.equal(memory.poolBlock(3).generation, generation + 1);
  assert.ok(await wrongBlocks(device, memory, [2, 3]) > 0);
  assert.equal((await memory.defragment()).bytesMoved, 0, "there is nothing left to move");
  assert.equal(memory.poolBlock(3).generation, generation + 1);
});

Deno.test("the ratio is the part of the free bytes outside the largest free block", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, { stagingRings: false, poolMemoryMb: 1 });
  const ids = Array.from({ length: 4 }, () => memory.allocateFromPool(MIB / 4));
  assert.deepEqual(memory.poolStats(), {
    totalAllocated: MIB,
    totalFreed: 0,
    fragmentationRatio: 0,
    activeBlocks: 4,
    poolCount: 1,
    largestFreeBlock: 0,
  });
  memory.deallocatePoolBlock(ids[0]!);
  memory.deallocatePoolBlock(ids[2]!);
  const { fragmentationRatio, largestFreeBlock } = memory.poolStats();
  assert.deepEqual([fragmentationRatio, largestFreeBlock], [1 - 1 / 2, MIB / 4]);
  const isAboutPieces = (error: unknown) => {
    assert.ok(error instanceof BudgetError && /defragment joins/.test(error.message));
    return error.budgetBytes === MIB / 4 && error.minimumBytes === MIB / 2;
  };
  assert.throws(() => memory.allocateFromPool(MIB / 2), isAboutPieces);
  await memory.defragment();
  memory.allocateFromPool(MIB / 2);
});

Deno.test("bad sizes and numbers of blocks are refused by name, and change nothing", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, { stagingRings: false, poolMemoryMb: 1 });
  const id = memory.allocateFromPool(10);
  memory.deallocatePoolBlock(id);
  const before = memory.poolStats();
  for (const size of ["1", null, undefined, {}, true, 5n]) {
    assert.throws(() => memory.allocateFromPool(size as never), InvalidArgumentError);
  }
  for (const size of [0, -1, 1.5, NaN, Infinity, 2 ** 60]) {
    assert.throws(() => memory.allocateFromPool(size), OutOfRangeError);
  }
  assert.throws(() => memory.allocateFromPool(MIB + 1), BudgetError);
  assert.throws(() => memory.allocateFromPool(2 ** 53 - 1), BudgetError);
  const calls = [
    (value: never) => memory.deallocatePoolBlock(value),
    (value: never) => memory.poolBlock(value),
  ];
  for (const call of calls) {
    for (const value of ["1", null, undefined, {}]) {
      assert.throws(() => call(value as never), InvalidArgumentError);
    }
    for (const value of [0, -1, 1.5, NaN, 99]) {
      assert.throws(() => call(value as never), OutOfRangeError);
    }
    assert.throws(() => call(id as never), /freed before: current value of id is 1/);
  }
  assert.deepEqual(memory.poolStats(), before);
});

Deno.test("memory beyond the largest buffer is several pools, each with blocks of its own", async () => {
  using device = await requestDevice();
  const pools = new MemoryPools(2.5 * MIB, MIB);
  await pools.make(device);
  assert.deepEqual([pools.stats().poolCount, pools.stats().fragmentationRatio], [3, 0]);
  const ids = [MIB, MIB, MIB / 2].map((size) => pools.allocate(size));
  const buffers = new Set(ids.map((id) => pools.block(device, id).buffer));
  assert.equal(buffers.size, 3);
  assert.throws(() => pools.allocate(1), BudgetError);
  pools.free(ids[1]!);
  assert.equal(pools.stats().largestFreeBlock, MIB);
  assert.equal((await pools.defragment(device)).bytesMoved, 0);
  pools.close();
});

Deno.test("after a loss blocks stay, in new buffers; without a device every call says so", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, { stagingRings: false, poolMemoryMb: 1 });
  const id = memory.allocateFromPool(700);
  fill(device, memory, id);
  const { generation, buffer } = memory.poolBlock(id);
  const { lost } = device.health;
  device.gpu.destroy();
  await lost;
  await device.renewed();
  const block = memory.poolBlock(id);
  assert.ok(block.buffer !== buffer && block.generation > generation);
  assert.equal(await wrongBlocks(device, memory, [id]), 1, "their bytes are lost");
  fill(device, memory, id);
  assert.equal(await wrongBlocks(device, memory, [id]), 0);
  await memory.defragment();
  const { present } = device;
  device.gpu.destroy();
  await present.health.lost;
  assert.throws(() => memory.poolBlock(id), DeviceError);
  await assert.rejects(memory.defragment(), DeviceError);
  await device.renewed();
  assert.equal(memory.poolBlock(id).size, 700);
});
