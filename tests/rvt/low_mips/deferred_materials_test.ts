import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { DecalComponent, DeferredComponent } from "../../../src/rvt/component/mod.ts";
import {
  type Expression,
  expressions as e,
  Material,
  MaterialInstance,
  type MaterialInterface,
} from "../../../src/rvt/material/mod.ts";
import { makeAsset, plane, SampledScene, volumeOf } from "../source/sampled_scene.ts";

const RED = [1, 0, 0];
const BLUE = [0, 0, 1];

function instanceOf(baseColor: Expression): MaterialInstance {
  const material = new Material({ name: "parent", domain: "virtual_texture", baseColor });
  return new MaterialInstance(material, { name: "instance" });
}

function patch(material: MaterialInterface, asset: RuntimeVirtualTexture): DecalComponent {
  return new DecalComponent({
    material,
    size: [16, 16],
    transform: { position: [32, 32, 0] },
    renderToVirtualTextures: [asset],
  });
}

/** A texture to which a deferred patch is rendered, and one that others may sample. */
async function placed(
  device: ForgeDevice,
  { material: makeMaterial, isKnown }: {
    readonly material: (near: RuntimeVirtualTexture) => MaterialInterface;
    readonly isKnown: boolean;
  },
) {
  const made = new SampledScene(device);
  const [near, far] = ["near", "far"].map((name) => makeAsset(name, { sizeInTilesLog2: 2 }));
  const writer = plane("writes near", RED, [near!]);
  made.scene.addComponent(writer);
  const material = makeMaterial(near!);
  const deferred = new DeferredComponent({
    name: "patch",
    identity: "patch",
    bounds: { min: [20, 20, -1], max: [44, 44, 1] },
    renderToVirtualTextures: [far!],
    ...(isKnown ? { material } : {}),
    load: () => Promise.resolve(patch(material, far!)),
  });
  made.scene.addDeferredComponent(deferred);
  const [nearVolume, volume] = [near!, far!].map(volumeOf);
  await made.scene.addVolume(nearVolume!);
  await made.scene.addVolume(volume!);
  return { made, writer, near: near!, far: far!, deferred, material, volume: volume! };
}

/** The same, built, and the patch unloaded. */
async function built(...args: Parameters<typeof placed>) {
  const all = await placed(...args);
  const { made: { scene }, volume, deferred } = all;
  volume.change({ streamingLowMips: 2, useStreamingLowMipsInEditor: true });
  await scene.settled();
  await scene.build(volume);
  deferred.unload();
  const isStale = () => volume.warnings.some((text) => text.includes("are stale"));
  return { ...all, isStale };
}

Deno.test("edits of the material of a component that is not loaded, and of what it samples, are found", async () => {
  using device = await requestDevice();
  for (const isKnown of [true, false]) {
    const about = isKnown ? "known" : "seen when it was loaded";
    const tinted = await built(device, {
      isKnown,
      material: () => instanceOf(e.vectorParameter("color", RED)),
    });
    const { material: instance, deferred, isStale } = tinted;
    assert.ok(!isStale() && !deferred.isLoaded, about);
    (instance as MaterialInstance).setVector("color", BLUE);
    assert.ok(isStale() && !deferred.isLoaded, about);
    (instance as MaterialInstance).setVector("color", RED);
    assert.ok(!isStale(), `${about}: undone`);
    const component = await deferred.load();
    (instance as MaterialInstance).setVector("color", BLUE);
    assert.ok(isStale(), `${about}: loaded`);
    (instance as MaterialInstance).setVector("color", RED);
    assert.ok(!isStale(), `${about}: undone, as what was edited is only the material`);
    component.translucencySortPriority = 1;
    assert.ok(isStale(), `${about}: the component itself`);
    await tinted.made.scene.close();
    tinted.made[Symbol.dispose]();

    const sampling = await built(device, {
      isKnown,
      material: (near) => instanceOf(e.runtimeVirtualTextureSample(near).baseColor),
    });
    const { writer, near, made } = sampling;
    assert.ok(!sampling.isStale(), about);
    const before = writer.material;
    writer.material = plane("other", BLUE, [near]).material;
    assert.ok(sampling.isStale() && !sampling.deferred.isLoaded, `${about}: what it samples`);
    writer.material = before;
    assert.ok(!sampling.isStale(), `${about}: undone`);
    await made.scene.close();
    made[Symbol.dispose]();
  }
});

Deno.test("tiles that have waited for a component follow what it samples", async () => {
  using device = await requestDevice();
  const { made, writer, near, far, deferred } = await placed(device, {
    material: (near) => instanceOf(e.runtimeVirtualTextureSample(near).baseColor),
    isKnown: true,
  });
  assert.ok(deferred.isLoaded);
  const texture = made.textureOf(far);
  const coarsest = texture.grid.tileCount - 1;
  const shown = async () => {
    await made.load(texture, [coarsest]);
    return (await made.read(texture)).get(coarsest);
  };
  const red = await shown();
  writer.material = plane("other", BLUE, [near]).material;
  assert.notDeepEqual(await shown(), red);
  await made.scene.close();
  made[Symbol.dispose]();
});

Deno.test("a component that was loaded with another material than was said is refused", async () => {
  const asset = makeAsset("ground");
  const [said, other] = ["said", "other"].map((name) => new Material({ name, baseColor: RED }));
  const deferred = new DeferredComponent({
    name: "patch",
    identity: "patch",
    bounds: { min: [0, 0, -1], max: [64, 64, 1] },
    renderToVirtualTextures: [asset],
    material: said!,
    load: () => Promise.resolve(patch(other!, asset)),
  });
  await assert.rejects(deferred.load(), {
    name: "OutOfRangeError",
    message: /must have the material "said": current value is "other"/,
  });
});

Deno.test("a deferred component goes with the component that it has loaded, and leaves stale tiles", async () => {
  using device = await requestDevice();
  const { made, deferred, volume, isStale } = await built(device, {
    isKnown: true,
    material: () => instanceOf(e.vectorParameter("color", RED)),
  });
  const component = await deferred.load();
  assert.ok(!isStale());
  assert.ok(made.scene.removeComponent(component));
  assert.deepEqual(made.scene.deferredComponents, []);
  assert.ok(isStale());
  assert.ok(!made.scene.removeComponent(component));
  await made.scene.build(volume);
  assert.ok(!isStale());
  await made.scene.close();
  made[Symbol.dispose]();
});
