import assert from "node:assert/strict";
import { IdleCheck } from "../../../src/streaming/frame/idle_check.ts";
import { checkedCamera } from "../../../src/geometry/mod.ts";
import { lookDown } from "../cameras.ts";

Deno.test("a camera is the same again only if nothing of it has changed", () => {
  const base = lookDown(10, 20, 30);
  const variants = [
    base,
    { ...base, position: [10, 20, 31] },
    { ...base, view: lookDown(11, 20, 30).view },
    { ...base, projection: base.projection.map((v, i) => i === 0 ? v * 1.01 : v) },
    { ...base, viewport: [161, 90] },
    { position: [10, 20, 30] },
    { position: [10, 20, 30], viewport: [160, 91] },
    { position: [10, 20, 30], projection: base.projection },
  ].map((view) => checkedCamera(view));
  for (const a of variants) {
    for (const b of variants) {
      const idle = new IdleCheck();
      assert.equal(idle.isSame(a, 1), false, "the first camera is another one");
      assert.equal(idle.isSame(b, 1), a === b);
      assert.equal(idle.isSame(b, 1), true);
      assert.equal(idle.isSame(b, 2), false, "other textures are another look");
      assert.equal(idle.isSame(b, 2), true);
      idle.reset();
      assert.equal(idle.isSame(b, 1), false);
    }
  }
});
