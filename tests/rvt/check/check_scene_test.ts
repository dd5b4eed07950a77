import assert from "node:assert/strict";
import { InvalidArgumentError } from "../../../src/errors.ts";
import { planeMesh } from "../../../src/geometry/mod.ts";
import {
  checkScene,
  expressions as e,
  type Finding,
  InstancedStaticMeshComponent,
  Material,
  MaterialInstance,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  type SceneToCheck,
} from "../../../src/rvt/mod.ts";
import { codesOf, World } from "./checked_world.ts";

/** The only finding of a scene. */
function onlyFinding(scene: SceneToCheck): Finding {
  const findings = checkScene(scene);
  assert.equal(findings.length, 1, JSON.stringify(findings));
  return findings[0]!;
}

Deno.test("negative control: nothing is found in a scene without fault", () => {
  const world = new World();
  world.decal();
  assert.deepEqual(checkScene(world), []);
  assert.deepEqual(checkScene({ components: [], volumes: [] }), []);
});

Deno.test("samples of other types than their assets' are found, of instances too", () => {
  const world = new World();
  world.asset.change({ materialType: "mask4" });
  world.land.material = new Material({
    name: "Grass",
    baseColor: world.land.material.graph.surfacePins.get("baseColor")!,
    rvtOutput: e.runtimeVirtualTextureOutput({ mask4: [1, 0, 0, 1] }),
  });
  const found = onlyFinding(world);
  assert.deepEqual([found.code, found.severity, found.names], [
    "type_mismatch",
    "error",
    ["Grass"],
  ]);
  assert.match(found.message, /Material "Grass" samples "Ground" as Base Color: it stores Mask4/);
  const base = new World();
  const other = new RuntimeVirtualTexture({ name: "Other", materialType: "base_color" });
  const parent = new Material({
    name: "Parent",
    baseColor: e.virtualTextureFeatureSwitch({
      yes: e.runtimeVirtualTextureSampleParameter("shown", base.asset).baseColor,
      no: [0, 0, 0],
    }),
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.1, 0.4, 0.1] }),
  });
  const instance = new MaterialInstance(parent, { name: "Instance" });
  instance.setRuntimeVirtualTexture("shown", other);
  base.land.material = instance;
  base.volumes.push(new RuntimeVirtualTextureVolume(other, { name: "Other", scale: [99, 99, 9] }));
  assert.deepEqual(codesOf(base), ["unused_volume"]);
  other.change({ materialType: "mask4" });
  assert.deepEqual(codesOf(base), ["type_mismatch", "unused_volume"]);
});

Deno.test("fills with samples of the texture itself are errors, with those of others notes", () => {
  const world = new World();
  const decal = world.decal({
    material: new Material({
      name: "Echo",
      domain: "virtual_texture",
      baseColor: e.runtimeVirtualTextureSample(world.asset).baseColor,
    }),
  });
  const found = onlyFinding(world);
  assert.equal(found.code, "samples_itself");
  assert.match(found.message, /samples of itself, Ground → Ground/);
  const other = new RuntimeVirtualTexture({ name: "Other", materialType: "base_color" });
  world.volumes.push(
    new RuntimeVirtualTextureVolume(other, { position: [8, 8, 0], scale: [9, 9, 9] }),
  );
  decal.material = new Material({
    name: "Echo",
    domain: "virtual_texture",
    baseColor: e.runtimeVirtualTextureSample(other).baseColor,
  });
  assert.deepEqual(codesOf(world), ["samples_while_filling", "unused_volume"]);
});

Deno.test("assets without a volume, and volumes without writers, are found", () => {
  const world = new World();
  world.volumes.pop();
  const found = onlyFinding(world);
  assert.deepEqual([found.code, found.names], ["no_volume", ["Ground"]]);
  assert.match(found.message, /landscape "Hills" is rendered to it, and 1 more use it/);
  const idle = new World();
  idle.land.renderToVirtualTextures = [];
  assert.deepEqual(codesOf(idle), ["unused_volume"]);
  const large = new World({ asset: { tileSize: 1024 } });
  large.options = { tileCountBias: 12 };
  assert.equal(checkScene(large)[0]!.code, "invalid_volume");
  assert.equal(checkScene(large)[0]!.severity, "error");
});

Deno.test("what writes or shows a texture beyond its volume is found", () => {
  const narrow = new World({ volume: { scale: [15, 16, 4] } });
  assert.deepEqual(codesOf(narrow), ["writer_outside", "sampler_outside"]);
  assert.match(
    checkScene(narrow)[0]!.message,
    /^Landscape "Hills" is rendered to "Ground" and reaches/,
  );
  const high = new World({ volume: { position: [8, 8, 100] } });
  // Samples do not depend on height.
  assert.deepEqual(codesOf(high), ["writer_outside"]);
  assert.match(checkScene(high)[0]!.message, /lies outside of volume "Land"/);
  const turned = new World({
    volume: { rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2], scale: [16, 16, 4] },
  });
  assert.deepEqual(codesOf(turned), [], "negative control: rounding does not count");
});

