import assert from "node:assert/strict";
import {
  Atlas,
  type ForgeDevice,
  initMemorySystem,
  MemoryLedger,
  ReadbackBatch,
  requestDevice,
  slotBytes,
  stagingBytes,
  TileUploader,
} from "../../../src/gpu/mod.ts";
import { regionBytes, TEXEL_FORMATS, type TexelFormat } from "../../../src/texels/mod.ts";
import { RingTurns } from "../../../src/gpu/memory/ring_turns.ts";
import { fakeDevice } from "../fake_device.ts";
import { randomNumbers } from "../random_numbers.ts";

const SLOT_TEXELS = 72;
const SHAPE = { tileSize: 64, border: 4, wantedSlots: 9 } as const;

function randomPayload(formats: readonly TexelFormat[], random: () => number): Uint8Array[] {
  // Bytes below 120 are neither NaN nor a denormal in any float format.
  return formats.map((format) =>
    Uint8Array.from(
      { length: regionBytes(format, SLOT_TEXELS, SLOT_TEXELS) },
      () => Math.floor(random() * 120),
    )
  );
}

/** Slots of an atlas whose bytes are not what was put there last. */
async function wrongSlots(
  device: ForgeDevice,
  atlas: Atlas,
  wanted: ReadonlyMap<number, readonly Uint8Array[]>,
): Promise<number> {
  const batch = new ReadbackBatch(device);
  const slots = [...wanted.keys()];
  for (const slot of slots) {
    for (const texture of atlas.planes) {
      batch.addTexture(texture, {
        x: atlas.slotLeft(slot),
        y: atlas.slotTop(slot),
        layer: atlas.slotLayer(slot),
        width: SLOT_TEXELS,
        height: SLOT_TEXELS,
      });
    }
  }
  const read = await batch.read();
  const planes = atlas.planes.length;
  return slots.filter((slot, i) =>
    wanted.get(slot)!.some((bytes, plane) => bytes.join() !== read[i * planes + plane]!.join())
  ).length;
}

Deno.test("tiles of every format go through the rings byte for byte, several planes at once", async () => {
  using device = await requestDevice();
  const memory = await initMemorySystem(device, {
    memoryPools: false,
    ringCount: 2,
    bufferSize: 2 ** 18,
  });
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const uploader = new TileUploader(device, ledger, { maxBytes: 2 ** 22 });
  const random = randomNumbers(3);
  const supported = TEXEL_FORMATS.filter((format) => device.supports(format));
  const planeSets: TexelFormat[][] = [...supported.map((f) => [f]), ["rgba8unorm", "r8unorm"]];
  for (const formats of planeSets) {
    const atlas = new Atlas(device, ledger, { formats, ...SHAPE });
    const wanted = new Map([4, 0].map((slot) => [slot, randomPayload(formats, random)]));
    const stalls = memory.stagingStats().bufferStalls;
    const encoder = device.gpu.createCommandEncoder();
    uploader.record(encoder, atlas, [...wanted].map(([slot, payload]) => ({ slot, payload })));
    device.submits.submit([encoder.finish()]);
    assert.equal(memory.stagingStats().bytesInFlight, 2 * stagingBytes(formats, SLOT_TEXELS));
    assert.equal(await wrongSlots(device, atlas, wanted), 0, `${formats}`);
    assert.equal(memory.stagingStats().bytesInFlight, 0, "a read-back has waited for them");
    assert.equal(memory.stagingStats().bufferStalls, stalls);
    atlas.destroy();
  }
  assert.equal(ledger.partBytes("staging"), 0);
  device.assertAlive();
});

/** Number of buffers, and tiles that each holds. */
const RINGS = [[1, 0.9], [1, 2], [2, 1.5], [3, 3.7]] as const;

