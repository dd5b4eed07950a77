/**
 * How many supplies share what an update may ask for.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { Admission } from "../../src/residency/admission.ts";
import { RequestQueue, type ServeOutcome } from "../../src/residency/request_queue.ts";
import { TileList, TileReason } from "../../src/tiles/mod.ts";
import { budgetOf, type FakeProducer, landAsked, makeWorld, type World } from "./world.ts";

const SIDE = 320;

/** A world of some textures of 100 fine tiles each. */
function worldOf(textures: number): World {
  const world = makeWorld(Array.from({ length: textures }, () => [SIDE, SIDE]), 4000);
  world.requests.limit = 1e6;
  return world;
}

/** Wants tiles of every texture, some more than those of the others. */
function wantAll(world: World, options: { tiles?: number; coverageOf?: (i: number) => number }) {
  const { tiles = 60, coverageOf = () => 100 } = options;
  world.residency.beginFrame();
  for (const [i, { residency }] of world.textures.entries()) {
    const list = new TileList();
    for (let tile = 0; tile < tiles; tile++) list.push(tile, coverageOf(i), TileReason.visible);
    world.residency.want(residency, list);
  }
}

function askedOf(world: World): number[] {
  const counts = world.textures.map(() => 0);
  for (const { texture } of world.requests.asked) counts[texture]!++;
  return counts;
}

/** Checks that the others are asked while one producer is saturated, and it when it is not any more. */
function checkPassedOver(saturated: number): void {
  const world = worldOf(4);
  world.textures[saturated]!.producer.isSaturated = true;
  wantAll(world, { coverageOf: (i) => i === saturated ? 1e6 : 1 });
  world.residency.admit(budgetOf({ tiles: 24 }));
  const asked = askedOf(world);
  assert.equal(asked[saturated], 0);
  assert.equal(asked.reduce((sum, count) => sum + count), 24, `${asked}`);
  assert.ok(asked.every((count, i) => i === saturated || count > 0), `${asked}`);
  world.textures[saturated]!.producer.isSaturated = false;
  world.residency.admit(budgetOf({ tiles: 24 }));
  assert.ok(askedOf(world)[saturated]! > 0, "it is asked again in the same frame");
}

Deno.test("a saturated producer is passed over alone, whichever it is", () => {
  for (let saturated = 0; saturated < 4; saturated++) checkPassedOver(saturated);
});

/** Serves no one after the first candidate that is refused. */
function stoppingAtFirstRefusal(serve: (index: number) => ServeOutcome) {
  let isOver = false;
  return (index: number): ServeOutcome => {
    const outcome = isOver ? "blocked" : serve(index);
    isOver ||= outcome === "blocked";
    return outcome;
  };
}

Deno.test("negative control: a queue that stops at the first refusal keeps the others from being asked", () => {
  const { serveLine, serveFairly } = RequestQueue.prototype;
  RequestQueue.prototype.serveLine = function (kind, most, serve) {
    return serveLine.call(this, kind, most, stoppingAtFirstRefusal(serve));
  };
  RequestQueue.prototype.serveFairly = function (kind, shares, serve) {
    return serveFairly.call(this, kind, shares, stoppingAtFirstRefusal(serve));
  };
  try {
    for (let saturated = 0; saturated < 4; saturated++) {
      assert.throws(() => checkPassedOver(saturated), assert.AssertionError);
    }
  } finally {
    Object.assign(RequestQueue.prototype, { serveLine, serveFairly });
  }
});

/** Tiles that each texture got over some frames; the first wants its own far more than the others. */
function servedOver(frames: number, options: { textures: number; tiles: number }): number[] {
  const world = worldOf(options.textures);
  const served = world.textures.map(() => 0);
  for (let frame = 0; frame < frames; frame++) {
    wantAll(world, { coverageOf: (i) => i === 0 ? 1e6 : 1 });
    world.residency.admit(budgetOf({ tiles: options.tiles }));
    for (const ticket of world.requests.asked.splice(0)) {
      served[ticket.texture]!++;
      landAsked(world, ticket);
    }
    // The first never runs out of wants.
    world.residency.evictAll(world.textures[0]!.residency);
  }
  return served;
}

