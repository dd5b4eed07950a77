import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidArgumentError, OutOfRangeError } from "../../src/errors.ts";
import {
  MAX_PAGE_ENTRY_LAYER,
  MAX_PAGE_ENTRY_LEVEL,
  MAX_PAGE_ENTRY_SLOT,
  packPageEntry,
  PAGE_ENTRY_NONE,
  pageEntryLayer,
  pageEntryLevel,
  pageEntrySlotX,
  pageEntrySlotY,
} from "../../src/residency/mod.ts";

Deno.test("what is packed into a page entry is unpacked again, and is never none", () => {
  fc.assert(fc.property(
    fc.nat(MAX_PAGE_ENTRY_SLOT),
    fc.nat(MAX_PAGE_ENTRY_SLOT),
    fc.nat(MAX_PAGE_ENTRY_LAYER),
    fc.nat(MAX_PAGE_ENTRY_LEVEL),
    (x, y, layer, level) => {
      const pageEntry = packPageEntry(x, y, layer, level);
      assert.ok(Number.isInteger(pageEntry) && pageEntry > 0 && pageEntry < 2 ** 32);
      assert.notEqual(pageEntry, PAGE_ENTRY_NONE);
      assert.deepEqual(
        [
          pageEntrySlotX(pageEntry),
          pageEntrySlotY(pageEntry),
          pageEntryLayer(pageEntry),
          pageEntryLevel(pageEntry),
        ],
        [x, y, layer, level],
      );
    },
  ));
  assert.equal(pageEntryLevel(PAGE_ENTRY_NONE), 31);
});

Deno.test("a texture that nobody has written, all zeros, has nothing resident", () => {
  assert.equal(PAGE_ENTRY_NONE, new Uint32Array(1)[0]);
});

Deno.test("what does not fit a page entry is an error that names it", () => {
  const good: number[] = [1, 2, 3, 4];
  const limits = [
    MAX_PAGE_ENTRY_SLOT,
    MAX_PAGE_ENTRY_SLOT,
    MAX_PAGE_ENTRY_LAYER,
    MAX_PAGE_ENTRY_LEVEL,
  ];
  for (const [field, name] of ["x", "y", "layer", "level"].entries()) {
    for (const value of [-1, 0.5, NaN, limits[field]! + 1]) {
      const [x, y, layer, level] = good.with(field, value);
      assert.throws(
        () => packPageEntry(x!, y!, layer!, level!),
        (error) => error instanceof OutOfRangeError && error.argument === name,
      );
    }
    for (const value of ["1", null, {}]) {
      const [x, y, layer, level] = good.with(field, value as number);
      assert.throws(
        () => packPageEntry(x!, y!, layer!, level!),
        (error) => error instanceof InvalidArgumentError && error.argument === name,
      );
    }
  }
});
