import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/mod.ts";
import { roundTripErrors } from "../planes/round_trip.ts";
import { placeSmoothWorld, SMOOTH_HEIGHTS, storedValues } from "./smooth_world.ts";
import type { PlacedScene } from "./placed_scene.ts";

type StoredValues = ReturnType<typeof storedValues>;

const SIZE = 64;
const BORDER = 4;
const EDGE = SIZE + 2 * BORDER;

/** The payload of a tile. */
function payloadOf(values: StoredValues): StoredValues {
  const isInside = (at: number) => at >= BORDER && at < BORDER + SIZE;
  return values.filter((_, i) => isInside(i % EDGE) && isInside(Math.floor(i / EDGE)));
}

/** The payload of tile (0, 0) of a level from the means of four texels each of the level below it. */
function boxFiltered(fine: readonly StoredValues[]): StoredValues {
  const payloads = fine.map(payloadOf);
  const texelAt = (x: number, y: number) =>
    payloads[(y < SIZE ? 0 : 2) + (x < SIZE ? 0 : 1)]![(y % SIZE) * SIZE + x % SIZE]!;
  return Array.from({ length: SIZE ** 2 }, (_, i) => {
    const [x, y] = [2 * (i % SIZE), 2 * Math.floor(i / SIZE)];
    const four = [texelAt(x, y), texelAt(x + 1, y), texelAt(x, y + 1), texelAt(x + 1, y + 1)];
    const names = Object.keys(four[0]!) as (keyof typeof four[0])[];
    return Object.fromEntries(names.map((name) => [
      name,
      four[0]![name]!.map((_, k) => four.reduce((sum, values) => sum + values[name]![k]! / 4, 0)),
    ])) as unknown as StoredValues[number];
  });
}

/** Stored values of a tile by its address, of those that were rendered. */
async function readValues(placed: PlacedScene) {
  const read = await placed.readTiles();
  return (level: number, x: number, y: number) =>
    storedValues(placed, read.get(placed.grid.tileIndexOf(level, x, y))!);
}

for (const materialType of MATERIAL_TYPE_NAMES) {
  const { label } = MATERIAL_TYPES[materialType];
  const kind = {
    kind: { materialType, compressed: false },
    heightRange: SMOOTH_HEIGHTS,
  } as const;

  // A texel lies in the middle of four of the finer level. Of waves of 20 units their mean differs from it
  // by less than a tenth of a step, and each of the five was rounded by half a step at most.
  Deno.test(`${label}: a coarse tile is the mean of the finer ones, to 1.1 steps of 8 bits`, async () => {
    using device = await requestDevice();
    await using placed = await placeSmoothWorld(device, { materialType });
    await placed.renderAll();
    const valuesOf = await readValues(placed);
    for (const level of [1, 2]) {
      const fine = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([x, y]) => valuesOf(level - 1, x!, y!));
      const coarse = payloadOf(valuesOf(level, 0, 0));
      const errors = roundTripErrors(coarse, boxFiltered(fine), kind);
      const most = 1.1 / 255;
      assert.ok(errors.color <= most && errors.other <= most, JSON.stringify(errors));
      assert.ok(errors.angle <= 1, `${errors.angle} degrees`);
      const shifted = roundTripErrors(coarse, boxFiltered(fine.toReversed()), kind);
      const isFound = shifted.color > 10 * most || shifted.other > 10 * most;
      assert.ok(isFound, "negative control: finer tiles in another order");
    }
  });
}
