import assert from "node:assert/strict";
import {
  checkScene,
  type ExpressionInput,
  expressions as e,
  Material,
  MaterialInstance,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import { codesOf, World } from "./checked_world.ts";

Deno.test("a material that shows clear values without virtual texturing is found", () => {
  const world = new World();
  world.land.material = new Material({
    name: "Bare",
    baseColor: e.runtimeVirtualTextureSample(world.asset).baseColor,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.1, 0.4, 0.1] }),
  });
  const found = checkScene(world)[0]!;
  assert.deepEqual([found.code, found.names], ["no_fallback", ["Bare", "Ground"]]);
  world.land.drawInMainPass = "never";
  assert.ok(!codesOf(world).includes("no_fallback"));
});

Deno.test("a fallback is found wherever the switch stands, and inputs that a function drops do not count", () => {
  const codesWith = (baseColor: (asset: RuntimeVirtualTexture) => ExpressionInput) => {
    const world = new World();
    world.land.material = new Material({
      name: "Shown",
      baseColor: baseColor(world.asset),
      rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.1, 0.4, 0.1] }),
    });
    return codesOf(world);
  };
  const fallback = e.materialFunction("Fallback", {
    inputs: { cached: 3, direct: 3 },
    build: ({ cached, direct }) => ({
      shown: e.virtualTextureFeatureSwitch({ yes: cached, no: direct }),
      cached,
      direct,
    }),
  });
  const called = (asset: RuntimeVirtualTexture) =>
    fallback.call({
      cached: e.runtimeVirtualTextureSample(asset).baseColor,
      direct: [0, 1, 0],
    });
  assert.deepEqual(codesWith((asset) => called(asset).shown), []);
  assert.deepEqual(codesWith((asset) => called(asset).direct), []);
  assert.deepEqual(codesWith((asset) => called(asset).cached), ["no_fallback"], "negative control");
});

Deno.test("a missing fallback names the asset that an instance shows", () => {
  const world = new World();
  const other = new RuntimeVirtualTexture({ name: "Other", materialType: "base_color" });
  const parent = new Material({
    name: "Parent",
    baseColor: e.runtimeVirtualTextureSampleParameter("shown", world.asset).baseColor,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.1, 0.4, 0.1] }),
  });
  const instance = new MaterialInstance(parent, { name: "Instance" });
  instance.setRuntimeVirtualTexture("shown", other);
  world.land.material = instance;
  world.land.renderToVirtualTextures = [world.asset, other];
  world.volumes.push(
    new RuntimeVirtualTextureVolume(other, { position: [8, 8, 0], scale: [16, 16, 4] }),
  );
  const found = checkScene(world);
  assert.deepEqual(found.map(({ code, names }) => [code, names]), [
    ["no_fallback", ["Instance", "Other"]],
  ]);
});

Deno.test("a sample of what its asset does not store is found", () => {
  const world = new World();
  const { roughness, baseColor } = e.runtimeVirtualTextureSample(world.asset);
  world.land.material = new Material({
    name: "Rough",
    baseColor: e.virtualTextureFeatureSwitch({ yes: baseColor, no: [0, 0, 0] }),
    roughness: e.virtualTextureFeatureSwitch({ yes: roughness, no: 1 }),
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.1, 0.4, 0.1] }),
  });
  const found = checkScene(world);
  assert.deepEqual(found.map(({ message }) => message), [
    'Material "Rough" samples "Ground" for roughness, which is a clear value everywhere: it stores Base ' +
    "Color. Sample baseColor, or give the asset a type that stores it",
  ]);
});

Deno.test("what shows a texture by texture coordinates may stand anywhere", () => {
  const codesWith = (place: Parameters<typeof e.runtimeVirtualTextureSample>[1]) => {
    const world = new World();
    const { baseColor } = e.runtimeVirtualTextureSample(world.asset, place);
    world.decal({
      material: new Material({
        name: "Screen",
        baseColor: e.virtualTextureFeatureSwitch({ yes: baseColor, no: [0, 0, 0] }),
      }),
      renderToVirtualTextures: [],
      drawInMainPass: "always",
      transform: { position: [50, 8, 3] },
    });
    return codesOf(world);
  };
  assert.deepEqual(codesWith({ by: "uv", uv: e.textureCoordinate() }), []);
  assert.deepEqual(codesWith({ worldPosition: [8, 8, 0] }), [], "one place for all");
  assert.deepEqual(codesWith({}), ["sampler_outside"], "negative control");
  const shaken = e.add(e.worldPosition(), [1, 0, 0]);
  assert.deepEqual(codesWith({ worldPosition: shaken }), ["sampler_outside"]);
});