/** Uploads at random through tiny rings; slots that are wrong in the end. */
async function uploadRandomly(
  [ringCount, tiles]: readonly [number, number],
): Promise<{ wrong: number; stalls: number }> {
  using device = await requestDevice();
  const random = randomNumbers(ringCount);
  const formats: TexelFormat[] = ["rgba8unorm"];
  const tileBytes = stagingBytes(formats, SLOT_TEXELS);
  const memory = await initMemorySystem(device, {
    memoryPools: false,
    ringCount,
    bufferSize: Math.floor(tiles * tileBytes),
  });
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const uploader = new TileUploader(device, ledger, {
    maxBytes: 2 ** 22,
    learnCompletion: () => random() < 0.3 && device.submits.waitNow(),
  });
  const atlas = new Atlas(device, ledger, { formats, ...SHAPE });
  const wanted = new Map<number, Uint8Array[]>();
  for (let step = 0; step < 60; step++) {
    const isDropped = random() < 0.2;
    const encoder = device.gpu.createCommandEncoder();
    for (let batch = 0; batch < 1 + random() * 2; batch++) {
      const items = Array.from({ length: Math.ceil(random() * 4) }, () => ({
        slot: Math.floor(random() * SHAPE.wantedSlots),
        payload: [new Uint8Array(4 * SLOT_TEXELS ** 2).fill(255 * random())],
      }));
      uploader.record(encoder, atlas, items);
      if (!isDropped) { for (const { slot, payload } of items) wanted.set(slot, payload); }
    }
    if (isDropped) device.submits.dropRecorded();
    else device.submits.submit([encoder.finish()]);
    if (random() < 0.2) await device.submits.wait();
  }
  const wrong = await wrongSlots(device, atlas, wanted);
  device.assertAlive();
  return { wrong, stalls: memory.stagingStats().bufferStalls };
}

Deno.test("random uploads through tiny rings, stalls and drops end as if there were none", async () => {
  const stalls: number[] = [];
  for (const ring of RINGS) {
    const result = await uploadRandomly(ring);
    assert.equal(result.wrong, 0, `${ring}`);
    stalls.push(result.stalls);
  }
  assert.ok(stalls[0]! > stalls[3]! && stalls[3]! > 0, `${stalls}`);
});

Deno.test("negative control: rings that take the same bytes twice in a submit are found", async () => {
  const { place } = RingTurns.prototype;
  RingTurns.prototype.place = function (bytes, moment) {
    const found = place.call(this, bytes, moment);
    return found === null ? null : { ...found, offsetBytes: 0 };
  };
  try {
    assert.ok((await uploadRandomly(RINGS[3])).wrong > 0);
  } finally {
    RingTurns.prototype.place = place;
  }
});

Deno.test("a buffer whose submit is not known to be done is not written to; its tile goes without", async () => {
  const { device, log } = fakeDevice();
  const formats: TexelFormat[] = ["r8unorm"];
  const tileBytes = stagingBytes(formats, SLOT_TEXELS);
  const options = { memoryPools: false, ringCount: 2, bufferSize: tileBytes } as const;
  const memory = await initMemorySystem(device, options);
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const atlas = new Atlas(device, ledger, { formats, ...SHAPE });
  let asked = 0;
  const uploader = new TileUploader(device, ledger, {
    maxBytes: 2 ** 19,
    label: "mapped",
    learnCompletion: () => asked++,
  });
  const payload = [new Uint8Array(slotBytes(formats, SLOT_TEXELS))];
  const upload = () => {
    log.length = 0;
    uploader.record(device.gpu.createCommandEncoder(), atlas, [{ slot: 0, payload }]);
    device.submits.submit([]);
    const stats = memory.stagingStats();
    return [log[0], stats.currentRingIndex, stats.bytesInFlight / tileBytes, stats.bufferStalls];
  };
  const written = (index: number) => `write staging ring ${index} at 0: ${tileBytes}`;
  assert.deepEqual(upload(), [written(0), 0, 1, 0]);
  assert.deepEqual(upload(), [written(1), 1, 2, 0]);
  assert.deepEqual(upload(), ["unmap mapped", 1, 2, 1]);
  assert.equal(asked, 1, "it asks whether the GPU is done, once");
  device.submits.markCompleted(1);
  assert.deepEqual(upload(), [written(0), 0, 2, 1]);
  device.submits.markCompleted(4);
  assert.equal(memory.stagingStats().bytesInFlight, 0);
  const three = [0, 1, 2].map((slot) => ({ slot, payload }));
  asked = 0;
  uploader.record(device.gpu.createCommandEncoder(), atlas, three);
  assert.deepEqual([memory.stagingStats().bufferStalls, asked], [2, 0], "asking would not help");
  device.submits.dropRecorded();
  assert.equal(memory.stagingStats().bytesInFlight, 0);
});
