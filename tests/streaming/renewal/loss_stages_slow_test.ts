import assert from "node:assert/strict";
import sharp from "sharp";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TextureSet } from "../../../src/streaming/load/texture_set.ts";
import { randomBytes } from "../../helpers/random.ts";
import { cameraAt, heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";
import { type Losses, withLosses } from "./losses.ts";

const MIB = 2 ** 20;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A picture whose load encodes blocks on the GPU. */
const PNG = new Uint8Array(
  await sharp(randomBytes(300 * 200 * 4, 7), { raw: { width: 300, height: 200, channels: 4 } })
    .png().toBuffer(),
);

/** What a script that does a little of everything has seen. */
interface Seen {
  readonly pictures: Uint8Array[];
  readonly losses: Losses;
  readonly tilesWrong: number;
}

/** Loads, bakes, flies, invalidates, unloads and draws. */
async function runScript(
  isLost: (call: number, losses: Losses) => boolean,
): Promise<Seen> {
  const cacheFolder = await Deno.makeTempDir();
  try {
    return await withLosses(isLost, async (losses) => {
      using device = await requestDevice();
      using system = new VirtualTextureSystem(device, {
        maxMemoryBytes: 3 * MIB,
        tileSize: 64,
        cacheFolder,
        logger: quiet,
      });
      const pictures: Uint8Array[] = [];
      const draw = async (camera: ReturnType<typeof lookDown>) => {
        pictures.push((await render(system, camera)).data);
      };
      const near = lookDown(1000, 1100, heightOfLevel(0));
      const first = await system.loadTexture(mapSource());
      await system.update(near);
      await draw(near);
      const [second] = await Promise.all([
        system.loadTexture(mapSource({ width: 700, height: 500, format: "bc7-rgba-unorm" })),
        system.update(lookDown(500, 600, heightOfLevel(0.5))),
      ]);
      const baked = await system.loadTexture(PNG, { preferredFormat: "BC7", origin: [900, 0, 0] });
      const wide = cameraAt([700, 400, 300], [900, 700, 0]);
      for (let i = 0; i < 3; i++) {
        system.updateNow(wide);
        system.noteRender();
        await pause(1);
      }
      await system.finishUpdate();
      await system.flush();
      await draw(wide);
      system.invalidate(first, { x: 0, y: 0, width: 900, height: 900 });
      await system.update(wide);
      await system.unloadTexture(second);
      await system.update(lookDown(950, 100, heightOfLevel(0)), { texture: baked });
      await system.flush();
      await draw(lookDown(950, 100, heightOfLevel(0)));
      // What was resident all the time is drawn without another update.
      losses.isShowing = true;
      await draw(near);
      await system.renewed();
      losses.isOver = true;
      checkMemory(system);
      return { pictures, losses, tilesWrong: await wrongEntries(system) };
    });
  } finally {
    await Deno.remove(cacheFolder, { recursive: true });
  }
}

const reference = await runScript(() => false);

/**
 * Number of the first picture that differs by more than one step of 255 anywhere, or -1. Where a slot
 * lies in its atlas, which depends on the order of arrivals, may round the last bit otherwise.
 */
function firstDifference(pictures: readonly Uint8Array[]): number {
  assert.equal(pictures.length, reference.pictures.length);
  return pictures.findIndex((data, i) => {
    const wanted = reference.pictures[i]!;
    return data.length !== wanted.length || data.some((v, at) => Math.abs(v - wanted[at]!) > 1);
  });
}

/** Losses at each kind of call. */
const LOSSES_PER_KIND = 1;

Deno.test("a device that is lost at any kind of call leaves the same pictures as no loss", async () => {
  const { counts } = reference.losses;
  assert.ok(counts.size >= 10, [...counts.keys()].join());
  let part = 0.31;
  for (const [kind, count] of counts) {
    for (let i = 0; i < LOSSES_PER_KIND; i++) {
      // Spread over the whole script.
      part = (part + 0.618) % 1;
      const at = 1 + Math.floor(part * count);
      const { pictures, losses, tilesWrong } = await runScript((_call, { name, counts, devices }) =>
        name === kind && counts.get(name) === at && devices === 1
      );
      const where = `lost at ${kind} ${at} of ${count}`;
      assert.equal(firstDifference(pictures), -1, where);
      assert.equal(tilesWrong, 0, where);
      assert.equal(losses.devices, 2, where);
      assert.deepEqual(losses.uncaptured, [], where);
    }
  }
});

Deno.test("losses in a row, and while everything is made again, are no different", async () => {
  for (const [first, ...next] of [[90, 1, 2, 9, 20, 33], [600, 14, 48, 61, 3]]) {
    const { pictures, losses, tilesWrong } = await runScript((_call, { devices, callsOfDevice }) =>
      callsOfDevice === (devices === 1 ? first : next[devices - 2])
    );
    assert.equal(firstDifference(pictures), -1, `${losses.at}`);
    assert.equal(tilesWrong, 0);
    assert.equal(losses.devices, next.length + 2, `${losses.at}`);
  }
});

Deno.test("negative control: a system that brings nothing back shows another picture", async () => {
  const { restoreTextures } = TextureSet.prototype;
  TextureSet.prototype.restoreTextures = function (before, shared) {
    const isWhole = restoreTextures.call(this, before, shared);
    for (const { residency } of this.loaded) {
      residency.returning.clear();
      residency.noteWholeTail();
    }
    return isWhole;
  };
  try {
    const { pictures } = await runScript((_call, { isShowing, devices }) =>
      isShowing && devices === 1
    );
    assert.notEqual(firstDifference(pictures), -1);
  } finally {
    TextureSet.prototype.restoreTextures = restoreTextures;
  }
});
