import assert from "node:assert/strict";
import { requestDevice, TileUploader } from "../../../src/gpu/mod.ts";
import { zeroCounters } from "../../../src/residency/mod.ts";
import { FrameProfile } from "../../../src/streaming/frame/frame_profile.ts";
import { Landing, type LandingParts } from "../../../src/streaming/frame/landing.ts";
import { QueueWaits } from "../../../src/streaming/wait/queue_waits.ts";
import { checkedSettings } from "../../../src/streaming/options.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";

const STAGED_BYTES = 160;
const SLACK_BYTES = 1000;

/** A texture whose supply has finished so many tiles, each of which costs so much. */
function finishedTexture(
  id: number,
  finished: number,
  cost: { uploadBytes?: number; scratchBytes?: number; gpuMs?: number },
  memory: { availableBytes: number },
) {
  let left = finished;
  return {
    id,
    isLoaded: true,
    residency: { id },
    pool: { setSlotFrame() {} },
    producer: {
      takeFailures: () => [],
      takeFinishedTiles(maxTiles: number) {
        const count = Math.min(maxTiles, left);
        left -= count;
        return Array.from({ length: count }, () => ({ tile: 0, version: 0, release() {} }));
      },
      get finishedCount() {
        return left;
      },
    },
    recorder: {
      memory: "staging",
      cost: { uploadBytes: 100, scratchBytes: STAGED_BYTES, gpuMs: 0, ...cost },
      get availableBytes() {
        return memory.availableBytes;
      },
    },
  };
}

/** Lands what textures have finished; the textures whose tiles landed, in order. */
function land(
  textures: readonly ReturnType<typeof finishedTexture>[],
  options: {
    slackBytes?: number;
    isMoving?: boolean;
    tiles?: number;
    bytes?: number;
    gpuMs?: number;
    /** What waiting on the spot does; whether the GPU is done then. */
    finishWork?: () => boolean;
    /** What frees spare memory. */
    dropSpares?: () => void;
  },
) {
  let slots = 0;
  let asked = 0;
  let scratchBytes = 0;
  const order: number[] = [];
  const parts = {
    device: {
      submits: {
        wait: () => Promise.resolve(),
        waitNow: () => {
          asked++;
          return options.finishWork?.() ?? false;
        },
      },
    },
    ledger: { dropSpares: options.dropSpares ?? (() => {}) },
    residency: {
      land: (texture: { id: number }) => {
        order.push(texture.id);
        return { slot: slots++, isNew: true };
      },
      counters: zeroCounters(),
    },
    textures: new Map(textures.map((texture) => [texture.id, texture])),
    settings: checkedSettings({ clock: () => 0 }),
    profile: new FrameProfile(() => 0),
    journal: {
      isUnconfirmed: false,
      get scratchBytes() {
        return scratchBytes;
      },
      addTile: () => scratchBytes += STAGED_BYTES,
      submit: () => true,
    },
    plan: { slackBytes: options.slackBytes ?? 0, isMoving: options.isMoving ?? false },
    waits: new QueueWaits({ share: 1, blocks: true, clock: () => 0 }),
  };
  const landing = new Landing(parts as unknown as LandingParts);
  const { tiles = 1000, bytes = 1e9, gpuMs = 1e9 } = options;
  const landed = landing.landTiles(
    { tiles, drawnTiles: Infinity, bytes, gpuMs, ms: 1e9, taken: 0 },
    { frame: 1 },
  );
  assert.equal(landed, order.length);
  return { landed, asked, order };
}

Deno.test("staging takes what is free but the slack, and tiles that do not fit wait for the GPU", () => {
  for (const fitting of [0, 1, 5, 8, 13, 24]) {
    for (const spare of [0, STAGED_BYTES - 1]) {
      const memory = { availableBytes: SLACK_BYTES + fitting * STAGED_BYTES + spare };
      const texture = finishedTexture(1, 30, {}, memory);
      const { landed, asked } = land([texture], { slackBytes: SLACK_BYTES });
      assert.equal(landed, fitting);
      assert.equal(asked, 1, "it finds out when there is room again");
    }
  }
  const roomy = land([finishedTexture(1, 30, {}, { availableBytes: 1e9 })], {});
  assert.deepEqual([roomy.landed, roomy.asked], [30, 0]);
});

