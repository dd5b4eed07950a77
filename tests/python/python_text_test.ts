import assert from "node:assert/strict";
import { checkedNumber } from "../../src/checks.ts";
import { messageWithValue, pythonText } from "../../src/python/python_text.ts";

Deno.test("values are shown as Python shows them", () => {
  const rows: [unknown, string][] = [
    [undefined, "None"],
    [null, "None"],
    [true, "True"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
    ["128", "'128'"],
    ["it's", `"it's"`],
    [`"it's"`, `'"it\\'s"'`],
    ["a\nb", "'a\\nb'"],
    [[1, null, ["a"]], "[1, None, ['a']]"],
    [new Float32Array(2), "[0, 0]"],
    [new Uint8Array(99), "an array of 99 numbers"],
    [{ tileSize: 1 }, "{'tile_size': 1}"],
    [new Map(), "Map"],
    [() => 1, "a function"],
  ];
  for (const [value, text] of rows) assert.equal(pythonText(value), text);
  const cycle: unknown[] = [];
  cycle.push(cycle);
  assert.equal(pythonText(cycle), "[[[…]]]");
  assert.ok(pythonText("a".repeat(999)).length < 99);
});

Deno.test("only the value that a check refused is shown in another way", () => {
  const thrown = (value: unknown): Error => {
    try {
      checkedNumber(value, { name: "a", failure: "Cannot b", range: [0, 1] });
    } catch (error) {
      return error as Error;
    }
    throw new Error("nothing was thrown");
  };
  assert.equal(
    messageWithValue(thrown("2")),
    "Cannot b as a must be a number: current value is '2'",
  );
  assert.equal(messageWithValue(new Error("current value is true")), "current value is true");
});
