/**
 * How stale content is made anew: how often, in what order, beside what else is wanted.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type AdmissionBudget, IntMap } from "../../src/residency/mod.ts";
import { TileList, TileReason } from "../../src/tiles/mod.ts";
import { type Asked, budgetOf, landAsked, makeWorld, type World } from "./world.ts";

/** Lands content as the residency of old did: only what nothing has invalidated meanwhile. */
function landNewestOnly(world: World, ticket: Asked): void {
  const { residency: texture } = world.textures[ticket.texture]!;
  if (ticket.version >= texture.versions.wantedVersion(ticket.tile)) landAsked(world, ticket);
  else world.residency.failed(texture, ticket.tile);
}

/** A world that wants some tiles of its textures in every frame, and lands what was asked before. */
class Loop {
  readonly world: World;
  /** Tiles wanted in each frame, of each texture; parents need not stand on it. */
  wants: readonly (readonly number[])[] = [];
  budget: Partial<AdmissionBudget> = { tiles: 8, staleTiles: 2 };
  land: (world: World, ticket: Asked) => void = landAsked;
  /** Called before each frame. */
  before: (frame: number) => void = () => {};
  /** Frames in which each tile of the first texture landed. */
  readonly landed = new Map<number, number[]>();
  #frame = 0;

  constructor(world: World) {
    this.world = world;
    world.requests.limit = 1e6;
  }

  run(frames: number): void {
    const { residency, textures, requests } = this.world;
    for (let i = 0; i < frames; i++) {
      const frame = this.#frame++;
      this.before(frame);
      residency.beginFrame();
      const finished = requests.asked.splice(0);
      for (const ticket of finished) this.#landOne(ticket, frame);
      for (const [i, tiles] of this.wants.entries()) {
        const list = new TileList();
        for (const tile of tiles) list.push(tile, 100, TileReason.visible);
        residency.want(textures[i]!.residency, list);
      }
      residency.admit(budgetOf(this.budget));
    }
  }

  #landOne(ticket: Asked, frame: number): void {
    const texture = this.world.textures[ticket.texture]!.residency;
    const before = texture.pool.slots.versionOf(texture.slotOf.get(ticket.tile));
    const wasResident = texture.slotOf.has(ticket.tile);
    this.land(this.world, ticket);
    const slot = texture.slotOf.get(ticket.tile);
    const isNew = slot !== -1 && (!wasResident || texture.pool.slots.versionOf(slot) > before);
    if (!isNew || ticket.texture !== 0) return;
    const frames = this.landed.get(ticket.tile) ?? [];
    frames.push(frame);
    this.landed.set(ticket.tile, frames);
  }
}

const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

/** Refreshes of a tile that is invalidated before each of 200 frames, with a latency of a frame. */
function refreshesOf(land: Loop["land"], tile: number): number {
  const loop = new Loop(makeWorld([[320, 320]], 200));
  const { residency: texture } = loop.world.textures[0]!;
  loop.wants = texture.isTail(tile) ? [] : [[tile]];
  loop.run(4);
  loop.landed.clear();
  loop.land = land;
  loop.before = () => texture.invalidateTile(tile);
  loop.run(200);
  return loop.landed.get(tile)?.length ?? 0;
}

Deno.test("a tile invalidated every frame, with a latency of one, is refreshed every frame or two", () => {
  const refreshes = refreshesOf(landAsked, 5);
  assert.ok(refreshes >= 99, `${refreshes} of 200`);
});

Deno.test("so is a tile of the pinned tail, which is on no list of wants", () => {
  const { grid } = makeWorld([[320, 320]], 200).textures[0]!.residency;
  for (const { firstTile } of grid.levels.slice(grid.tailLevel)) {
    const refreshes = refreshesOf(landAsked, firstTile);
    assert.ok(refreshes >= 99, `${refreshes} of 200`);
  }
});

Deno.test("negative control: if only the newest version landed, it would never be", () => {
  assert.ok(refreshesOf(landNewestOnly, 5) <= 1);
});