Deno.test("memory that the GPU turns out to be done with is used in the same update", () => {
  const memory = { availableBytes: 2 * STAGED_BYTES };
  const texture = () => finishedTexture(1, 30, {}, memory);
  const finishWork = () => {
    memory.availableBytes = 7 * STAGED_BYTES;
    return true;
  };
  assert.equal(land([texture()], { finishWork }).landed, 7);
  memory.availableBytes = 2 * STAGED_BYTES;
  const { landed } = land([texture()], {
    finishWork: () => finishWork() && false,
  });
  assert.equal(landed, 2, "negative control: not before it is known");
});

Deno.test("spare memory is freed for a tile that finds no room, and not before", () => {
  const memory = { availableBytes: STAGED_BYTES - 1 };
  const dropSpares = () => memory.availableBytes = 3 * STAGED_BYTES;
  const { landed, asked } = land([finishedTexture(1, 2, {}, memory)], { dropSpares });
  assert.deepEqual([landed, asked], [2, 0]);
  const roomy = finishedTexture(1, 2, {}, { availableBytes: 1e9 });
  land([roomy], { dropSpares: () => assert.fail("there is room") });
});

Deno.test("nothing lands while pools are moved", () => {
  const texture = finishedTexture(1, 9, {}, { availableBytes: 1e9 });
  assert.equal(land([texture], { isMoving: true }).landed, 0);
});

Deno.test("supplies take turns, and one that is short of memory is left out alone", () => {
  const memory = { availableBytes: 1e9 };
  const [a, b] = [finishedTexture(1, 100, {}, memory), finishedTexture(2, 100, {}, memory)];
  const { order } = land([a, b], { tiles: 40 });
  assert.equal(order.filter((id) => id === 1).length, 24);
  assert.equal(order.filter((id) => id === 2).length, 16);
  const starved = finishedTexture(3, 100, {}, { availableBytes: 0 });
  const { order: others } = land([starved, finishedTexture(4, 30, {}, memory)], { tiles: 40 });
  assert.deepEqual(others, Array(30).fill(4));
});

Deno.test("uploaded bytes and GPU time are counted, and one tile is always let through", () => {
  const memory = { availableBytes: 1e9 };
  const drawn = { uploadBytes: 0, scratchBytes: 0, gpuMs: 2 };
  const lands = (cost: object, budget: object) =>
    land([finishedTexture(1, 30, cost, memory)], budget).landed;
  assert.equal(lands(drawn, { gpuMs: 9 }), 4);
  assert.equal(lands(drawn, { gpuMs: 0.5 }), 1);
  assert.equal(lands({}, { bytes: 350 }), 3);
  assert.equal(lands({}, { bytes: 3 }), 1);
  assert.equal(lands(drawn, { bytes: 3, gpuMs: 1e9 }), 30, "what costs nothing of it may come");
});

Deno.test("a system's staging leaves a part of its budget free", async () => {
  const { record } = TileUploader.prototype;
  const left: number[] = [];
  TileUploader.prototype.record = function (...args) {
    record.apply(this, args);
    left.push(this.availableBytes);
  };
  try {
    using device = await requestDevice();
    // What is beyond whole steps of 64 KiB stays free, and 32 KiB at least.
    const maxMemoryBytes = 2 * 2 ** 20 + 60 * 1024;
    using system = new VirtualTextureSystem(device, {
      maxMemoryBytes,
      tileSize: 64,
      gpuWaitShare: 1,
    });
    await system.loadTexture(mapSource());
    for (let i = 0; i < 80; i++) {
      const camera = lookDown(300 + 18 * i, 300 + 18 * (i * 7 % 80), heightOfLevel(0.5));
      system.updateNow(camera);
      await pause();
    }
    await checkEverything(system);
  } finally {
    TileUploader.prototype.record = record;
  }
  const least = Math.min(...left);
  const stagedTile = 72 * 512;
  const slack = 92 * 1024;
  assert.ok(left.length > 10 && least >= slack, `${least} bytes free`);
  assert.ok(least < slack + 3 * stagedTile, `${least}: it was never short`);
});
