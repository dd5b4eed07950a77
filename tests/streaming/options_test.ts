import assert from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError } from "../../src/errors.ts";
import type { VirtualTextureSystemOptions } from "../../src/streaming/mod.ts";
import { checkedLoadOptions } from "../../src/streaming/load/load_options.ts";
import { checkedQuality, checkedSettings } from "../../src/streaming/options.ts";

function names(argument: string) {
  return (error: unknown) =>
    (error instanceof InvalidArgumentError || error instanceof OutOfRangeError) &&
    error.argument === argument && error.message.includes(argument);
}

Deno.test("every bad option of a system is an error that names it", () => {
  const bad: Record<string, unknown[]> = {
    maxMemoryMb: [0, -1, NaN, Infinity, 1e303, 1e308, 2 ** 34, "64", null],
    maxMemoryBytes: [0, -1, NaN, Infinity, 1e308, 2 ** 54, "64"],
    tileSize: [0, -64, 32, 100, 2048, NaN, 64.5, "64", null],
    border: [0, 1, 5, 16, NaN, "4", null],
    maxAnisotropy: [0, 0.5, 17, NaN, "2"],
    tilesPerUpdate: [0, -1, 0.5, NaN, "8"],
    bytesPerUpdate: [0, -1, NaN, "8"],
    msPerUpdate: [-1, NaN, "8"],
    fadeFrames: [-1, NaN, 2000, "8"],
    feedbackInterval: [-1, NaN, "8"],
  };
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      assert.throws(() => checkedSettings({ [name]: value }), names(name), `${name} ${value}`);
    }
  }
});

Deno.test("options that were left out get their defaults", () => {
  const settings = checkedSettings({});
  assert.equal(settings.budgetBytes, 256 * 2 ** 20);
  assert.equal(settings.tileSize, 256);
  assert.equal(settings.border, 4);
  assert.equal(settings.fadeFrames, 0);
  assert.notEqual(settings.logger, console, "details do not go to standard output");
  assert.equal(checkedSettings({ maxMemoryMb: 1.5 }).budgetBytes, 1.5 * 2 ** 20);
  assert.equal(checkedSettings({ maxMemoryBytes: 4 }).budgetBytes, 4);
});

Deno.test("every bad quality setting is an error that names it", () => {
  const bad: Record<string, unknown[]> = {
    maxMipBias: [-0.1, 17, NaN, "1"],
    lodScale: [0, -1, 17, NaN, "1"],
    cachePriorityBoost: [-1, 17, NaN, "1"],
  };
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      assert.throws(() => checkedQuality({ [name]: value }), names(name), `${name} ${value}`);
    }
  }
  assert.deepEqual(checkedQuality({}), { maxMipBias: 0, lodScale: 1, cachePriorityBoost: 1 });
});

Deno.test("every bad option of a load is an error that names it; null counts as not given", () => {
  assert.throws(() => checkedLoadOptions({ colour: 1 } as never), names("colour"));
  for (const quality of ["best", 3, ""]) {
    assert.throws(() => checkedLoadOptions({ quality } as never), names("quality"), `${quality}`);
  }
  for (const colorSpace of ["SRGB", 1, ""]) {
    assert.throws(() => checkedLoadOptions({ colorSpace } as never), names("colorSpace"));
  }
  assert.throws(
    () => checkedLoadOptions({ preferredFormat: 7 } as never),
    names("preferredFormat"),
  );
  assert.deepEqual(checkedLoadOptions({ quality: null, preferredFormat: null }), {});
});

Deno.test("an option of a system that does not exist is refused by name", () => {
  const misspelt = { maxMemoryMB: 64 } as VirtualTextureSystemOptions;
  assert.throws(() => checkedSettings(misspelt), { argument: "maxMemoryMB" });
});
