import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { benchPython } from "./python_bench.ts";
import { resultBreach } from "./result_breach.ts";

Deno.test("the cost of Python is measured on updates that load the same tiles", async () => {
  using device = await requestDevice();
  const result = await benchPython(device, { rounds: 1, idle: 5 });
  assert.equal(resultBreach(result), "");
});
