import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { MemoryPlan } from "../../src/streaming/memory/memory_plan.ts";
import { checkMemory } from "./checks.ts";
import { type FlightResult, fly } from "./flight.ts";

const MIB = 2 ** 20;
/** A wait for the GPU may then begin in any frame, so that a flight does not depend on time. */
const settings = { gpuWaitShare: 1 };

/** What is wrong with a flight over a budget of 8 MiB; empty if nothing is. */
function flightBreach({ hitRate, lru, framesToSharp }: FlightResult): string {
  if (hitRate < lru.hitRate - 0.005) return `hit rate ${hitRate}, of plain LRU ${lru.hitRate}`;
  // A first frame to ask, three until the tiles arrive, and as many again for what had no room.
  const slow = framesToSharp.filter((frames) => frames > 11);
  return slow.length > 0 ? `sharp after ${slow.join(", ")} frames` : "";
}

Deno.test("on a flight over 8 MiB tiles come as soon as with an LRU cache that reads without bound", async () => {
  using device = await requestDevice();
  const result = await fly(device, { maxMemoryBytes: 8 * MIB, settings, afterUpdate: checkMemory });
  assert.equal(flightBreach(result), "");
  assert.equal(result.framesToSharp.length, 5);
  assert.ok(Math.min(...result.framesToSharp) <= 7, `${result.framesToSharp}`);
  assert.ok(result.hitRate > 0.93, `${result.hitRate}`);
  assert.ok(result.peakBytes <= 8 * MIB);
  assert.ok(result.meanBias < 0.15, "what is on its way does not make pictures coarser");
});

Deno.test("negative control: a sixteenth of the budget for tiles in flight starves the flight", async () => {
  const fair = Object.getOwnPropertyDescriptor(MemoryPlan.prototype, "inFlightBytes")!;
  Object.defineProperty(MemoryPlan.prototype, "inFlightBytes", { get: () => 8 * MIB / 16 });
  try {
    using device = await requestDevice();
    const result = await fly(device, { maxMemoryBytes: 8 * MIB, settings });
    assert.notEqual(flightBreach(result), "");
    assert.ok(result.hitRate < result.lru.hitRate, `${result.hitRate}`);
    assert.ok(Math.max(...result.framesToSharp) > 11);
  } finally {
    Object.defineProperty(MemoryPlan.prototype, "inFlightBytes", fair);
  }
});

Deno.test("on a flight over 16 MiB a teleport is sharp within two rounds of reads", async () => {
  using device = await requestDevice();
  const result = await fly(device, { maxMemoryBytes: 16 * MIB, settings });
  assert.ok(result.hitRate > result.lru.hitRate, `${result.hitRate}`);
  assert.ok(Math.max(...result.framesToSharp) <= 8, `${result.framesToSharp}`);
  assert.ok(result.peakBytes <= 16 * MIB);
});
