import assert from "node:assert/strict";
import { checkedChoice, checkedInteger, checkedNumber, checkOptionNames } from "../src/checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../src/errors.ts";

const about = { name: "border", failure: "Cannot load texture" };

Deno.test("a value of the wrong type is invalid, one that cannot be is out of range", () => {
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
