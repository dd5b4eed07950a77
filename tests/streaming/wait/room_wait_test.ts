/**
 * Finished tiles that find no room to be recorded.
 */

import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { RoomWait, type RoomWaitParts } from "../../../src/streaming/wait/room_wait.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TextureState } from "../../../src/streaming/texture_state.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { pause, settlesWithin } from "../sources.ts";
import { KINDS, makePair, OPTIONS } from "../supply/drawn_pair.ts";

const camera = lookDown(300, 300, heightOfLevel(0));

Deno.test("tiles whose memory others hold land when it is free again, and timers run meanwhile", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const { supply, source } = await makePair(device, system, { formats: KINDS[0]!, seed: 1 });
  let isHeld = true;
  Object.defineProperty(supply.recorder, "availableBytes", { get: () => isHeld ? 0 : 1e6 });
  const updated = system.update(camera);
  assert.equal(await settlesWithin(updated, 60), false, "it waits, and this timer has run");
  assert.ok(source.reads.length > 0, "the other supply goes on");
  isHeld = false;
  await updated;
  assert.ok(await system.flush());
  assert.ok(supply.recorder.drawn.size > 10);
});

Deno.test("such a wait can be cancelled, and closing ends it", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const { supply } = await makePair(device, system, { formats: KINDS[0]!, seed: 1 });
  Object.defineProperty(supply.recorder, "availableBytes", { value: 0 });
  const stop = new AbortController();
  const updated = system.update(camera, { signal: stop.signal });
  await pause(5);
  stop.abort(new Error("enough"));
  await assert.rejects(updated, /enough/);
  const again = system.update(camera);
  await pause(5);
  system.close();
  assert.ok(await settlesWithin(again, 2000));
});

function partsOf(state: { completed: number; lastSubmitted: number; wait?: () => void }) {
  return {
    device: {
      submits: {
        ...state,
        wait: () => Promise.resolve(state.wait?.()),
      },
    },
    journal: { isUnconfirmed: false },
    changes: { isBusy: false },
    settings: { budgetBytes: 1000 },
  } as unknown as RoomWaitParts;
}

const blocked = {
  producer: { finishedCount: 1 },
  recorder: { cost: { scratchBytes: 500 }, availableBytes: 100, memory: "scratch" },
  description: { name: "shades" },
} as unknown as TextureState;

Deno.test("memory that stays too short is an error that names the texture and the bytes", async () => {
  const room = new RoomWait(partsOf({ completed: 3, lastSubmitted: 3 }), 2);
  for (let poll = 0; poll < 2; poll++) await room.waitForRoom([blocked], undefined);
  await assert.rejects(room.waitForRoom([blocked], undefined), (error) => {
    assert.ok(error instanceof BudgetError);
    assert.match(
      error.message,
      /^Cannot record tiles of shades .* 500 bytes of scratch memory: 100/,
    );
    assert.equal(error.minimumBytes, 1400);
    return true;
  });
  room.reset();
  await room.waitForRoom([blocked], undefined);
});

Deno.test("as long as the GPU is busy, waiting for it is no error", async () => {
  let waits = 0;
  const room = new RoomWait(partsOf({ completed: 2, lastSubmitted: 3, wait: () => waits++ }), 2);
  for (let round = 0; round < 9; round++) await room.waitForRoom([blocked], undefined);
  assert.equal(waits, 9);
});