const shares = fc.record({
  textures: fc.integer({ min: 2, max: 40 }),
  tiles: fc.integer({ min: 1, max: 64 }),
});

/** Whether each texture got about half of an equal share of 60 frames, or all that it wanted. */
function isFair({ textures, tiles }: { textures: number; tiles: number }): boolean {
  const frames = 60;
  const fair = Math.floor(frames * Math.max(1, Math.floor(tiles / 2)) / textures / 2);
  return servedOver(frames, { textures, tiles }).every((count) => count >= Math.min(60, fair));
}

Deno.test("however many supplies there are, and however much one wants, each gets a share", () => {
  fc.assert(fc.property(shares, isFair), { numRuns: 40 });
});

Deno.test("negative control: served by need alone, what one wants most keeps the others waiting", () => {
  const { serveFairly } = RequestQueue.prototype;
  RequestQueue.prototype.serveFairly = () => 0;
  try {
    assert.ok(fc.check(fc.property(shares, isFair), { numRuns: 40 }).failed);
  } finally {
    RequestQueue.prototype.serveFairly = serveFairly;
  }
});

Deno.test("tiles that are drawn are not kept waiting by others that are uploaded, nor these by them", () => {
  const world = worldOf(2);
  const cost = { uploadBytes: 0, scratchBytes: 10, gpuMs: 9 };
  Object.defineProperty(world.textures[1]!.residency, "cost", { value: cost });
  const served = [0, 0];
  for (let frame = 0; frame < 20; frame++) {
    wantAll(world, { coverageOf: (i) => i === 0 ? 1e6 : 1 });
    // Each drawn tile takes more than an update has: one is let through.
    world.residency.admit(budgetOf({ tiles: 8, bytes: 4, gpuMs: 4 }));
    for (const ticket of world.requests.asked.splice(0)) {
      served[ticket.texture]!++;
      landAsked(world, ticket);
    }
    world.residency.evictAll(world.textures[0]!.residency);
  }
  assert.deepEqual(served, [80, 20]);
});

/**
 * Checks that a producer hears how much its tiles are wanted by now, and which nobody wants.
 *
 * @param spoil Breaks the producer once it was asked.
 */
function checkRenewals(spoil: (producer: FakeProducer) => void = () => {}): void {
  const world = worldOf(1);
  const { residency: texture, producer } = world.textures[0]!;
  wantAll(world, { tiles: 4 });
  world.residency.admit(budgetOf({ tiles: 4 }));
  const before = world.requests.asked.map(({ priority }) => priority);
  spoil(producer);
  for (let frame = 0; frame < 12; frame++) {
    world.residency.beginFrame();
    const list = new TileList();
    list.push(0, 100 + frame, TileReason.visible);
    list.push(1, 100, TileReason.margin);
    world.residency.want(texture, list);
    world.residency.admit(budgetOf({ tiles: 4 }));
  }
  const asked = new Map(world.requests.asked.map((ticket) => [ticket.tile, ticket.priority]));
  assert.deepEqual([...asked.keys()].sort(), [0, 1], "the producer was told of the others");
  assert.ok(asked.get(0)! > before[0]!);
  assert.ok(asked.get(1)! < before[1]!, "a tile that left the view falls behind");
  assert.ok(asked.get(0)! > asked.get(1)!);
  assert.equal(producer.renewals, 24);
}

Deno.test("priorities of tiles in flight follow what is wanted, and what nobody wants is cancelled", () => {
  checkRenewals();
});

Deno.test("negative control: renewals and cancellations that do not reach the producer are noticed", () => {
  const fails = (spoil: (producer: FakeProducer) => void) =>
    assert.throws(() => checkRenewals(spoil), assert.AssertionError);
  // As if tiles in flight were never looked at again.
  fails((producer) => producer.request = () => "pending");
  fails((producer) => producer.cancel = () => {});
  // As if they were looked at, at the priority of their first request.
  fails((producer) => {
    const { request } = producer;
    producer.request = (tile, version) => {
      const open = producer.log.asked.find((one) => one.tile === tile)!;
      return request.call(producer, tile, version, open.priority);
    };
  });
});