/** Frames until 40 stale tiles are refreshed, of which 8 are asked for in each; Infinity if never. */
function framesToRefresh(distort: (loop: Loop) => void): number {
  const loop = new Loop(makeWorld([[320, 320]], 200));
  const { residency: texture } = loop.world.textures[0]!;
  loop.wants = [range(40)];
  loop.budget = { tiles: 8 };
  loop.run(10);
  assert.equal(loop.landed.size, 40);
  loop.landed.clear();
  texture.invalidateWhere((tile) => tile < 40);
  distort(loop);
  for (let frames = 1; frames <= 60; frames++) {
    loop.run(1);
    if (range(40).every((tile) => loop.landed.has(tile))) return frames;
  }
  return Infinity;
}

Deno.test("of 40 stale tiles, 8 a frame, all are refreshed within 6 frames", () => {
  assert.ok(framesToRefresh(() => {}) <= 6);
});

Deno.test("of 40 tiles that are invalidated every frame, all are refreshed within 6, again and again", () => {
  const loop = new Loop(makeWorld([[320, 320]], 200));
  const { residency: texture } = loop.world.textures[0]!;
  loop.wants = [range(40)];
  loop.budget = { tiles: 8 };
  loop.before = () => texture.invalidateWhere((tile) => tile < 40);
  loop.run(10);
  loop.landed.clear();
  loop.run(200);
  for (const tile of range(40)) {
    const frames = loop.landed.get(tile) ?? [];
    assert.ok(frames.length >= 30, `tile ${tile}: ${frames.length} refreshes`);
    for (let i = 1; i < frames.length; i++) assert.ok(frames[i]! - frames[i - 1]! <= 7);
  }
});

Deno.test("negative control: served by priority alone, most of the 40 would wait for ever", () => {
  const byPriorityAlone = (loop: Loop) => {
    const { residency: texture } = loop.world.textures[0]!;
    loop.before = () => texture.invalidateWhere((tile) => tile < 40);
    // No age: every slot seems to have landed in the same frame.
    texture.pool.slots.landedFrameOf = () => 0;
  };
  assert.equal(framesToRefresh(byPriorityAlone), Infinity);
});

interface Shares {
  missing: number;
  stale: number;
}

/** What is asked for in 100 frames that want 500 missing tiles and 60 stale ones without end. */
function sharesOf(
  budget: Partial<AdmissionBudget>,
  cost = { uploadBytes: 1, scratchBytes: 0, gpuMs: 0 },
): Shares {
  const world = makeWorld([[320, 320], [1000, 1000]], 2000, cost);
  const loop = new Loop(world);
  loop.wants = [range(60), []];
  loop.budget = { tiles: 60 };
  loop.run(4);
  const [stale, missing] = world.textures;
  loop.budget = budget;
  loop.wants = [range(60), range(500)];
  const shares = { missing: 0, stale: 0 };
  loop.before = () => {
    stale!.residency.invalidateAll();
    world.residency.evictAll(missing!.residency);
  };
  loop.land = (world, ticket) => {
    if (ticket.texture === 0) shares.stale++;
    else shares.missing++;
    landAsked(world, ticket);
  };
  // What is asked for of the missing texture is withdrawn before it lands, so it is counted here.
  const { request } = missing!.producer;
  missing!.producer.request = function (...tile) {
    const answer = request.apply(this, tile);
    shares.missing++;
    return answer;
  };
  loop.run(100);
  return shares;
}

const drawn = { uploadBytes: 0, scratchBytes: 8, gpuMs: 3 };

Deno.test("an endless stream of missing tiles leaves stale ones their share, and the other way round", () => {
  const { missing, stale } = sharesOf({ tiles: 8, staleTiles: 2 });
  assert.ok(stale >= 150 && missing >= 550, `${stale} stale, ${missing} missing`);
});

