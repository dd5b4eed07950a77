import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BudgetError,
  InvalidArgumentError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../src/errors.ts";
import {
  Atlas,
  MemoryLedger,
  planAtlas,
  ReadbackBatch,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import {
  pageEntryLayer,
  pageEntryLevel,
  pageEntrySlotX,
  pageEntrySlotY,
} from "../../../src/residency/mod.ts";
import { fakeDevice } from "../fake_device.ts";

Deno.test("a plan comes within 1 % of the slots wanted, and within every limit", () => {
  fc.assert(fc.property(
    fc.record({
      slotTexels: fc.integer({ min: 1, max: 300 }).map((n) => 4 * n),
      wantedSlots: fc.integer({ min: 1, max: 200_000 }),
      maxTextureSize: fc.constantFrom(2048, 8192, 16384),
      maxLayers: fc.constantFrom(1, 256, 2048),
    }),
    (limits) => {
      const plan = planAtlas({ formats: ["rgba8unorm", "bc4-r-unorm"], ...limits });
      const { gridX, gridY, layers, slotCount } = plan;
      assert.equal(slotCount, gridX * gridY * layers);
      assert.equal(plan.bytes, slotCount * limits.slotTexels ** 2 * 4.5);
      assert.ok(gridX <= 256 && gridY <= 256);
      assert.ok(Math.max(gridX, gridY) * limits.slotTexels <= limits.maxTextureSize);
      assert.ok(layers <= limits.maxLayers);
      const maxGrid = Math.min(256, Math.floor(limits.maxTextureSize / limits.slotTexels));
      const possible = Math.min(limits.wantedSlots, maxGrid * maxGrid * limits.maxLayers);
      assert.ok(slotCount <= possible);
      // With one layer a prime number of slots may have no near rectangle.
      if (limits.maxLayers > 1) assert.ok(slotCount >= possible - Math.floor(possible * 0.01));
    },
  ));
});

Deno.test("an impossible plan is an error that names the argument", () => {
  const request = {
    formats: ["bc7-rgba-unorm"] as const,
    slotTexels: 264,
    wantedSlots: 10,
    maxTextureSize: 8192,
    maxLayers: 256,
  };
  assert.throws(() => planAtlas({ ...request, formats: [] }), InvalidArgumentError);
  assert.throws(() => planAtlas({ ...request, slotTexels: 262 }), OutOfRangeError);
  assert.throws(() => planAtlas({ ...request, slotTexels: 8196 }), OutOfRangeError);
  for (const wantedSlots of [0, -1, NaN]) {
    assert.throws(() => planAtlas({ ...request, wantedSlots }), OutOfRangeError);
  }
});

Deno.test("page entries name the place of a slot", () => {
  const { device } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 30);
  const atlas = new Atlas(device, ledger, {
    formats: ["r8unorm"],
    tileSize: 256,
    border: 4,
    wantedSlots: 2500,
  });
  assert.ok(atlas.plan.layers > 1);
  for (let slot = 0; slot < atlas.plan.slotCount; slot++) {
    const tile = atlas.pageEntryFor(slot, 7);
    assert.equal(pageEntrySlotX(tile) * 264, atlas.slotLeft(slot));
    assert.equal(pageEntrySlotY(tile) * 264, atlas.slotTop(slot));
    assert.equal(pageEntryLayer(tile), atlas.slotLayer(slot));
    assert.equal(pageEntryLevel(tile), 7);
    const { gridX, gridY } = atlas.plan;
    const row = pageEntryLayer(tile) * gridY + pageEntrySlotY(tile);
    assert.equal(row * gridX + pageEntrySlotX(tile), slot);
  }
  for (const slot of [-1, 0.5, atlas.plan.slotCount]) {
    assert.throws(() => atlas.pageEntryFor(slot, 0), OutOfRangeError);
  }
  assert.throws(() => atlas.view(1), OutOfRangeError);
});

Deno.test("an atlas counts and frees every byte, and a failure leaves nothing", () => {
  const { device, log } = fakeDevice();
  const options = {
    formats: ["rgba8unorm", "bc5-rg-unorm"],
    tileSize: 64,
    border: 4,
    wantedSlots: 12,
    label: "pair",
  } as const;
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const atlas = new Atlas(device, ledger, options);
  assert.equal(atlas.plan.slotCount, 12);
  assert.equal(ledger.partBytes("atlas"), atlas.plan.bytes);
  atlas.destroy();
  atlas.destroy();
  assert.equal(ledger.usedBytes, 0);
  assert.deepEqual(log, ["destroy pair plane 0", "destroy pair plane 1"]);

  const tight = new MemoryLedger(device.submits, atlas.plan.bytes - 1);
  assert.throws(() => new Atlas(device, tight, options), BudgetError);
  assert.equal(tight.usedBytes, 0);
  assert.throws(
    () => new Atlas(device, ledger, { ...options, formats: ["r16unorm"] }),
    (error) => error instanceof UnsupportedError && error.feature === "r16unorm",
  );
});

Deno.test("slots are copied between atlases with every plane", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const options = { formats: ["rgba8unorm", "r8unorm"], tileSize: 8, border: 2 } as const;
  const from = new Atlas(device, ledger, { ...options, wantedSlots: 6 });
  const to = new Atlas(device, ledger, { ...options, wantedSlots: 15 });
  for (let slot = 0; slot < 6; slot++) {
    for (const [plane, texelBytes] of [4, 1].entries()) {
      device.gpu.queue.writeTexture(
        {
          texture: from.planes[plane]!,
          origin: [from.slotLeft(slot), from.slotTop(slot), from.slotLayer(slot)],
        },
        new Uint8Array(144 * texelBytes).fill(slot * 10 + plane + 1),
        { bytesPerRow: 12 * texelBytes },
        [12, 12],
      );
    }
  }
  const encoder = device.gpu.createCommandEncoder();
  const pairs = [{ from: 0, to: 14 }, { from: 5, to: 3 }, { from: 2, to: 0 }];
  to.copySlots(encoder, from, pairs);
  device.submits.submit([encoder.finish()]);
  const batch = new ReadbackBatch(device);
  for (let slot = 0; slot < 15; slot++) {
    for (const texture of to.planes) {
      batch.addTexture(texture, {
        x: to.slotLeft(slot),
        y: to.slotTop(slot),
        layer: to.slotLayer(slot),
        width: 12,
        height: 12,
      });
    }
  }
  for (const [index, bytes] of (await batch.read()).entries()) {
    const pair = pairs.find((p) => p.to === index >> 1);
    const expected = pair === undefined ? 0 : pair.from * 10 + (index & 1) + 1;
    assert.ok(bytes.every((byte) => byte === expected), `part ${index}`);
  }
  const other = new Atlas(device, ledger, { ...options, border: 1, wantedSlots: 1 });
  assert.throws(() => to.copySlots(encoder, other, []), InvalidArgumentError);
  assert.throws(
    () => to.copySlots(device.gpu.createCommandEncoder(), from, [{ from: 6, to: 0 }]),
    OutOfRangeError,
  );
  for (const atlas of [from, to, other]) atlas.destroy();
  await device.submits.wait();
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
  device.assertAlive();
});
