import assert from "node:assert/strict";
import {
  type DrawInMainPass,
  drawsInMainPass,
  type MainPassConditions,
} from "../../../src/rvt/component/mod.ts";

/** Setting; virtual texturing, a placed volume, one that hides primitives; drawn or not. */
const TABLE: readonly (readonly [DrawInMainPass, boolean, boolean, boolean, boolean])[] = [
  ["never", false, false, false, false],
  ["never", false, false, true, false],
  ["never", false, true, false, false],
  ["never", false, true, true, false],
  ["never", true, false, false, false],
  ["never", true, false, true, false],
  ["never", true, true, false, false],
  ["never", true, true, true, false],
  ["from_virtual_texture", false, false, false, true],
  ["from_virtual_texture", false, false, true, true],
  ["from_virtual_texture", false, true, false, true],
  ["from_virtual_texture", false, true, true, true],
  ["from_virtual_texture", true, false, false, true],
  ["from_virtual_texture", true, false, true, true],
  ["from_virtual_texture", true, true, false, true],
  ["from_virtual_texture", true, true, true, false],
  ["always", false, false, false, true],
  ["always", false, false, true, true],
  ["always", false, true, false, true],
  ["always", false, true, true, true],
  ["always", true, false, false, true],
  ["always", true, false, true, true],
  ["always", true, true, false, true],
  ["always", true, true, true, true],
];

for (const [setting, virtualTexturing, hasPlacedVolume, hides, isDrawn] of TABLE) {
  const conditions = { virtualTexturing, hasPlacedVolume, someVolumeHidesPrimitives: hides };
  const held = Object.entries(conditions).filter(([, holds]) => holds).map(([name]) => name);
  const name = `${setting} with ${held.join(", ") || "nothing"}: ${isDrawn ? "" : "not "}drawn`;
  Deno.test(name, () => assert.equal(drawsInMainPass(setting, conditions), isDrawn));
}

Deno.test("the table has every combination once", () => {
  assert.equal(new Set(TABLE.map((row) => row.slice(0, 4).join())).size, 3 * 8);
});

Deno.test("negative control: hiding the component whenever a volume is placed breaks the table", () => {
  const broken = (setting: DrawInMainPass, { virtualTexturing, hasPlacedVolume }: {
    virtualTexturing: boolean;
    hasPlacedVolume: boolean;
  }) => setting === "always" || (setting !== "never" && !(virtualTexturing && hasPlacedVolume));
  const agrees = TABLE.every(([setting, virtualTexturing, hasPlacedVolume, , isDrawn]) =>
    broken(setting, { virtualTexturing, hasPlacedVolume }) === isDrawn
  );
  assert.ok(!agrees);
});

Deno.test("settings and conditions of other kinds are refused by name", () => {
  const conditions: MainPassConditions = {
    virtualTexturing: true,
    hasPlacedVolume: true,
    someVolumeHidesPrimitives: true,
  };
  assert.throws(() => drawsInMainPass("maybe" as "never", conditions), {
    argument: "drawInMainPass",
    code: "out-of-range",
  });
  for (const name of Object.keys(conditions)) {
    assert.throws(() => drawsInMainPass("never", { ...conditions, [name]: 1 }), {
      argument: name,
      code: "invalid-argument",
    });
  }
  assert.throws(() => drawsInMainPass("never", { ...conditions, moon: true } as object as never), {
    argument: "moon",
  });
});
