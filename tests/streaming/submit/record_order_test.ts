import assert from "node:assert/strict";
import type { GpuPool } from "../../../src/streaming/memory/gpu_pool.ts";
import { type JournaledTile, recordTiles } from "../../../src/streaming/submit/record_tiles.ts";
import { seededRandom } from "../../helpers/random.ts";

const PROFILE = { count() {} } as never;

/** Records tiles of textures in two pools, one each, that landed in some order; the depths as recorded. */
function recordedDepths(depths: readonly number[]): number[] {
  const recorded: number[] = [];
  const pools = [0, 1].map(() => ({ residency: { slots: { versionOf: () => 1 } } }));
  const tiles = depths.map((depth, slot) => ({
    pool: pools[slot % 2] as unknown as GpuPool,
    slot,
    ticket: { tile: slot, version: 1, payload: null, release() {} },
    texture: {
      description: { name: `texture ${slot}` },
      draws: () => true,
      residency: { slotOf: { get: () => slot } },
      producer: { depthIn: () => depth },
      recorder: { record: () => void recorded.push(depth) },
    },
  }));
  recordTiles({} as GPUCommandEncoder, tiles as unknown as JournaledTile[], PROFILE);
  return recorded;
}

Deno.test("in a submit content comes before all that may be made from it, in whatever pool it is", () => {
  const random = seededRandom(5);
  for (let round = 0; round < 50; round++) {
    const depths = Array.from({ length: 6 }, () => Math.floor(random() * 4));
    const recorded = recordedDepths(depths);
    assert.deepEqual(recorded, depths.toSorted((a, b) => a - b));
  }
});
