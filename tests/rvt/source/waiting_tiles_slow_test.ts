import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  type Expression,
  expressions as e,
  type VirtualTextureSampleOptions,
} from "../../../src/rvt/material/mod.ts";
import { FillSources } from "../../../src/rvt/source/mod.ts";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import {
  differingTiles,
  EditedSource,
  makeAsset,
  plane,
  SampledScene,
  volumeOf,
} from "./sampled_scene.ts";

/** Colour of a streaming texture. */
function colorOf(source: StreamedTexture, options: VirtualTextureSampleOptions = {}): Expression {
  return e.componentMask(e.virtualTextureSample(source, options), "xyz");
}

/** Materials that sample a texture in different ways. */
const MATERIALS: Readonly<Record<string, (source: StreamedTexture) => Expression>> = {
  plain: (source) => colorOf(source),
  turned: (source) =>
    colorOf(source, {
      uv: e.append(
        e.add(0.1, e.multiply(0.7, e.componentMask(e.textureCoordinate(), "y"))),
        e.componentMask(e.textureCoordinate(), "x"),
      ),
    }),
  "of a level": (source) => colorOf(source, { mipMode: "level", level: 1.5 }),
  biased: (source) => colorOf(source, { mipMode: "bias", bias: -0.75 }),
  "by derivatives": (source) =>
    colorOf(source, { mipMode: "derivatives", ddx: [1 / 256, 0], ddy: [0, 1 / 512] }),
  "by world position": (source) =>
    colorOf(source, { uv: e.divide(e.componentMask(e.worldPosition(), "xy"), [64, 64]) }),
  warped: (source) => {
    const [x, y] = ["x", "y"].map((axis) => e.componentMask(e.textureCoordinate(), axis));
    return colorOf(source, {
      uv: e.append(e.add(x!, e.multiply(0.03, e.sine(e.multiply(12, y!)))), y!),
    });
  },
  "by a custom node": (source) =>
    colorOf(source, {
      uv: e.customWgsl({
        code: "return place;",
        components: 2,
        inputs: { place: e.textureCoordinate() },
      }),
    }),
};

/** A scene with a plane that samples a source, placed. */
async function sampledScene(
  device: ForgeDevice,
  material: (source: StreamedTexture) => Expression,
  options: ConstructorParameters<typeof SampledScene>[1] = {},
) {
  const made = new SampledScene(device, options);
  const edits = new EditedSource();
  const source = await made.system.loadTexture(edits.tiles());
  const asset = makeAsset("ground");
  const component = plane("plane", material(source), [asset]);
  made.scene.addComponent(component);
  await made.scene.addVolume(volumeOf(asset));
  return { made, edits, source, asset, component, texture: made.textureOf(asset) };
}

/** The tiles as they are once everything that they sample is resident. */
async function wantedTiles(
  device: ForgeDevice,
  material: (source: StreamedTexture) => Expression,
): Promise<Map<number, Uint8Array>> {
  const { made, source, texture } = await sampledScene(device, material);
  using scene = made;
  await scene.load(source);
  scene.system.invalidate(texture);
  await scene.load(texture);
  return await scene.read(texture);
}

for (const [name, material] of Object.entries(MATERIALS)) {
  Deno.test(`tiles are as if all of their source were resident, rendered once each: ${name}`, async () => {
    using device = await requestDevice();
    const wanted = await wantedTiles(device, material);
    const { made, source, texture } = await sampledScene(device, material);
    using scene = made;
    await scene.load(texture);
    // Between texels, weights are rounded by where in the atlas the source's tiles lie.
    const most255 = name === "warped" ? 2 : 0;
    assert.deepEqual(differingTiles(wanted, await scene.read(texture), most255), []);
    assert.equal(wanted.size, texture.grid.tileCount);
    // The coarsest is rendered while the texture is added, when nothing else streams.
    const most = texture.grid.tileCount + 1;
    assert.ok(scene.renderings(texture) <= most, `${scene.renderings(texture)} renderings`);
    assert.equal(insideOf(source).pool.residency.neededCount, 0);
  });
}

Deno.test("negative control: tiles that do not wait show less", async () => {
  using device = await requestDevice();
  const material = MATERIALS["plain"]!;
  const wanted = await wantedTiles(device, material);
  const { made, texture } = await sampledScene(device, material);
  using scene = made;
  const { isReady } = FillSources.prototype;
  FillSources.prototype.isReady = () => true;
  try {
    scene.want(texture);
    scene.system.updateNow({ position: [1e7, 1e7, 1] });
    await scene.system.finishUpdate();
    assert.ok(differingTiles(wanted, await scene.read(texture)).length > 10);
  } finally {
    FillSources.prototype.isReady = isReady;
  }
  // What it lacks is remembered.
  await scene.load(texture);
  assert.deepEqual(differingTiles(wanted, await scene.read(texture)), []);
});
