import assert from "node:assert/strict";
import { type DenoRuntime, denoRuntime, isNotFound, requireDeno } from "../src/deno_runtime.ts";
import { UnsupportedError } from "../src/errors.ts";

// Fails to type-check where the core's types differ from Deno's.
const DENO: DenoRuntime = Deno;

/** Calls a function as it would run where there is no Deno. */
function withoutDeno<T>(use: () => T): T {
  const property = Object.getOwnPropertyDescriptor(globalThis, "Deno")!;
  delete (globalThis as { Deno?: unknown }).Deno;
  try {
    return use();
  } finally {
    Object.defineProperty(globalThis, "Deno", property);
  }
}

Deno.test("on Deno, the core uses Deno's own namespace", () => {
  assert.equal(denoRuntime(), DENO);
  assert.equal(requireDeno(), DENO);
  assert.throws(() => DENO.statSync("no such file"), isNotFound);
  assert.ok(!isNotFound(new TypeError("NotFound")));
});

Deno.test("without Deno, calls that need files say so", () => {
  withoutDeno(() => {
    assert.equal(denoRuntime(), undefined);
    assert.throws(requireDeno, UnsupportedError);
    assert.ok(!isNotFound(new Error("NotFound")));
  });
  assert.equal(denoRuntime(), DENO);
});
