/**
 * Priorities of textures in a system.
 */

import assert from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { Residency } from "../../../src/residency/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { insideOf } from "../inside.ts";
import { pause } from "../sources.ts";
import { addDrawn } from "./drawn_city.ts";
import { OPTIONS } from "./drawn_pair.ts";

const SYSTEM = { ...OPTIONS, maxMemoryBytes: 12 * 2 ** 20, tilesPerUpdate: 6 };

/** Tiles of two textures in the same place that are resident after a few updates. */
async function residentSoon(
  device: ForgeDevice,
  priorities: readonly [number, number],
  options: { isSetLater: boolean },
): Promise<number[]> {
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { isSetLater } = options;
  const textures = [];
  for (const priority of priorities) {
    const { texture } = await addDrawn(system, isSetLater ? {} : { priority });
    if (isSetLater) system.setPriority(texture, priority);
    textures.push(texture);
  }
  for (let frame = 0; frame < 3; frame++) {
    system.updateNow(lookDown(500, 500, heightOfLevel(0)));
    await pause(1);
  }
  return textures.map((texture) => insideOf(texture).residency.slotOf.size);
}

for (const isSetLater of [false, true]) {
  const when = isSetLater ? "set later" : "of the description";
  Deno.test(`tiles of the texture with the higher priority come first: ${when}`, async () => {
    using device = await requestDevice();
    const [high, low] = await residentSoon(device, [2, 0], { isSetLater });
    assert.ok(high! > low!, `${high} and ${low}`);
    const [below, above] = await residentSoon(device, [-4, -1], { isSetLater });
    assert.ok(above! > below!, `${below} and ${above}`);
    assert.ok(below! > 7, "and the other is not starved");
  });
}

Deno.test("negative control: where priorities are forgotten, both come alike", async () => {
  using device = await requestDevice();
  const { beginFrame } = Residency.prototype;
  Residency.prototype.beginFrame = function () {
    for (const texture of this.textures.values()) texture.priority = 0;
    beginFrame.call(this);
  };
  try {
    const [high, low] = await residentSoon(device, [2, 0], { isSetLater: false });
    assert.ok(high! <= low! + 1, `${high} and ${low}`);
  } finally {
    Residency.prototype.beginFrame = beginFrame;
  }
});

Deno.test("a priority is an integer from -4 to 3", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture } = await addDrawn(system);
  for (const priority of [-5, 4, 0.5, NaN]) {
    const refused = (error: unknown) =>
      error instanceof OutOfRangeError && error.argument === "priority" &&
      error.message.includes("from -4 to 3");
    assert.throws(() => system.setPriority(texture, priority), refused);
    await assert.rejects(addDrawn(system, { priority }), refused);
  }
  assert.throws(() => system.setPriority(texture, "1" as never), InvalidArgumentError);
  assert.throws(() => system.setPriority({} as never, 1), InvalidArgumentError);
});
