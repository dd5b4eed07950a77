import assert from "node:assert/strict";
import { BudgetError, InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { Atlas, MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import { PlanePacker, type PlanePackerOptions } from "../../../src/rvt/planes/mod.ts";
import { TEXEL_FORMATS } from "../../../src/texels/mod.ts";

const OPTIONS = {
  materialType: "base_color",
  compressed: true,
  slotTexels: 72,
  maxTiles: 3,
  quality: "low",
} as const;

Deno.test("scratch memory is counted, as much as was said, in every type, and none is left", async () => {
  using device = await requestDevice();
  for (const materialType of MATERIAL_TYPE_NAMES) {
    for (const compressed of [false, true]) {
      const options = { ...OPTIONS, materialType, compressed };
      const ledger = new MemoryLedger(device.submits, 2 ** 26);
      const packer = new PlanePacker(device, ledger, options);
      const views = MATERIAL_TYPES[materialType].targets.map(() =>
        device.gpu.createTexture({
          size: [72, 72, 3],
          format: materialType === "world_height" ? "r32float" : "rgba16float",
          usage: GPUTextureUsage.TEXTURE_BINDING,
        })
      );
      const encoder = device.gpu.createCommandEncoder();
      packer.record(encoder, {
        targets: views.map((texture) => texture.createView({ dimension: "2d-array" })),
        count: 3,
        heightRange: [0, 1],
      });
      const message = `${materialType} ${compressed}`;
      assert.equal(ledger.partBytes("scratch"), ledger.usedBytes);
      assert.equal(ledger.peakBytes, PlanePacker.scratchBytesFor(device, options), message);
      assert.equal(packer.scratchBytes, ledger.peakBytes, message);
      device.submits.submit([encoder.finish()]);
      packer.destroy();
      packer.destroy();
      for (const texture of views) texture.destroy();
      await device.submits.wait();
      ledger.collect();
      assert.equal(ledger.usedBytes, 0, message);
    }
  }
});

Deno.test("a packer that does not fit the budget is refused, and leaves nothing", async () => {
  using device = await requestDevice();
  for (const share of [0.1, 0.95]) {
    const bytes = PlanePacker.scratchBytesFor(device, OPTIONS);
    const ledger = new MemoryLedger(device.submits, Math.floor(share * bytes));
    assert.throws(() => new PlanePacker(device, ledger, OPTIONS), BudgetError);
    await device.submits.wait();
    ledger.collect();
    assert.equal(ledger.usedBytes, 0);
  }
});

Deno.test("bad options, batches and atlases are errors that say what was wanted", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 26);
  const make = (changes: object) =>
    new PlanePacker(device, ledger, { ...OPTIONS, ...changes } as PlanePackerOptions);
  for (
    const changes of [
      { materialType: "base_colour" },
      { slotTexels: 70 },
      { slotTexels: 0 },
      { maxTiles: 0 },
      { maxTiles: 1.5 },
      { quality: "best" },
      { ycocgScale: "plane" },
      { maxTiles: 65_535, slotTexels: 2048 },
    ]
  ) {
    assert.throws(() => make(changes), OutOfRangeError, JSON.stringify(changes));
  }
  for (
    const changes of [
      { materialType: 3 },
      { compressed: "yes" },
      { slotTexels: "72" },
      { quality: 1 },
      { ycocgScale: null },
      { tiles: 1 },
    ]
  ) {
    assert.throws(() => make(changes), InvalidArgumentError, JSON.stringify(changes));
  }
  assert.equal(ledger.usedBytes, 0);

  const packer = make({});
  const heights = make({ materialType: "world_height" });
  const target = device.gpu.createTexture({
    size: [72, 72, 3],
    format: "rgba16float",
    usage: GPUTextureUsage.TEXTURE_BINDING,
  });
  const targets = [target.createView({ dimension: "2d-array" })];
  const encoder = device.gpu.createCommandEncoder();
  const record = (of: PlanePacker, batch: object) =>
    of.record(encoder, { targets, count: 1, ...batch } as never);
  assert.throws(() => record(packer, { count: 0 }), OutOfRangeError);
  assert.throws(() => record(packer, { count: 4 }), OutOfRangeError);
  assert.throws(() => record(packer, { targets: [] }), /targets must be the 1 of base_color/);
  assert.throws(() => record(packer, { tiles: [] }), InvalidArgumentError);
  assert.throws(() => record(heights, {}), /heightRange must be given/);
  assert.throws(() => record(heights, { heightRange: [1, 1] }), OutOfRangeError);
  assert.throws(() => record(heights, { heightRange: [NaN, 1] }), OutOfRangeError);
  assert.throws(() => record(heights, { heightRange: [1e9, 1e9 + 1] }), OutOfRangeError);
  for (const heightRange of [["0", 1], [0], 1]) {
    assert.throws(() => record(heights, { heightRange }), InvalidArgumentError);
  }

  const atlas = new Atlas(device, ledger, {
    formats: packer.formats,
    tileSize: 64,
    border: 4,
    wantedSlots: 4,
  });
  const copy = (of: PlanePacker, slots: number[]) => of.recordCopies(encoder, atlas, slots);
  assert.throws(() => copy(heights, [0]), InvalidArgumentError);
  assert.throws(() => copy(packer, [4]), OutOfRangeError);
  assert.throws(() => copy(packer, [0, 1, 2, 3]), OutOfRangeError);
  for (const owned of [packer, heights, target, atlas]) owned.destroy();
});

/** Bytes of a texel in all planes of a type. */
function texelBytes(formats: readonly string[]): number {
  const bytes: Record<string, number> = { bc1: 0.5, bc3: 1, bc4: 0.5, bc5: 1, rgba8: 4 };
  return formats.reduce(
    (sum, format) =>
      sum + (bytes[format.split(/-|unorm/)[0]!] ?? { r8unorm: 1, r16unorm: 2 }[format]!),
    0,
  );
}

Deno.test("types take the bytes a texel that they are documented to take", () => {
  const bytes = Object.fromEntries(MATERIAL_TYPE_NAMES.map((name) => [
    name,
    [
      texelBytes(MATERIAL_TYPES[name].compressedFormats),
      texelBytes(MATERIAL_TYPES[name].uncompressedFormats),
    ],
  ]));
  assert.deepEqual(bytes, {
    base_color: [0.5, 4],
    base_color_normal_roughness_specular: [2, 8],
    // 25 % and 50 % more.
    ycocg_base_color_normal_specular: [2.5, 8],
    ycocg_base_color_normal_specular_mask: [3, 9],
    world_height: [2, 2],
    displacement: [0.5, 1],
    mask4: [1, 4],
  });
  const known = new Set<string>(TEXEL_FORMATS);
  for (const { compressedFormats, uncompressedFormats } of Object.values(MATERIAL_TYPES)) {
    for (const format of [...compressedFormats, ...uncompressedFormats]) {
      assert.ok(known.has(format));
    }
  }
});
