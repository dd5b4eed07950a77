import assert from "node:assert/strict";
import { oncePerOwner, requestDevice } from "../../../src/gpu/mod.ts";
import { sharedCodeCount } from "../../../src/rvt/scene/material_cache.ts";
import { SharedCodes } from "../../../src/rvt/scene/shared_code.ts";
import { cameraAbove, decalOf, paintOf, smallWorld } from "./worlds.ts";

Deno.test("equal codes are one object while they are used, and for a while after", () => {
  const codes = new SharedCodes();
  const first = codes.acquire("a");
  assert.equal(codes.acquire("a"), first);
  assert.notEqual(codes.acquire("b").key, first.key);
  codes.release(first);
  codes.release(first);
  assert.equal(codes.acquire("a"), first, "it came back");
  codes.release(first);
  for (let i = 0; i < 50; i++) codes.release(codes.acquire(`${i}`));
  assert.ok(codes.size < 20, `${codes.size}`);
  const again = codes.acquire("a");
  assert.notEqual(again, first);
  assert.notEqual(again.key, first.key, "what was made of the old one is not taken for its own");
});

Deno.test("what is made once for an owner is made for each owner, device and key", async () => {
  using device = await requestDevice();
  const makeOnce = oncePerOwner<object>();
  const [a, b] = [{}, {}];
  const make = (owner: object, key: string) =>
    makeOnce(device.gpu, { owner, key }, () => ({ owner, key }));
  assert.equal(make(a, "x"), make(a, "x"));
  assert.notEqual(make(a, "x"), make(b, "x"));
  assert.notEqual(make(a, "x"), make(a, "y"));
});

Deno.test("graphs that were edited away leave few pipelines behind", async () => {
  using device = await requestDevice();
  const { system, scene, asset } = await smallWorld(device, {
    asset: { sizeInTilesLog2: 0 },
  });
  using _system = system;
  const before = sharedCodeCount();
  const paint = paintOf([0, 0, 0]);
  scene.addComponent(decalOf(paint, asset));
  for (let i = 1; i <= 25; i++) {
    paint.connect({ baseColor: [i / 100, 0, 0] });
    await system.update(cameraAbove(14, 16));
  }
  const after = sharedCodeCount();
  assert.ok(after > before, "negative control: each graph has a code of its own");
  assert.ok(after <= before + 20, `${after} after ${before}`);
  await scene.close();
});