Deno.test("components that are never drawn are found with the reasons, others are not", () => {
  const reasonOf = (options: Parameters<World["decal"]>[0]) => {
    const world = new World();
    world.decal(options);
    const found = checkScene(world).filter(({ code }) => code === "never_drawn");
    return found.length === 0 ? null : found[0]!.message;
  };
  assert.equal(reasonOf({}), null);
  assert.match(
    reasonOf({ renderToVirtualTextures: [] })!,
    /^Decal "Spot" is never drawn: .*names no/,
  );
  assert.match(reasonOf({ virtualTextureSkipMips: 3 })!, /leaves out all 3 levels of "Ground"/);
  assert.equal(reasonOf({ virtualTextureSkipMips: 2 }), null);
  // A size of 1 is 16 texels.
  assert.match(
    reasonOf({ virtualTextureMinCoverage: 4.1 })!,
    /smaller than its Virtual Texture Min/,
  );
  assert.equal(reasonOf({ virtualTextureMinCoverage: 3.9 }), null);
  assert.match(reasonOf({ transform: { position: [40, 8, 0] } })!, /lies outside of volume "Land"/);
  const far = { transform: { position: [40, 8, 0] }, drawInMainPass: "always" } as const;
  assert.match(reasonOf(far)!, /its material "Spot" is for virtual textures alone, and it lies/);
  const paint = { name: "Paint", baseColor: [1, 0, 0] } as const;
  const rvtOutput = e.runtimeVirtualTextureOutput({ baseColor: [1, 0, 0] });
  const material = new Material({ ...paint, rvtOutput });
  assert.equal(reasonOf({ ...far, material }), null);
  const turned = { transform: { position: [8, 8, 0], rotation: [1, 0, 0, 0] } };
  assert.match(reasonOf(turned)!, /it turns its back to the top of volume "Land"/);
  const glass = { name: "Glass", domain: "virtual_texture", baseColor: [1, 0, 0] } as const;
  assert.equal(reasonOf({ ...turned, material: new Material({ ...glass, twoSided: true }) }), null);
  const world = new World();
  world.components.push(
    new InstancedStaticMeshComponent({
      name: "Stones",
      material: world.land.material,
      mesh: planeMesh(),
      drawInMainPass: "always",
    }),
  );
  assert.match(onlyFinding(world).message, /"Stones" is never drawn: it has no instances/);
  const hidden = new World({ volume: { hidePrimitivesInGame: true } });
  hidden.decal({
    material,
    drawInMainPass: "from_virtual_texture",
    virtualTextureSkipMips: 3,
  });
  assert.deepEqual(codesOf(hidden), ["never_drawn"]);
  hidden.options = { mode: "editor" };
  assert.deepEqual(codesOf(hidden), []);
});

Deno.test("materials that write nothing that the texture stores are found", () => {
  const world = new World({ asset: { materialType: "mask4" } });
  const found = checkScene(world).filter(({ code }) => code === "writes_nothing");
  assert.equal(found.length, 1);
  assert.match(
    found[0]!.message,
    /Material "Grass" of landscape "Hills" writes nothing to "Ground", which stores Mask4: connect mask4/,
  );
});

Deno.test("height ranges that are too coarse for 16 bits are found by the slopes that steps make", () => {
  const heightOf = (scale: number, rise = 16) => {
    const world = new World({
      asset: { materialType: "world_height" },
      volume: { scale: [16, 16, scale] },
    });
    world.land.setHeights({ x: 0, y: 0, width: 2, height: 1 }, [-rise / 2, rise / 2]);
    return checkScene(world).filter(({ code }) => code === "coarse_heights").map((one) =>
      one.message
    );
  };
  assert.deepEqual(heightOf(20), []);
  // Texels are 1/16 wide, and steps a thirty-second of that from 128 on.
  assert.deepEqual(heightOf(127), []);
  assert.match(
    heightOf(130)[0]!,
    /a step of 16 bits is 0.00198 high, over texels of 0.0625: .* by up to 1.82°/,
  );
  assert.match(heightOf(100, 1)[0]!, /what is rendered spans 1 of it, which is 655 of 65536 steps/);
});

Deno.test("components tell what they say of themselves", () => {
  const world = new World();
  world.decal({ mobility: "movable" });
  const found = onlyFinding(world);
  assert.deepEqual([found.code, found.severity], ["component_warning", "note"]);
});

Deno.test("what is no scene is refused", () => {
  const world = new World();
  for (const bad of [null, undefined, 3, {}, { components: [], volumes: [3] }, { components: 3 }]) {
    assert.throws(() => checkScene(bad as never), { name: InvalidArgumentError.name });
  }
  assert.throws(() => checkScene({ components: [world.volume as never], volumes: [] }), {
    message: /^Cannot check scene as it must be a component/,
  });
});
