/**
 * Priorities of textures.
 */

import assert from "node:assert/strict";
import { TileList, TileReason } from "../../src/tiles/mod.ts";
import { budgetOf, landAsked, makeWorld, type World } from "./world.ts";

/** Tiles of the coverage that are wanted of each texture. */
type Wants = readonly (readonly [coverage: number, reason: 0 | 1 | 2])[];

/** What a frame asks for first and last, in that order, by the texture. */
function askedOrder(world: World, wants: Wants, priorities: readonly number[]): number[] {
  world.requests.limit = 1e6;
  world.residency.beginFrame();
  for (const [i, { residency: texture }] of world.textures.entries()) {
    texture.priority = priorities[i]!;
    const list = new TileList();
    list.push(texture.grid.tileIndexOf(0, 0, 0), ...wants[i]!);
    world.residency.want(texture, list);
  }
  world.residency.admit(budgetOf({ tiles: 1e3 }));
  const asked = [...world.requests.asked].sort((a, b) => b.priority - a.priority);
  return asked.map(({ texture }) => texture);
}

const SIZES = [[512, 512], [512, 512]];

Deno.test("each step of priority doubles what a tile's coverage counts", () => {
  for (let step = -4; step <= 3; step++) {
    const scale = 2 ** step;
    const order = (coverage: number) =>
      askedOrder(makeWorld(SIZES, 100), [[100, 2], [coverage, 2]], [step, 0])[0];
    assert.equal(order(99 * scale), 0, `step ${step}`);
    assert.equal(order(101 * scale), 1, `step ${step}`);
  }
});

Deno.test("a priority never lets what is loaded ahead come before what is seen", () => {
  const wants: Wants = [[1e6, TileReason.margin], [1, TileReason.visible]];
  assert.deepEqual(askedOrder(makeWorld(SIZES, 100), wants, [3, -4]), [1, 0]);
});

Deno.test("of stale tiles that are as old the texture of higher priority comes first", () => {
  for (const priorities of [[1, 0], [0, 1], [-1, 0]]) {
    const world = makeWorld(SIZES, 100);
    const wants: Wants = [[10, 2], [10, 2]];
    askedOrder(world, wants, [0, 0]);
    for (const ticket of world.requests.asked.splice(0)) landAsked(world, ticket);
    for (let age = 0; age < 3; age++) world.residency.beginFrame();
    for (const { residency: texture } of world.textures) {
      texture.invalidateTile(texture.grid.tileIndexOf(0, 0, 0));
    }
    const favourite = priorities[0]! > priorities[1]! ? 0 : 1;
    assert.equal(askedOrder(world, wants, priorities)[0], favourite);
  }
});

Deno.test("parents stay before their children whatever the priority", () => {
  for (const priority of [-4, 3]) {
    const world = makeWorld([[512, 512]], 100);
    world.requests.limit = 100;
    const { residency: texture } = world.textures[0]!;
    texture.priority = priority;
    world.residency.beginFrame();
    const list = new TileList();
    const child = texture.grid.tileIndexOf(0, 3, 3);
    list.push(texture.grid.parentOf(child), 10, TileReason.visible);
    list.push(child, 1e5, TileReason.visible);
    world.residency.want(texture, list);
    world.residency.admit(budgetOf({ tiles: 10 }));
    assert.equal(world.requests.asked[0]!.tile, texture.grid.parentOf(child));
  }
});
