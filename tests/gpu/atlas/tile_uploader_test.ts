import assert from "node:assert/strict";
import {
  BudgetError,
  DeviceError,
  InvalidArgumentError,
  OutOfRangeError,
} from "../../../src/errors.ts";
import {
  adoptDevice,
  Atlas,
  MemoryLedger,
  ReadbackBatch,
  requestDevice,
  slotBytes,
  stagingBytes,
  TileUploader,
} from "../../../src/gpu/mod.ts";
import { regionBytes, TEXEL_FORMATS, type TexelFormat } from "../../../src/texels/mod.ts";
import { fakeDevice } from "../fake_device.ts";
import { randomNumbers } from "../random_numbers.ts";

function randomBytes(length: number, random: () => number): Uint8Array {
  // Bytes below 120 are neither NaN nor a denormal in any float format.
  return Uint8Array.from({ length }, () => Math.floor(random() * 120));
}

Deno.test("every format arrives in its slots byte for byte, several planes at once", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const uploader = new TileUploader(device, ledger, { maxBytes: 2 ** 22 });
  const random = randomNumbers(3);
  const supported = TEXEL_FORMATS.filter((format) => device.supports(format));
  const planeSets: TexelFormat[][] = [...supported.map((f) => [f]), ["rgba8unorm", "r8unorm"]];
  for (const formats of planeSets) {
    const atlas = new Atlas(device, ledger, { formats, tileSize: 64, border: 4, wantedSlots: 6 });
    const items = [4, 0, 3].map((slot) => ({
      slot,
      payload: formats.map((f) => randomBytes(regionBytes(f, 72, 72), random)),
    }));
    const encoder = device.gpu.createCommandEncoder();
    uploader.record(encoder, atlas, items);
    device.submits.submit([encoder.finish()]);
    const batch = new ReadbackBatch(device);
    for (let slot = 0; slot < atlas.plan.slotCount; slot++) {
      for (const texture of atlas.planes) {
        batch.addTexture(texture, {
          x: atlas.slotLeft(slot),
          y: atlas.slotTop(slot),
          layer: atlas.slotLayer(slot),
          width: 72,
          height: 72,
        });
      }
    }
    for (const [index, bytes] of (await batch.read()).entries()) {
      const item = items.find(({ slot }) => slot === Math.floor(index / formats.length));
      const expected = item?.payload[index % formats.length] ?? new Uint8Array(bytes.length);
      assert.deepEqual(bytes, expected, `${formats} part ${index}`);
    }
    atlas.destroy();
  }
  await device.submits.wait();
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
  device.assertAlive();
});

Deno.test("rows are padded to 256 bytes and a batch is one buffer", () => {
  const { device, log } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const formats: TexelFormat[] = ["bc7-rgba-unorm", "rgba8unorm"];
  const tileBytes = 66 * 1280 + 264 * 1280;
  assert.equal(stagingBytes(formats, 264), tileBytes);
  const atlas = new Atlas(device, ledger, {
    formats,
    tileSize: 256,
    border: 4,
    wantedSlots: 4,
    label: "a",
  });
  const uploader = new TileUploader(device, ledger, { maxBytes: 2 * tileBytes, label: "s" });
  const recorder = uploader.recorderFor(formats, 264);
  assert.deepEqual(recorder.cost, {
    uploadBytes: slotBytes(formats, 264),
    scratchBytes: tileBytes,
    gpuMs: 0,
  });
  assert.equal(uploader.recorderFor([...formats], 264), recorder);
  const payload = formats.map((format) => new Uint8Array(regionBytes(format, 264, 264)));
  uploader.record(device.gpu.createCommandEncoder(), atlas, [
    { slot: 3, payload },
    { slot: 0, payload },
  ]);
  device.submits.submit([]);
  assert.deepEqual(log, [
    "unmap s",
    "upload 0 by 1280 to a plane 0 at 264,264,0",
    `upload ${66 * 1280} by 1280 to a plane 1 at 264,264,0`,
    `upload ${tileBytes} by 1280 to a plane 0 at 0,0,0`,
    `upload ${tileBytes + 66 * 1280} by 1280 to a plane 1 at 0,0,0`,
    "submit 0",
    "destroy s",
  ]);
});

