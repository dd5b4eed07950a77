import assert from "node:assert/strict";
import fc from "fast-check";
import { IntMap } from "../../src/residency/mod.ts";

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom("set", "delete", "get"),
    // Few distinct keys, some far apart, so that probing runs collide.
    key: fc.oneof(fc.nat(40), fc.nat(40).map((k) => k * 65536)),
    value: fc.integer({ min: -5, max: 1000 }),
  }),
  { maxLength: 400 },
);

Deno.test("random operations answer like the built-in Map", () => {
  fc.assert(fc.property(operations, (ops) => {
    const map = new IntMap(4);
    const model = new Map<number, number>();
    for (const { kind, key, value } of ops) {
      if (kind === "set") {
        map.set(key, value);
        model.set(key, value);
      } else if (kind === "delete") assert.equal(map.delete(key), model.delete(key));
      assert.equal(map.get(key, -99), model.get(key) ?? -99);
      assert.equal(map.has(key), model.has(key));
      assert.equal(map.size, model.size);
    }
    const all = new Map<number, number>();
    map.forEach((key, value) => all.set(key, value));
    assert.deepEqual([...all].sort(), [...model].sort());
  }));
});

Deno.test("clear empties the map", () => {
  const map = new IntMap();
  map.set(3, 4);
  map.clear();
  assert.equal(map.size, 0);
  assert.equal(map.has(3), false);
});
