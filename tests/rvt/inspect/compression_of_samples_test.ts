import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  type CompressionError,
  type Expression,
  expressions as e,
  inspectTile,
  type RuntimeVirtualTexture,
} from "../../../src/rvt/mod.ts";
import { inspectionText } from "../../../src/cli/vt/rvt/rvt_inspect.ts";
import { HillScene } from "../scene/streamed_heights.ts";
import { EditedSource, makeAsset, plane, SampledScene, volumeOf } from "../source/sampled_scene.ts";

const TILE = { level: 0, x: 2, y: 3 };

/** Noise of about a texel. */
function noise(): Expression {
  const place = e.multiply(e.worldPosition(), 8);
  const tone = (seed: number) => e.noise(place, { kind: "value", seed });
  return e.append(tone(1), tone(2), tone(3));
}

/** Root mean square and largest error of the one attribute; fails if there is none. */
function errorsOf(compression: CompressionError): readonly [number, number] {
  assert.ok("attributes" in compression, JSON.stringify(compression));
  const [{ rootMeanSquare, largest } = assert.fail()] = compression.attributes;
  return [rootMeanSquare, largest];
}

/** A scene with a compressed texture of a colour, and further ones that it may be made from. */
async function placed(
  device: ForgeDevice,
  textures: readonly (readonly [RuntimeVirtualTexture, Expression | readonly number[]])[],
): Promise<SampledScene> {
  const world = new SampledScene(device);
  for (const [asset, color] of textures) {
    world.scene.addComponent(plane(`${asset.name} plane`, color, [asset]));
    await world.scene.addVolume(volumeOf(asset));
  }
  return world;
}

Deno.test("a tile made from another texture has the error of one that is painted with the same", async () => {
  using device = await requestDevice();
  const asset = () => makeAsset("Ground", { compressTextures: true });
  const [painted, sampling, source] = [asset(), asset(), makeAsset("Source")];
  using direct = await placed(device, [[painted, noise()]]);
  const [wanted, wantedMost] = errorsOf(
    (await inspectTile(direct.scene, painted, TILE)).compression,
  );
  assert.ok(wanted > 0.03, `${wanted}`);
  const color = e.runtimeVirtualTextureSample(source).baseColor;
  using world = await placed(device, [[source, noise()], [sampling, color]]);
  await world.load(world.textureOf(source));
  const counts = () => world.system.getStatistics();
  const before = counts();
  const [error, most] = errorsOf((await inspectTile(world.scene, sampling, TILE)).compression);
  // A step of the 8 bits that the source is stored in, in linear light.
  assert.ok(Math.abs(error / wanted - 1) < 0.05, `${error} for ${wanted}`);
  assert.ok(Math.abs(most / wantedMost - 1) < 0.1, `${most} for ${wantedMost}`);
  assert.deepEqual(counts(), before, "the scene stays as it is");
  world.system.evictTiles();
  const [coarse] = errorsOf((await inspectTile(world.scene, sampling, TILE)).compression);
  assert.ok(coarse < 0.8 * wanted, `negative control: of a coarser source ${coarse}`);
});

Deno.test("what is streamed of files and of heights counts, as it is resident", async () => {
  using device = await requestDevice();
  const asset = makeAsset("Ground", { compressTextures: true });
  using world = new SampledScene(device);
  const streamed = await world.system.loadTexture(new EditedSource().tiles());
  const color = e.componentMask(e.virtualTextureSample(streamed), "xyz");
  world.scene.addComponent(plane("plane", color, [asset]));
  await world.scene.addVolume(volumeOf(asset));
  const { compression, writers } = await inspectTile(world.scene, asset, TILE);
  assert.deepEqual(writers[0]!.sources.streamedTextures, ["source"]);
  const [error] = errorsOf(compression);
  assert.ok(error > 0 && error < 0.05, `cells of one colour each: ${error}`);
  await world.system.unloadTexture(streamed);
  assert.deepEqual(
    errorsOf((await inspectTile(world.scene, asset, TILE)).compression),
    [0, 0],
    "transparent black, which blocks have",
  );

  await using hills = new HillScene(device, {
    asset: { materialType: "base_color", compressTextures: true },
  });
  await hills.placeHills();
  const ofHills = await inspectTile(hills.scene, hills.asset, { level: 1, x: 0, y: 0 });
  assert.equal(ofHills.writers[0]!.sources.streamedTextures.length, 1);
  const [slopes] = errorsOf(ofHills.compression);
  assert.ok(slopes > 0 && slopes < 0.05, `${slopes}`);
});

Deno.test("no error is told of what changes each time that it is rendered, and that is said", async () => {
  using device = await requestDevice();
  const [ground, source] = [makeAsset("Ground", { compressTextures: true }), makeAsset("Source")];
  const color = e.runtimeVirtualTextureSample(source).baseColor;
  using world = await placed(device, [[source, [1, 0, 0]], [ground, color]]);
  let isOver = false;
  const churn = async () => {
    while (!isOver) {
      world.system.invalidate(world.textureOf(source));
      await world.load(world.textureOf(source), [0]);
      await new Promise((done) => setTimeout(done));
    }
  };
  const churning = churn();
  const found = await inspectTile(world.scene, ground, TILE);
  isOver = true;
  await churning;
  assert.deepEqual(found.compression, { reason: "unsteady_samples" });
  assert.match(
    inspectionText(found),
    /compression: not told, as virtual textures that materials sample are being streamed$/,
  );
  errorsOf((await inspectTile(world.scene, ground, TILE)).compression);
});
