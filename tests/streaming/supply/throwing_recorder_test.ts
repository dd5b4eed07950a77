import assert from "node:assert/strict";
import { DeviceError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { KINDS } from "./drawn_pair.ts";
import { describeDrawn, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

class BrushError extends Error {}

/** What a recorder throws, and how the error's message ends. */
const THROWN: readonly (readonly [thrown: unknown, reason: string])[] = [
  [new BrushError("the brush is dry"), "the brush is dry"],
  [new RangeError(), "RangeError"],
  [Object.assign(new Error("no paint"), { code: "EPAINT" }), "no paint"],
  ["out of paint", "out of paint"],
  [null, "null"],
  [{ paint: 0 }, "Object"],
];

Deno.test("what a recorder throws is the cause of a DeviceError that names the texture, and is in the log", async () => {
  using device = await requestDevice();
  const formats = KINDS[0]!;
  const world = new DrawnWorld(new TileGrid(300, 200, 64));
  const description = { ...describeDrawn(world, formats), name: "canvas" };
  for (const [thrown, reason] of THROWN) {
    const logged: string[] = [];
    const logger = {
      debug() {},
      info() {},
      warn() {},
      error: (message: string) => void logged.push(message),
    };
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 8, logger });
    let hasPaint = false;
    const canvas = system.addTexture(description, (host) => {
      const supply = drawnSupply({ ...host, world, formats });
      const { recorder } = supply;
      const record = recorder.record.bind(recorder);
      recorder.record = (...args) => {
        if (!hasPaint) throw thrown;
        record(...args);
      };
      return supply;
    });
    const message = `Cannot finish recording tiles of canvas: ${reason}`;
    await assert.rejects(canvas, (error) => {
      assert.ok(error instanceof DeviceError);
      assert.equal(error.message, message);
      assert.equal(error.cause, thrown);
      return true;
    });
    assert.deepEqual(logged.length, 1);
    assert.ok(logged[0]!.includes(message), logged[0]);
    hasPaint = true;
    await system.addTexture(
      description,
      ({ device, ledger }) => drawnSupply({ device, ledger, world, formats }),
    );
  }
});