Deno.test("staging stays within its share until submits are done", () => {
  const { device } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const atlas = new Atlas(device, ledger, {
    formats: ["r8unorm"],
    tileSize: 56,
    border: 4,
    wantedSlots: 4,
  });
  const tileBytes = 64 * 256;
  const uploader = new TileUploader(device, ledger, { maxBytes: 3 * tileBytes });
  const item = { slot: 0, payload: [new Uint8Array(64 * 64)] };
  const encoder = device.gpu.createCommandEncoder();
  uploader.record(encoder, atlas, [item, { ...item, slot: 1 }]);
  assert.equal(uploader.availableBytes, tileBytes);
  device.submits.submit([]);
  assert.equal(uploader.availableBytes, tileBytes);
  assert.equal(ledger.partBytes("staging"), 2 * tileBytes);
  assert.throws(() => uploader.record(encoder, atlas, [item, item]), BudgetError);
  uploader.record(encoder, atlas, [item]);
  device.submits.submit([]);
  assert.equal(uploader.availableBytes, 0);
  device.submits.markCompleted(1);
  assert.equal(uploader.availableBytes, 2 * tileBytes);
  device.submits.markCompleted(2);
  assert.equal(uploader.availableBytes, 3 * tileBytes);
  assert.equal(ledger.partBytes("staging"), 0);

  const rest = ledger.reserve("caches", ledger.availableBytes - tileBytes);
  assert.equal(uploader.availableBytes, tileBytes);
  rest.release();
});

Deno.test("uploads that were recorded and dropped hold no memory, however many", () => {
  const { device } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const formats: TexelFormat[] = ["r8unorm"];
  const atlas = new Atlas(device, ledger, { formats, tileSize: 56, border: 4, wantedSlots: 2 });
  const tileBytes = stagingBytes(formats, 64);
  const uploader = new TileUploader(device, ledger, { maxBytes: 2 * tileBytes });
  const item = { slot: 0, payload: [new Uint8Array(64 * 64)] };
  for (let attempt = 0; attempt < 10; attempt++) {
    uploader.record(device.gpu.createCommandEncoder(), atlas, [item]);
    device.submits.dropRecorded();
    assert.equal(uploader.availableBytes, 2 * tileBytes, `after attempt ${attempt}`);
  }
  const encoder = device.gpu.createCommandEncoder();
  uploader.record(encoder, atlas, [item]);
  device.submits.submit([encoder.finish()]);
  assert.equal(uploader.availableBytes, tileBytes, "negative control: what is submitted counts");
});

Deno.test("a payload that is not a slot's bytes records nothing", () => {
  const { device, log } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const atlas = new Atlas(device, ledger, {
    formats: ["r8unorm"],
    tileSize: 56,
    border: 4,
    wantedSlots: 4,
  });
  const uploader = new TileUploader(device, ledger, { maxBytes: 2 ** 18 });
  const encoder = device.gpu.createCommandEncoder();
  const good = { slot: 0, payload: [new Uint8Array(4096)] };
  for (const payload of [[], [new Uint8Array(4095)], [new Uint8Array(4096), new Uint8Array(1)]]) {
    assert.throws(
      () => uploader.record(encoder, atlas, [good, { slot: 1, payload }]),
      InvalidArgumentError,
    );
  }
  assert.throws(
    () => uploader.record(encoder, atlas, [good, { ...good, slot: 4 }]),
    OutOfRangeError,
  );
  assert.throws(() => new TileUploader(device, ledger, { maxBytes: 0 }), OutOfRangeError);
  uploader.record(encoder, atlas, []);
  assert.deepEqual(log, []);
  assert.equal(ledger.partBytes("staging"), 0);
});

for (const isReported of [false, true]) {
  const when = isReported ? "after" : "before";
  Deno.test(`an upload to a lost device fails, ${when} its loss is reported`, async () => {
    const owner = await requestDevice();
    using device = adoptDevice(owner.gpu);
    const ledger = new MemoryLedger(device.submits, 2 ** 20);
    const options = { formats: ["r8unorm"], tileSize: 56, border: 4, wantedSlots: 4 } as const;
    const atlas = new Atlas(device, ledger, options);
    const uploader = new TileUploader(device, ledger, { maxBytes: 2 ** 18 });
    const encoder = device.gpu.createCommandEncoder();
    owner.close();
    if (isReported) await device.health.lost;
    assert.throws(
      () => uploader.record(encoder, atlas, [{ slot: 0, payload: [new Uint8Array(4096)] }]),
      DeviceError,
    );
    assert.equal(ledger.partBytes("staging"), 0);
    await device.health.lost;
  });
}
