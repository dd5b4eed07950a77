/**
 * Textures that are placed for the camera of each update.
 */

import assert from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError, ReentryError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type PlaceFor, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { insideOf } from "../inside.ts";
import { KINDS, OPTIONS } from "./drawn_pair.ts";
import { describeDrawn, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

const SYSTEM = { ...OPTIONS, maxMemoryBytes: 8 * 2 ** 20 };
const SIDE = 1024;

function addPlaced(system: VirtualTextureSystem, options: Record<string, unknown>) {
  const world = new DrawnWorld(new TileGrid(SIDE, SIDE, 64));
  const formats = KINDS[0]!;
  return system.addTexture(
    describeDrawn(world, formats),
    ({ device, ledger }) => drawnSupply({ device, ledger, world, formats }),
    options,
  );
}

/** A slope whose height is the column. */
const ONTO_SLOPE: PlaceFor = ([x]) => ({ origin: [0, 0, x] });

/** Tiles of each level that are resident, but the tail. */
async function levelsFrom(
  placeFor: PlaceFor | null,
): Promise<{ levels: number[]; height: number }> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const texture = await addPlaced(system, placeFor === null ? {} : { placeFor });
  // Close above the slope, and far above the plane z = 0.
  await system.update(lookDown(700, 500, 700 + heightOfLevel(0)));
  assert.ok(await system.flush());
  const levels = new Array(texture.grid.levelCount).fill(0);
  const { residency } = insideOf(texture);
  residency.slotOf.forEach((tile) => {
    if (!residency.isTail(tile)) levels[texture.grid.levelOf(tile)]++;
  });
  return { levels, height: texture.placement.origin[2] };
}

Deno.test("what a camera needs is found where the texture is placed for it", async () => {
  const { levels, height } = await levelsFrom(ONTO_SLOPE);
  assert.ok(levels[0]! >= 4, `${levels}`);
  assert.equal(height, 700);
});

Deno.test("negative control: in the plane z = 0 the same camera needs nothing so fine", async () => {
  const { levels, height } = await levelsFrom(null);
  assert.equal(levels[0], 0, `${levels}`);
  assert.equal(height, 0);
});

Deno.test("it is asked once in each update with the camera's position, and at load with 0, 0, 0", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const eyes: (readonly number[])[] = [];
  let ground = 5;
  const texture = await addPlaced(system, {
    placeFor: (eye: readonly number[]) => {
      eyes.push(eye);
      return { origin: [0, 0, ground], extent: [SIDE, SIDE] };
    },
  });
  assert.deepEqual(eyes.splice(0), [[0, 0, 0]]);
  const camera = lookDown(500, 500, heightOfLevel(1));
  await system.update(camera);
  system.updateNow(camera);
  assert.deepEqual(eyes.splice(0), [[...camera.position], [...camera.position]]);
  assert.ok(await system.flush());
  assert.deepEqual(eyes, [], "settling is no update of a camera");
  // The ground has moved below a camera that stands still.
  ground = camera.position[2] - heightOfLevel(0);
  system.updateNow(camera);
  await system.flush();
  assert.equal(texture.placement.origin[2], ground);
  const { residency } = insideOf(texture);
  assert.ok(residency.slotOf.has(texture.grid.tileIndexOf(0, 7, 7)), "it is seen from closer now");
});

Deno.test("an error of placeFor is one of the update, names the texture, and changes nothing else", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  let answer: () => unknown = () => ({});
  const texture = await addPlaced(system, { placeFor: () => answer() });
  const other = await addPlaced(system, { origin: [0, 0, -10] });
  const camera = lookDown(500, 500, heightOfLevel(1));
  await system.update(camera);
  await system.flush();
  const before = JSON.stringify(system.getStatistics());
  const { placement } = texture;
  const far = lookDown(100, 100, heightOfLevel(0));
  const cases: [() => unknown, typeof InvalidArgumentError | typeof OutOfRangeError][] = [
    [() => {
      throw new Error("no ground here");
    }, InvalidArgumentError],
    [() => null, InvalidArgumentError],
    [() => 7, InvalidArgumentError],
    [() => Promise.resolve({}), InvalidArgumentError],
    [() => ({ height: 3 }), InvalidArgumentError],
    [() => ({ origin: [0, 0] }), InvalidArgumentError],
    [() => ({ origin: [0, 0, NaN] }), OutOfRangeError],
    [() => ({ axisU: [1, 0, 0], axisV: [2, 0, 0] }), OutOfRangeError],
  ];
  for (const [bad, Kind] of cases) {
    answer = bad;
    const refused = (error: unknown) =>
      error instanceof Kind && error.argument === "placeFor" &&
      error.message.startsWith('Cannot place texture "drawn" for a camera at 100, 100, ');
    assert.throws(() => system.updateNow(far), refused);
    await assert.rejects(system.update(far), refused);
    assert.equal(texture.placement, placement);
    assert.equal(JSON.stringify(system.getStatistics()), before);
  }
  assert.ok(await system.flush(), "the last camera that was right is gone on with");
  system.updateNow(far, { texture: other });
  answer = () => ({});
  await system.update(far);
  assert.ok(await system.flush());
});

Deno.test("placeFor is a function, stands alone, and may not use the system", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  for (const placeFor of [7, "up", {}, null]) {
    await assert.rejects(addPlaced(system, { placeFor }), InvalidArgumentError);
  }
  const placeFor = () => ({});
  for (const fixed of [{ origin: [0, 0, 0] }, { placement: "y_up" }, { extent: [1, 1] }]) {
    await assert.rejects(addPlaced(system, { placeFor, ...fixed }), /leave those out/);
  }
  const using_ = () => system.evictTiles() as never;
  await assert.rejects(
    addPlaced(system, { placeFor: using_ }),
    (error: Error) => error.cause instanceof ReentryError,
  );
  assert.equal(system.textures.length, 0);
});
