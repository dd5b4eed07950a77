import assert from "node:assert/strict";
import fc from "fast-check";
import type { EncodeQuality } from "../../../src/gpu/mod.ts";
import { EncodeBatches, leastEncodeBytes } from "../../../src/gpu/encode/encode_batches.ts";
import { encodeTableBytes } from "../../../src/gpu/encode/encode_table.ts";
import { regionBytes, type TexelFormat } from "../../../src/texels/mod.ts";

const FORMATS: readonly TexelFormat[] = ["bc1-rgba-unorm", "bc7-rgba-unorm"];
const QUALITIES: readonly EncodeQuality[] = ["low", "medium", "high"];

const anyInputs = fc.array(
  fc.record({ width: fc.integer({ min: 1, max: 5000 }), height: fc.integer({ min: 1, max: 900 }) }),
  { maxLength: 12 },
);

Deno.test("batches hold every row once, in order, within their limit", () => {
  fc.assert(fc.property(
    anyInputs,
    fc.constantFrom(...FORMATS),
    fc.constantFrom(...QUALITIES),
    fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 5 }),
    (inputs, format, quality, rooms) => {
      const next = inputs.map(() => 0);
      const batches = new EncodeBatches(inputs, { format, quality });
      let last = 0;
      for (let turn = 0; !batches.done; turn++) {
        const { leastBytes } = batches;
        assert.equal(
          leastBytes,
          leastEncodeBytes(format, inputs[next.findIndex((n, i) => n < inputs[i]!.height)]!.width),
        );
        const maxBytes = Math.max(leastBytes, rooms[turn % rooms.length]!);
        const batch = batches.takeBatch(maxBytes);
        let texels = 0;
        let blocks = 0;
        for (const { input, firstRow, rows } of batch) {
          const { width, height } = inputs[input]!;
          assert.ok(input >= last && rows > 0 && firstRow % 4 === 0);
          assert.equal(firstRow, next[input]);
          next[input] = firstRow + rows;
          assert.ok(rows % 4 === 0 || next[input] === height);
          last = input;
          texels += rows * width;
          blocks += regionBytes(format, width, rows);
        }
        assert.ok(batch.length > 0);
        assert.ok(texels <= 2 ** 20 || (batch.length === 1 && batch[0]!.rows <= 4));
        // Source, target, read-back, and table.
        const readBack = Math.ceil(blocks / 256) * 256;
        const bytes = 4 * texels + blocks + readBack + encodeTableBytes(batch.length);
        assert.ok(bytes <= maxBytes, `${bytes} of ${maxBytes}`);
      }
      assert.deepEqual(next, inputs.map(({ height }) => height));
    },
  ));
});

Deno.test("a batch without limit of bytes has about a million texels", () => {
  const inputs = Array.from({ length: 100 }, () => ({ width: 264, height: 264 }));
  const batches = new EncodeBatches(inputs, { format: "bc7-rgba-unorm", quality: "medium" });
  const texels = batches.takeBatch(Infinity).reduce((sum, { rows }) => sum + rows * 264, 0);
  assert.ok(texels <= 2 ** 20 && texels > 0.99 * 2 ** 20);
});