/** Checks that a tile in flight for which its producer has no room any more is asked for anew. */
function checkAskedAnew(): void {
  const world = worldOf(1);
  const { residency: texture, producer } = world.textures[0]!;
  wantAll(world, { tiles: 3 });
  world.residency.admit(budgetOf({ tiles: 3 }));
  assert.equal(texture.pendingCount, 3);
  const { request } = producer;
  producer.request = () => "saturated";
  wantAll(world, { tiles: 3 });
  world.residency.admit(budgetOf({ tiles: 3 }));
  assert.equal(texture.pendingCount, 0);
  assert.equal(producer.pendingCount, 0, "what it still had was withdrawn");
  assert.equal(world.pool.slotsPromised, 0);
  producer.request = request;
  wantAll(world, { tiles: 3 });
  world.residency.admit(budgetOf({ tiles: 3 }));
  assert.equal(texture.pendingCount, 3);
}

Deno.test("a producer that has no room for a tile in flight any more is asked for it anew", () => {
  checkAskedAnew();
});

Deno.test("negative control: tiles that stay in flight after such an answer are noticed", () => {
  const { cancel } = Admission.prototype;
  Admission.prototype.cancel = () => {};
  try {
    assert.throws(checkAskedAnew, assert.AssertionError);
  } finally {
    Admission.prototype.cancel = cancel;
  }
});

/** Candidates that are looked at or compared when tiles are asked for in so many calls. */
function workOf(candidates: number, calls: number, sortsEachTime = false): number {
  const queue = new RequestQueue();
  const world = makeWorld([[SIDE, SIDE]], 200);
  const texture = world.textures[0]!.residency;
  let work = 0;
  for (let i = 0; i < candidates; i++) {
    const score = (i * 7919) % candidates;
    queue.addCandidate(texture, i, { reason: TileReason.visible, score, stale: false });
  }
  queue.scores = countingReads(queue.scores, () => work++);
  const sort = () =>
    queue.sortCandidates(() => {
      work++;
      return true;
    });
  sort();
  for (let call = 0; call < calls; call++) {
    if (sortsEachTime) sort();
    queue.unblock();
    queue.serveLine("missing", candidates / calls, () => {
      work++;
      return "served";
    });
  }
  if (!sortsEachTime) assert.equal(queue.queuedCount, 0);
  return work;
}

function countingReads(numbers: Float64Array<ArrayBuffer>, count: () => void) {
  return new Proxy(numbers, {
    get(target, key) {
      if (typeof key === "string" && key !== "length") count();
      return Reflect.get(target, key);
    },
  });
}

Deno.test("tiles asked for one by one take as much work as all together", () => {
  const candidates = 20_866;
  const together = workOf(candidates, 1);
  const oneByOne = workOf(candidates, candidates);
  assert.ok(together > candidates, "the work is counted");
  assert.ok(oneByOne <= 1.01 * together, `${oneByOne} against ${together}`);
});

Deno.test("negative control: sorting for each of them would take far more", () => {
  assert.ok(workOf(2000, 100, true) > 20 * workOf(2000, 100));
});

Deno.test("so do tiles that land one by one, each of which lets the next be asked for", () => {
  /** Requests and looks at candidates until so many tiles have landed one by one. */
  const requestsFor = (side: number): { requests: number; tiles: number } => {
    const world = makeWorld([[side, side]], 30_000);
    const { residency: texture, producer } = world.textures[0]!;
    world.requests.limit = 1;
    const tiles = texture.grid.levels[0]!.tilesX ** 2;
    let requests = 0;
    const { request } = producer;
    producer.request = function (...tile) {
      requests++;
      return request.apply(this, tile);
    };
    wantAll(world, { tiles });
    world.residency.admit(budgetOf({}));
    for (let landed = 0; landed < tiles; landed++) {
      landAsked(world, world.requests.asked.shift()!);
      world.residency.admit(budgetOf({}));
    }
    assert.equal(world.residency.queuedCount, 0);
    return { requests, tiles };
  };
  for (const side of [320, 1280]) {
    const { requests, tiles } = requestsFor(side);
    assert.ok(requests <= 3 * tiles, `${requests} requests for ${tiles} tiles`);
  }
});
