import assert from "node:assert/strict";
import type { TextureResidency } from "../../src/residency/mod.ts";
import { TileList, TileReason, type TileReasonValue } from "../../src/tiles/mod.ts";
import { budgetOf, landAsked, makeWorld, type World } from "./world.ts";

/** A tile of a list: its number, how wanted it is, and why. */
type Want = readonly [tile: number, coverage: number, reason: TileReasonValue];

const { visible, margin, prefetch } = TileReason;

/** A world of one texture with so many slots beside the pinned ones. */
function worldOf(slots: number): World & { texture: TextureResidency } {
  const size = [[2000, 2000]];
  const pinned = makeWorld(size, 100).pool.slots.pinnedCount;
  const world = makeWorld(size, pinned + slots);
  world.requests.limit = 1000;
  return { ...world, texture: world.textures[0]!.residency };
}

/** Begins a frame that wants tiles. */
function want({ residency, textures }: World, wants: readonly Want[]): void {
  const list = new TileList();
  for (const [tile, coverage, reason] of wants) list.push(tile, coverage, reason);
  residency.beginFrame();
  residency.want(textures[0]!.residency, list);
}

/** Tiles that a frame asks for, in the order in which it does. */
function ask(world: World, budget: { tiles: number; aheadTiles: number }): number[] {
  const before = world.requests.asked.length;
  world.residency.admit(budgetOf(budget));
  return world.requests.asked.slice(before).map(({ tile }) => tile);
}

/** A parent and its four children. */
function familyOf({ grid }: TextureResidency): number[] {
  const children = [[4, 6], [5, 6], [4, 7], [5, 7]] as const;
  return [grid.tileIndexOf(1, 2, 3), ...children.map(([x, y]) => grid.tileIndexOf(0, x, y))];
}

/** Which of some resident tiles go, one by one, when others are seen. */
function victims(world: ReturnType<typeof worldOf>, resident: readonly number[]): number[] {
  const { texture, requests } = world;
  const others = resident.map((_, x) => texture.grid.tileIndexOf(0, x, 40));
  want(world, others.map((tile) => [tile, 1, visible]));
  ask(world, { tiles: 100, aheadTiles: 100 });
  const left = new Set(resident);
  const gone: number[] = [];
  for (const ticket of requests.asked.splice(0)) {
    assert.ok(landAsked(world, ticket) !== null);
    for (const tile of left) {
      if (texture.slotOf.has(tile)) continue;
      gone.push(tile);
      left.delete(tile);
    }
  }
  return gone;
}

Deno.test("once the camera moves on, what was wanted least goes first and parents last", () => {
  const world = worldOf(6);
  const { texture, requests } = world;
  const aside = texture.grid.tileIndexOf(0, 9, 9);
  const family = familyOf(texture);
  want(world, [...family, aside].map((tile) => [tile, 1, visible]));
  ask(world, { tiles: 100, aheadTiles: 100 });
  for (const ticket of requests.asked.splice(0)) landAsked(world, ticket);
  // What is only at the margin goes before all that is seen, wherever it stands on the list.
  want(world, [[aside, 1, margin], ...family.map((tile): Want => [tile, 1, visible])]);
  assert.deepEqual(victims(world, [...family, aside]), [aside, ...family.toReversed()]);
});

Deno.test("of what was only loaded ahead, too, what was wanted least goes first", () => {
  const world = worldOf(5);
  const { texture, requests } = world;
  const family = familyOf(texture);
  const [a, b, c, d, e] = family as [number, number, number, number, number];
  const wants = family.map((tile, i): Want => [tile, 1, i < 2 ? prefetch : margin]);
  want(world, wants);
  ask(world, { tiles: 100, aheadTiles: 100 });
  for (const ticket of requests.asked.splice(0)) landAsked(world, ticket);
  want(world, wants);
  assert.deepEqual(victims(world, family), [b, a, e, d, c]);
});

Deno.test("while something seen is missing only a share is loaded ahead, else all of it", () => {
  const world = worldOf(60);
  const { texture: { grid }, requests } = world;
  const seen: Want[] = [[grid.tileIndexOf(0, 1, 1), 9, visible], [
    grid.tileIndexOf(0, 2, 1),
    9,
    visible,
  ]];
  const ahead = Array.from({ length: 12 }, (_, x): Want => [
    grid.tileIndexOf(0, x, 20),
    100,
    x % 2 ? margin : prefetch,
  ]);
  const isAhead = (tile: number) => ahead.some(([one]) => one === tile);
  const budget = { tiles: 9, aheadTiles: 3 };
  want(world, [...ahead, ...seen]);
  const first = ask(world, budget);
  assert.deepEqual(first.map(isAhead), [false, false, true, true, true]);
  // It is in flight and still not resident.
  want(world, [...ahead, ...seen]);
  assert.deepEqual(ask(world, budget).map(isAhead), [true, true, true]);
  for (const ticket of requests.asked.splice(0)) assert.ok(landAsked(world, ticket) !== null);
  want(world, [...ahead, ...seen]);
  assert.equal(ask(world, budget).length, 6, "all that is left");
});

Deno.test("a share of nothing keeps all that is ahead for later", () => {
  const world = worldOf(60);
  const { texture: { grid } } = world;
  want(world, [[grid.tileIndexOf(0, 9, 9), 100, margin], [grid.tileIndexOf(0, 1, 1), 1, visible]]);
  assert.deepEqual(ask(world, { tiles: 9, aheadTiles: 0 }), [grid.tileIndexOf(0, 1, 1)]);
});

Deno.test("of tiles that cover as much, the one that is shown by the coarsest stand-in comes first", () => {
  for (const [coverage, coarseFirst] of [[1, true], [1.5, true], [100, false]] as const) {
    const world = worldOf(60);
    const { texture, requests } = world;
    const { grid } = texture;
    const fine = grid.tileIndexOf(0, 5, 7);
    const coarse = grid.tileIndexOf(0, 40, 41);
    want(world, [[grid.parentOf(fine), 1, visible]]);
    ask(world, { tiles: 9, aheadTiles: 0 });
    landAsked(world, requests.asked.shift()!);
    // Three levels up from the other one: coverage and levels count as their product.
    const ancestor = grid.parentOf(grid.parentOf(grid.parentOf(coarse)));
    want(world, [[ancestor, 1, visible]]);
    ask(world, { tiles: 9, aheadTiles: 0 });
    landAsked(world, requests.asked.shift()!);
    want(world, [[fine, coverage, visible], [coarse, 1, visible]]);
    const asked = ask(world, { tiles: 9, aheadTiles: 0 });
    assert.deepEqual(asked, coarseFirst ? [coarse, fine] : [fine, coarse], `${coverage}`);
  }
});