Deno.test("so where bytes or GPU time, not the number of tiles, bound an update", () => {
  const budgets: [Partial<AdmissionBudget>, typeof drawn][] = [
    [{ tiles: 64, staleTiles: 16, gpuMs: 4 }, drawn],
    [{ tiles: 64, staleTiles: 16, bytes: 4 }, { uploadBytes: 3, scratchBytes: 0, gpuMs: 0 }],
    [{ tiles: 1, staleTiles: 1 }, drawn],
  ];
  for (const [budget, cost] of budgets) {
    const { missing, stale } = sharesOf(budget, cost);
    assert.ok(stale >= 20 && missing >= 20, `${stale} stale, ${missing} missing`);
  }
});

Deno.test("negative control: without a share of their own stale tiles get nothing", () => {
  const { stale } = sharesOf({ tiles: 8, staleTiles: 0 });
  assert.equal(stale, 0);
});

Deno.test("bytes and GPU time of a tile both bind, and one tile of each kind is let through", () => {
  const numbers = fc.record({
    uploadBytes: fc.integer({ min: 0, max: 9 }),
    gpuMs: fc.integer({ min: 0, max: 9 }),
    bytes: fc.integer({ min: 0, max: 40 }),
    ms: fc.integer({ min: 0, max: 40 }),
    tiles: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(fc.property(numbers, ({ uploadBytes, gpuMs, bytes, ms, tiles }) => {
    const world = makeWorld([[320, 320]], 200, { uploadBytes, scratchBytes: 0, gpuMs });
    const loop = new Loop(world);
    loop.wants = [range(30)];
    loop.budget = { tiles, staleTiles: 0, bytes, gpuMs: ms };
    loop.run(1);
    const fit = (left: number, each: number) =>
      each === 0 ? Infinity : Math.max(1, Math.floor(left / each));
    const expected = Math.min(tiles, fit(bytes, uploadBytes), fit(ms, gpuMs));
    assert.equal(world.requests.asked.length, expected);
  }));
});

Deno.test("invalidating everything is a number, whatever is resident; versions of what is gone are dropped", () => {
  const loop = new Loop(makeWorld([[1000, 1000]], 1500));
  const { residency: texture } = loop.world.textures[0]!;
  loop.wants = [range(900)];
  loop.budget = { tiles: 900 };
  loop.run(3);
  assert.ok(texture.slotOf.size > 900);
  const { set, forEach } = IntMap.prototype;
  let work = 0;
  IntMap.prototype.set = function (...args) {
    work++;
    return set.apply(this, args);
  };
  IntMap.prototype.forEach = function (visit) {
    forEach.call(this, (key, value) => {
      work++;
      visit(key, value);
    });
  };
  try {
    texture.invalidateAll();
    assert.equal(work, 0, "no tile is looked at");
    texture.invalidateWhere(() => true);
    assert.ok(work > 900, "negative control: where a test decides, each tile is");
  } finally {
    Object.assign(IntMap.prototype, { set, forEach });
  }
  assert.equal(texture.versions.size, texture.slotOf.size);
  loop.world.residency.evictAll(texture);
  assert.equal(texture.versions.size, texture.slotOf.size, "the pinned tiles");
  texture.invalidateAll();
  assert.equal(texture.versions.size, 0);
});

Deno.test("versions stay as few as tiles with content, through random invalidations", () => {
  const steps = fc.array(fc.tuple(fc.nat(5), fc.nat(), fc.nat()), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (ops) => {
      const loop = new Loop(makeWorld([[600, 600]], 60));
      const { residency: texture } = loop.world.textures[0]!;
      for (const [kind, a, b] of ops) {
        const tile = a % texture.grid.tileCount;
        if (kind === 0) texture.invalidateTile(tile);
        else if (kind === 1) texture.invalidateWhere((other) => other % 3 === b % 3);
        else if (kind === 2 && b % 4 === 0) texture.invalidateAll();
        else if (kind === 3 && b % 3 === 0) loop.world.residency.evictAll(texture);
        else {
          const from = a % Math.max(1, texture.grid.tileCount - 20);
          loop.wants = [range(b % 20, from)];
          loop.run(1);
        }
        assert.ok(texture.versions.size <= texture.slotOf.size + texture.pendingCount);
      }
    }),
    { numRuns: 60 },
  );
});
