import assert from "node:assert/strict";
import {
  checkedAbove,
  checkedBoolean,
  checkedChoice,
  checkedFunction,
  checkedInteger,
  checkedKnownName,
  checkedMethods,
  checkedNumber,
  checkedPowerOfTwo,
  checkedSignal,
  checkedString,
  checkedVector,
  checkOptionNames,
  shownValue,
} from "../src/checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../src/errors.ts";

const about = { name: "border", failure: "Cannot load texture" };

Deno.test("a value of the wrong type is invalid, one that is not allowed is out of range", () => {
  const range = [0, 8] as const;
  const choices = ["srgb", "linear"] as const;
  for (const value of [undefined, null, "4", true, {}, [4], 4n]) {
    assert.throws(() => checkedNumber(value, { ...about, range }), InvalidArgumentError);
    assert.throws(() => checkedInteger(value, { ...about, range }), InvalidArgumentError);
  }
  for (const value of [-1, 9, NaN, Infinity, -Infinity]) {
    assert.throws(() => checkedNumber(value, { ...about, range }), OutOfRangeError);
    assert.throws(() => checkedInteger(value, { ...about, range }), OutOfRangeError);
  }
  assert.throws(() => checkedInteger(4.5, { ...about, range }), OutOfRangeError);
  for (const value of [undefined, null, 1, ["srgb"]]) {
    assert.throws(() => checkedChoice(value, { ...about, choices }), InvalidArgumentError);
  }
  for (const value of ["", "SRGB", "toString"]) {
    assert.throws(() => checkedChoice(value, { ...about, choices }), OutOfRangeError);
  }
});

Deno.test("values in range come back as they are", () => {
  assert.equal(checkedNumber(4.5, { ...about, range: [0, 8] }), 4.5);
  assert.equal(checkedNumber(Infinity, { ...about, range: [0, Infinity] }), Infinity);
  assert.equal(checkedInteger(8, { ...about, range: [0, 8] }), 8);
  assert.equal(checkedChoice("linear", { ...about, choices: ["srgb", "linear"] }), "linear");
});

Deno.test("messages name the argument, what is wanted and what there is", () => {
  const range = [0, 8] as const;
  assert.throws(() => checkedInteger(9, { ...about, range }), {
    message: "Cannot load texture as border must be an integer from 0 to 8: current value is 9",
    argument: "border",
  });
});

Deno.test("an option that does not exist is named, with those that do", () => {
  const known = { failure: "Cannot load texture", names: ["signal", "quality"] };
  checkOptionNames({ quality: "high" }, known);
  checkOptionNames({}, known);
  assert.throws(() => checkOptionNames({ qualty: 1 }, known), /no option qualty.*signal, quality/);
  for (const value of [null, undefined, 3, "quality", ["quality"]]) {
    assert.throws(() => checkOptionNames(value, known), InvalidArgumentError);
  }
});

Deno.test("the other checks follow the same rule", () => {
  const range = [64, 1024] as const;
  const invalid: [string, () => unknown][] = [
    ["a number above a bound", () => checkedAbove("1", { ...about, bound: 0 })],
    ["a power of two", () => checkedPowerOfTwo("64", { ...about, range })],
    ["a number among choices", () => checkedChoice("4", { ...about, choices: [4, 8] })],
    ["a boolean", () => checkedBoolean(1, about)],
    ["a string", () => checkedString(1, about)],
    ["a function", () => checkedFunction({}, about)],
    ["methods", () => checkedMethods({ warn() {} }, { ...about, methods: ["warn", "info"] })],
    ["methods of nothing", () => checkedMethods(null, { ...about, methods: ["warn"] })],
    ["a signal", () => checkedSignal({} as AbortSignal, about.failure)],
    ["a vector of strings", () => checkedVector(["1", "2"], { ...about, length: 2 })],
    ["a vector of another length", () => checkedVector([1], { ...about, length: 2 })],
    ["no vector", () => checkedVector("12", { ...about, length: 2 })],
  ];
  for (const [what, check] of invalid) assert.throws(check, InvalidArgumentError, what);
  const impossible: [string, () => unknown][] = [
    ["a bound itself", () => checkedAbove(0, { ...about, bound: 0 })],
    ["infinity", () => checkedAbove(Infinity, { ...about, bound: 0 })],
    ["NaN", () => checkedAbove(NaN, { ...about, bound: 0 })],
    [
      "no such multiple",
      () => checkedInteger(6, { ...about, range: [0, 8], multipleOf: 4 }),
    ],
    ["no power of two", () => checkedPowerOfTwo(96, { ...about, range })],
    ["too large a power of two", () => checkedPowerOfTwo(2048, { ...about, range })],
    ["another number", () => checkedChoice(6, { ...about, choices: [4, 8] })],
    ["a vector that is not finite", () => checkedVector([1, NaN], { ...about, length: 2 })],
  ];
  for (const [what, check] of impossible) assert.throws(check, OutOfRangeError, what);
  assert.equal(checkedPowerOfTwo(64, { ...about, range }), 64);
  assert.equal(checkedChoice(8, { ...about, choices: [4, 8] }), 8);
  assert.deepEqual(checkedVector(new Float32Array(3), { ...about, length: 3 })[2], 0);
  assert.equal(checkedSignal(undefined, about.failure), undefined);
});

Deno.test("long values are cut in messages", () => {
  assert.throws(() => checkedVector(new Float32Array(1000), { ...about, length: 2 }), {
    message: "Cannot load texture as border must be 2 finite numbers: current value is " +
      `[${new Array(16).fill(0)},…]`,
  });
  assert.throws(
    () => checkedInteger("x".repeat(1e6), { ...about, range: [0, 1] }),
    (error: Error) => error.message.length < 300,
  );
});

Deno.test("names that callers chose are listed in quotes, and the refused value can be shown", () => {
  const check = { name: "layer", failure: "Cannot paint" };
  assert.equal(checkedKnownName("a", { ...check, known: ["a", "b"] }), "a");
  const refused = (known: string[], value: unknown) => {
    try {
      checkedKnownName(value, { ...check, known });
    } catch (error) {
      return error as Error;
    }
    throw new Error("nothing was refused");
  };
  const other = refused(["a", "b"], "c");
  assert.equal(other.message, 'Cannot paint as layer must be one of "a", "b": current value is c');
  assert.deepEqual(shownValue(other), { text: "c", value: "c" });
  assert.match(refused([], "c").message, /layer must be left out, as there is none: .* is c$/);
  assert.equal(refused(["a"], 3).name, "InvalidArgumentError");
  // Negative control: an error of something else shows no value.
  assert.equal(shownValue(new Error("current value is c")), null);
});
