/** What is said to be stale after random edits holds all that has changed, and little more. */

import assert from "node:assert/strict";
import { rotationAbout } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { SceneIdentities } from "../../../src/rvt/low_mips/scene_identities.ts";
import { seededRandom } from "../../helpers/random.ts";
import {
  builtAnew,
  editedTiles,
  type LocalWorld,
  localWorld,
  paint,
  saidStale,
  SIDE,
  type Turns,
} from "./local_world.ts";

const ROUNDS = 40;

type Edit = (made: LocalWorld, random: () => number) => void;

function dab(random: () => number) {
  const below = (end: number) => Math.floor(random() * end);
  const [width, height] = [1 + below(5), 1 + below(5)];
  return { x: below(SIDE - width + 1), y: below(SIDE - height + 1), width, height };
}

function placeIn(random: () => number): [number, number, number] {
  return [64 * random(), 64 * random(), 4 * random()];
}

const EDITS: readonly (readonly [string, Edit])[] = [
  ["heights", ({ land }, random) => {
    const region = dab(random);
    const count = region.width * region.height;
    land.setHeights(region, Float32Array.from({ length: count }, () => 6 * random()));
  }],
  ["weights", ({ land }, random) => {
    const region = dab(random);
    const count = region.width * region.height;
    land.setWeights("rock", region, Uint8Array.from({ length: count }, () => 255 * random()));
  }],
  ["instances", ({ boxes }, random) => {
    boxes.instances = [boxes.instances.at(-1)!, { position: placeIn(random) }];
  }],
  ["place", ({ lods }, random) => void (lods.transform = { position: placeIn(random) })],
  ["skip mips", ({ lods }, random) => {
    lods.virtualTextureSkipMips = Math.floor(3 * random());
  }],
  ["bias", ({ lods }, random) => void (lods.virtualTextureLodBias = Math.floor(2 * random()))],
  ["sampled place", ({ patch }, random) => void (patch.transform = { position: placeIn(random) })],
  ["sampled colour", ({ patch }, random) => {
    patch.material = paint("patch", [random(), random(), 0.5]);
  }],
];

/** Edits at random; what was missed, and how many tiles have changed and were said to be stale. */
async function editAtRandom(seed: number, turns: Turns = {}) {
  using device = await requestDevice();
  const made = await localWorld(device, turns);
  await using _ = made.placed;
  const random = seededRandom(seed);
  const missed: string[] = [];
  let [said, changed] = [0, 0];
  let before = await builtAnew(made);
  for (let round = 0; round < ROUNDS; round++) {
    const [name, edit] = EDITS[Math.floor(random() * EDITS.length)]!;
    edit(made, random);
    const stale = saidStale(made);
    const after = await builtAnew(made);
    const tiles = editedTiles(before, after, stale);
    if (tiles.missed.length > 0) missed.push(`${name}: ${tiles.missed}`);
    [said, changed] = [said + stale, changed + tiles.changed.length];
    before = after;
  }
  return { missed, said, changed };
}

const TILTED = rotationAbout([1, 0.3, 0], 0.2);

for (
  const [name, turns] of [
    ["seen from above", {}],
    ["turned", { shown: rotationAbout([0, 0, 1], 0.3) }],
  ] as const
) {
  Deno.test(`random edits, ${name}: no tile that changes is missed, and few are stale that do not`, async () => {
    const { missed, said, changed } = await editAtRandom(5, turns);
    assert.deepEqual(missed, []);
    assert.ok(changed > 2 * ROUNDS && said < 2 * changed, `said ${said}, changed ${changed}`);
  });
}

Deno.test("random edits, volumes at angles: no tile that changes is missed", async () => {
  const { missed, changed } = await editAtRandom(6, { shown: TILTED, sampled: [0, 0, 0, 1] });
  assert.deepEqual(missed, []);
  assert.ok(changed > 2 * ROUNDS);
});

Deno.test("negative control: where changes of components are not noted, tiles are missed", async () => {
  const { versionOf } = SceneIdentities.prototype;
  SceneIdentities.prototype.versionOf = () => 0;
  try {
    assert.ok((await editAtRandom(5)).missed.length > ROUNDS / 2);
  } finally {
    SceneIdentities.prototype.versionOf = versionOf;
  }
});
