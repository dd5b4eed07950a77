import assert from "node:assert/strict";
import { checkedScalability, findVariable } from "../../../src/rvt/console/mod.ts";

Deno.test("names of variables are found in any case, and group 0 is the variable without a group", () => {
  const written = (name: string) => {
    const found = findVariable(name);
    return found === null ? null : [found.kind.name, found.group];
  };
  assert.deepEqual(written("R.vt.POOLSIZESCALE"), ["r.VT.PoolSizeScale", 0]);
  assert.deepEqual(written("r.vt.rvt.tilecountbias.GROUP12"), ["r.VT.RVT.TileCountBias", 12]);
  assert.deepEqual(written("r.VT.PoolSizeScale.Group0"), ["r.VT.PoolSizeScale", 0]);
  for (
    const name of [
      "",
      "r.VT",
      "r.VT.Flush",
      "r.VT.MaxAnisotropy.Group1",
      "r.VT.PoolSizeScale.Group",
      "r.VT.PoolSizeScale.Group-1",
      "r.VT.PoolSizeScale.Group9999999999",
      "r.VT.PoolSizeScale.Group1.Group2",
    ]
  ) {
    assert.equal(written(name), null, name);
  }
});

Deno.test("scalability settings are copied with the names that variables have", () => {
  const levels = { low: { "r.vt.poolsizescale": 0.5 }, "__proto__x": {}, high: {} };
  const checked = checkedScalability(levels);
  assert.deepEqual(checked, { low: { "r.VT.PoolSizeScale": 0.5 }, "__proto__x": {}, high: {} });
  assert.ok(Object.isFrozen(checked) && Object.isFrozen(checked.low));
});

Deno.test("scalability settings that are wrong are refused by level and variable", () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [null, /scalability must be an object/],
    [[], /scalability must be an object/],
    [{ low: 1 }, /scalability.low must be an object/],
    [
      { low: { "r.VT.Nope": 1 } },
      /of level low as there is no console variable r.VT.Nope: there are r.VT.Max/,
    ],
    [{ low: { "r.VT.MaxAnisotropy": "8" } }, /of level low as r.VT.MaxAnisotropy must be a number/],
    [{ low: { "r.VT.MaxAnisotropy": 17 } }, /must be from 1 to 16: current value is 17/],
    [{ low: { "r.VT.MaxUploadsPerFrame": 0 } }, /must be an integer from 1 to/],
    [
      { low: { "r.VT.PoolSizeScale": 1, "r.VT.PoolSizeScale.Group0": 1 } },
      /must name r.VT.PoolSizeScale once/,
    ],
    [{ "": {} }, /name of a level of scalability must have 1 to 100 characters/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => checkedScalability(value), { message }, `${message}`);
  }
});
