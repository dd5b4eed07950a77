import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";

/** Whether an adapter is the one that the environment names for tests; any is if it names none. */
function isWanted(name: string, wanted: string | undefined): boolean {
  return name.startsWith(wanted ?? "");
}

Deno.test("tests run on the adapter that FORGE3D_TEST_ADAPTER names, if it is set", async () => {
  const wanted = Deno.env.get("FORGE3D_TEST_ADAPTER");
  using device = await requestDevice();
  assert.ok(isWanted(device.name, wanted), `runs on ${device.name} instead of ${wanted}`);
});

Deno.test("negative control: another adapter than the named one is noticed", () => {
  assert.ok(!isWanted("llvmpipe (LLVM 15.0.6, 256 bits)", "SwiftShader"));
  assert.ok(isWanted("SwiftShader Device (Subzero)", "SwiftShader"));
  assert.ok(isWanted("llvmpipe (LLVM 15.0.6, 256 bits)", undefined));
});
