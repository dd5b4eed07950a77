import assert from "node:assert/strict";
import { requestDevice, TileUploader } from "../../../src/gpu/mod.ts";
import { zeroCounters } from "../../../src/residency/mod.ts";
import { Landing, type LandingParts } from "../../../src/streaming/frame/landing.ts";
import { checkedSettings } from "../../../src/streaming/options.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";

const TILE_BYTES = 100;
const STAGED_BYTES = 160;
const SLACK_BYTES = 1000;

/** Lands finished tiles with so much memory for staging; what landed and what is left of it. */
function land(finished: number, memory: { availableBytes: number; slackBytes: number }) {
  const tickets = Array.from({ length: finished }, (_, tile) => ({
    textureId: 0,
    tile,
    version: 0,
    payload: [],
    byteLength: TILE_BYTES,
  }));
  let slots = 0;
  let availableBytes = memory.availableBytes;
  let asked = 0;
  const pool = { atlas: {}, tileBytes: TILE_BYTES, setSlotFrame() {}, uploadSlotFrames() {} };
  const parts = {
    device: { submits: { wait: () => Promise.resolve(asked++) } },
    residency: { land: () => slots++, counters: zeroCounters() },
    producer: {
      takeFailures: () => [],
      take(maxTiles: number, maxBytes: number) {
        const fitting = Math.max(1, Math.floor(maxBytes / TILE_BYTES));
        return tickets.splice(0, Math.min(maxTiles, fitting));
      },
      get finishedCount() {
        return tickets.length;
      },
    },
    recorder: {
      get availableBytes() {
        return availableBytes;
      },
      bytesFor: () => STAGED_BYTES,
      record(_: unknown, __: unknown, items: readonly unknown[]) {
        availableBytes -= items.length * STAGED_BYTES;
      },
    },
    textures: new Map([[0, { pool }]]),
    settings: checkedSettings({ clock: () => 0 }),
    slackBytes: () => memory.slackBytes,
  };
  const landing = new Landing(parts as unknown as LandingParts);
  const landed = landing.recordTiles(
    {} as GPUCommandEncoder,
    { tiles: 1000, bytes: 1e9, ms: 1e9, taken: 0 },
    { frame: 1 },
  );
  return { landed, availableBytes, asked };
}

Deno.test("staging takes what is free but the slack, and tiles that do not fit wait for the GPU", () => {
  for (const fitting of [0, 1, 5, 8, 13, 24]) {
    for (const spare of [0, STAGED_BYTES - 1]) {
      const availableBytes = SLACK_BYTES + fitting * STAGED_BYTES + spare;
      const { asked, ...rest } = land(30, { availableBytes, slackBytes: SLACK_BYTES });
      assert.deepEqual(rest, { landed: fitting, availableBytes: SLACK_BYTES + spare });
      assert.equal(asked, 1, "it finds out when there is room again");
    }
  }
  const roomy = land(30, { availableBytes: 1e9, slackBytes: SLACK_BYTES });
  assert.deepEqual([roomy.landed, roomy.asked], [30, 0]);
});

Deno.test("nothing lands while all that is free must stay so", () => {
  const { landed, availableBytes } = land(9, { availableBytes: 1e9, slackBytes: Infinity });
  assert.deepEqual([landed, availableBytes], [0, 1e9]);
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
    using system = new VirtualTextureSystem(device, { maxMemoryBytes, tileSize: 64 });
    await system.loadTexture(mapSource());
    for (let i = 0; i < 40; i++) {
      system.updateNow(lookDown(300 + 40 * i, 1000, heightOfLevel(0.5)));
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
