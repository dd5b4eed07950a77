import assert from "node:assert/strict";
import fc from "fast-check";
import { BudgetError, OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import {
  bufferBytes,
  MEMORY_PARTS,
  MemoryLedger,
  type MemoryPart,
  textureBytes,
} from "../../../src/gpu/mod.ts";
import { fakeDevice } from "../fake_device.ts";

const TEXTURE = { usage: 4, format: "rgba8unorm" } as const;

Deno.test("the bytes of a texture count blocks, layers, mips and samples", () => {
  const bc7 = "bc7-rgba-unorm" as const;
  assert.equal(textureBytes({ ...TEXTURE, size: [264, 264] }), 264 * 264 * 4);
  assert.equal(textureBytes({ ...TEXTURE, format: bc7, size: [264, 528, 3] }), 66 * 132 * 16 * 3);
  assert.equal(textureBytes({ ...TEXTURE, size: { width: 7 } }), 28);
  assert.equal(
    textureBytes({ ...TEXTURE, size: [5, 3, 2], mipLevelCount: 3 }),
    2 * 4 * (15 + 2 + 1),
  );
  // A level of 6 x 6 texels takes 2 x 2 blocks of 4 x 4.
  assert.equal(
    textureBytes({ ...TEXTURE, format: bc7, size: [12, 12], mipLevelCount: 2 }),
    16 * (9 + 4),
  );
  assert.equal(
    textureBytes({ ...TEXTURE, dimension: "3d", size: [4, 4, 4], mipLevelCount: 3 }),
    4 * (64 + 8 + 1),
  );
  assert.equal(textureBytes({ ...TEXTURE, size: [4, 4], sampleCount: 4 }), 256);
  assert.throws(
    () => textureBytes({ ...TEXTURE, format: "astc-12x12-unorm", size: [4, 4] }),
    UnsupportedError,
  );
  assert.equal(bufferBytes({ usage: 0, size: 5 }), 8);
});

Deno.test("parts add up to the used bytes, and the limit is never exceeded", () => {
  const part = fc.constantFrom<MemoryPart>(...MEMORY_PARTS);
  const operation = fc.oneof(
    fc.record({ kind: fc.constant("buffer"), part, size: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant("texture"), part, size: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ kind: fc.constant("reserve"), part, size: fc.integer({ min: 0, max: 400 }) }),
    fc.record({ kind: fc.constant("destroy"), part, size: fc.nat() }),
    fc.record({ kind: fc.constant("submit"), part, size: fc.nat() }),
    fc.record({ kind: fc.constant("complete"), part, size: fc.nat() }),
  );
  fc.assert(fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
    const { device } = fakeDevice();
    const { submits } = device;
    const ledger = new MemoryLedger(submits, 1000);
    const live: { bytes: number; free(): void }[] = [];
    const leaving: { bytes: number; serial: number }[] = [];
    for (const { kind, part, size } of operations) {
      try {
        if (kind === "buffer") {
          const made = ledger.createBuffer(part, device, { size, usage: 0 });
          live.push({ bytes: made.bytes, free: () => made.destroy() });
        } else if (kind === "texture") {
          const made = ledger.createTexture(part, device, { ...TEXTURE, size: [size, size] });
          live.push({ bytes: made.bytes, free: () => made.destroy() });
        } else if (kind === "reserve") {
          const held = ledger.reserve(part, 0);
          live.push({
            get bytes() {
              return held.bytes;
            },
            free: () => held.release(),
          });
          held.resize(size);
        } else if (kind === "destroy" && live.length > 0) {
          const [gone] = live.splice(size % live.length, 1);
          const { bytes } = gone!;
          const before = ledger.usedBytes;
          gone!.free();
          gone!.free();
          if (ledger.usedBytes === before) leaving.push({ bytes, serial: submits.lastSubmitted });
        } else if (kind === "submit") submits.submit([]);
        else if (kind === "complete") submits.markCompleted(submits.lastSubmitted);
      } catch (error) {
        assert.ok(error instanceof BudgetError, String(error));
        assert.equal(error.budgetBytes, 1000);
        assert.ok(error.minimumBytes > 1000);
      }
      ledger.collect();
      const expected = [...live, ...leaving.filter((l) => l.serial > submits.completed)]
        .reduce((sum, { bytes }) => sum + bytes, 0);
      assert.equal(ledger.usedBytes, expected);
      assert.equal(MEMORY_PARTS.reduce((sum, p) => sum + ledger.partBytes(p), 0), expected);
      assert.ok(ledger.usedBytes <= 1000 && ledger.peakBytes <= 1000);
      assert.equal(ledger.availableBytes, 1000 - expected);
    }
  }));
});

Deno.test("a destroyed object counts until its last submit is done", () => {
  const { device } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 100);
  const first = ledger.createBuffer("staging", device, { size: 60, usage: 0, label: "first" });
  device.submits.submit([]);
  first.destroy();
  assert.equal(ledger.usedBytes, 60);
  assert.throws(
    () => ledger.createBuffer("staging", device, { size: 60, usage: 0, label: "second" }),
    (error) => error instanceof BudgetError && error.minimumBytes === 120,
  );
  device.submits.markCompleted(1);
  const second = ledger.createBuffer("staging", device, { size: 60, usage: 0 });
  assert.equal(ledger.usedBytes, 60);
  second.destroy();
  assert.equal(ledger.usedBytes, 0);
});

Deno.test("nothing is counted for an object that could not be created", () => {
  const { device } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 100);
  device.gpu.createBuffer = () => {
    throw new RangeError("no");
  };
  assert.throws(() => ledger.createBuffer("atlas", device, { size: 60, usage: 0 }), /no/);
  assert.equal(ledger.usedBytes, 0);
  assert.throws(() => new MemoryLedger(device.submits, 0), OutOfRangeError);
  assert.throws(() => new MemoryLedger(device.submits, NaN), OutOfRangeError);
  assert.throws(() => ledger.reserve("caches", -1), OutOfRangeError);
});

Deno.test("a ledger that goes on for another counts what the GPU may still use, and each object once", () => {
  const { device } = fakeDevice();
  const { submits } = device;
  const before = new MemoryLedger(submits, 100);
  const gone = before.createBuffer("feedback", device, { size: 60, usage: 0 });
  const kept = before.createBuffer("staging", device, { size: 20, usage: 0 });
  submits.submit([]);
  gone.destroy();
  const after = new MemoryLedger(submits, 100, before);
  assert.deepEqual([before.usedBytes, after.usedBytes], [20, 60]);
  assert.equal(after.partBytes("feedback"), 60);
  assert.equal(after.peakBytes, 80);
  assert.throws(() => after.createBuffer("atlas", device, { size: 44, usage: 0 }), BudgetError);
  kept.destroy();
  after.takeOver(before);
  assert.deepEqual([before.usedBytes, after.usedBytes], [0, 80]);
  submits.markCompleted(1);
  assert.equal(after.availableBytes, 100);
  // On another device nothing of it is in use.
  const other = new MemoryLedger(fakeDevice().device.submits, 100, after);
  assert.deepEqual([other.usedBytes, other.peakBytes], [0, 80]);
});
