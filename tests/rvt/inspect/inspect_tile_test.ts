import assert from "node:assert/strict";
import { DisposedError, InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  type ExpressionInput,
  expressions as e,
  inspectTile,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  Material,
  type MaterialOptions,
  type RuntimeVirtualTextureSettings,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import { boxMesh, planeMesh } from "../../../src/geometry/mod.ts";
import { AWAY, PlacedScene } from "../scene/placed_scene.ts";

const SIDE = 9;
const VOLUME = { position: [4, 4, 0], scale: [8, 8, 2] };
const FINEST = { level: 0, x: 0, y: 0 };

async function withWorld(
  use: (world: PlacedScene, land: LandscapeComponent) => Promise<void>,
  { asset = {}, ground = {} }: {
    readonly asset?: RuntimeVirtualTextureSettings;
    readonly ground?: Partial<MaterialOptions>;
  } = {},
): Promise<void> {
  using device: ForgeDevice = await requestDevice();
  await using world = new PlacedScene(device, {
    asset: {
      name: "Ground",
      materialType: "base_color",
      ...asset,
    } as RuntimeVirtualTextureSettings,
    volume: VOLUME,
  });
  const land = new LandscapeComponent({
    name: "Hills",
    material: new Material({
      name: "Grass",
      domain: "virtual_texture",
      baseColor: [0.1, 0.4, 0.1],
      ...ground,
    }),
    width: SIDE,
    height: SIDE,
    heights: new Float32Array(SIDE * SIDE),
    renderToVirtualTextures: [world.asset],
  });
  await world.place([land]);
  await use(world, land);
}

function decal(
  { asset }: PlacedScene,
  options: Partial<ConstructorParameters<typeof DecalComponent>[0]> = {},
): DecalComponent {
  return new DecalComponent({
    name: "Spot",
    material: new Material({ name: "Red", domain: "virtual_texture", baseColor: [1, 0, 0] }),
    renderToVirtualTextures: [asset],
    translucencySortPriority: 1,
    transform: { position: [1, 1, 0] },
    ...options,
  });
}

Deno.test("what writes a tile is told in its order, with what covers it, and what does not write it", () =>
  withWorld(async (world, land) => {
    const { scene, asset } = world;
    scene.addComponent(decal(world));
    scene.addComponent(decal(world, { name: "Second", size: [20, 20] }));
    scene.addComponent(decal(world, { name: "Far", transform: { position: [7, 7, 0] } }));
    scene.addComponent(decal(world, { name: "Fine", virtualTextureSkipMips: 3 }));
    scene.addComponent(decal(world, { name: "Small", virtualTextureMinCoverage: 7 }));
    const material = new Material({ name: "Rough", domain: "virtual_texture", roughness: 1 });
    scene.addComponent(decal(world, { name: "Mute", material }));
    const found = await inspectTile(scene, asset, FINEST);
    const common = {
      material: "Red",
      sortPriority: 1,
      isTied: false,
      lod: 0,
      draws: 1,
      attributes: ["baseColor"],
      sources: { textures: [], streamedTextures: [], runtimeVirtualTextures: [] },
      coveredBy: [],
    };
    assert.deepEqual(found.writers, [
      { ...common, component: "Hills", material: "Grass", sortPriority: 0, coveredBy: ["Second"] },
      { ...common, component: "Spot", coveredBy: ["Second"] },
      { ...common, component: "Second", isTied: true },
    ]);
    assert.deepEqual(found.absent, [
      { component: "Far", reason: "outside" },
      { component: "Fine", reason: "skip_mips" },
      { component: "Small", reason: "min_coverage" },
      { component: "Mute", reason: "writes_nothing" },
    ]);
    assert.deepEqual([found.levels, found.columns, found.rows], [3, 4, 4]);
    assert.deepEqual([found.center, found.texelSize], [[1, 1, 0], [1 / 32, 1 / 32]]);
    const far = await inspectTile(scene, asset, { level: 0, x: 3, y: 3 });
    assert.deepEqual(far.writers.map(({ component }) => component), ["Hills", "Second", "Far"]);
    land.material = new Material({
      name: "Thin",
      domain: "virtual_texture",
      baseColor: [0, 0, 1],
      opacity: 0.5,
    });
    land.translucencySortPriority = 5;
    const top = await inspectTile(scene, asset, FINEST);
    assert.equal(top.writers.at(-1)!.component, "Hills");
    assert.deepEqual(top.writers.map(({ coveredBy }) => coveredBy), [["Second"], [], []]);
  }));

Deno.test("a component below another one is covered if all that the tile shows of it lies there", () =>
  withWorld(async (world) => {
    const { scene, asset } = world;
    const small = decal(world, { name: "Small", size: [0.5, 0.5] });
    const above = decal(world, { name: "Above", translucencySortPriority: 2 });
    scene.addComponent(small);
    scene.addComponent(above);
    const coveredBy = async () => {
      const { writers } = await inspectTile(scene, asset, FINEST);
      return writers.map((writer) => writer.coveredBy);
    };
    assert.deepEqual(await coveredBy(), [[], ["Above"], []]);
    small.transform = { position: [1.4, 1, 0] };
    assert.deepEqual(await coveredBy(), [[], [], []], "it sticks out");
    small.transform = { position: [1, 1, 0] };
    const seenThrough = { name: "Glass", domain: "virtual_texture", baseColor: [1, 1, 1] } as const;
    above.material = new Material({ ...seenThrough, opacity: 0.5 });
    assert.deepEqual(await coveredBy(), [[], [], []], "it is seen through");
  }));

Deno.test("meshes cover what lies below them, and those that turn their back write nothing", () =>
  withWorld(async (world) => {
    const { scene, asset } = world;
    scene.addComponent(decal(world, { size: [0.5, 0.5] }));
    const { material } = decal(world);
    const common = {
      material,
      renderToVirtualTextures: [asset],
      translucencySortPriority: 2,
      transform: { position: [1, 1, 0] },
    };
    const plane = new StaticMeshComponent({
      ...common,
      name: "Sheet",
      mesh: planeMesh({ size: [1, 1] }),
    });
    const stones = new InstancedStaticMeshComponent({
      ...common,
      name: "Stones",
      mesh: boxMesh({ size: [1, 1, 0.5] }),
      instances: [{ position: [1, 1, 0] }, {}],
    });
    scene.addComponent(plane);
    scene.addComponent(stones);
    const found = async () => {
      const { writers, absent } = await inspectTile(scene, asset, FINEST);
      return [writers.map(({ component, coveredBy }) => [component, ...coveredBy]), absent];
    };
    assert.deepEqual(await found(), [
      [["Hills"], ["Spot", "Sheet", "Stones"], ["Sheet"], ["Stones"]],
      [],
    ]);
    plane.transform = { position: [1, 1, 0], rotation: [1, 0, 0, 0] };
    assert.deepEqual(await found(), [
      [["Hills"], ["Spot", "Stones"], ["Stones"]],
      [{ component: "Sheet", reason: "turned_away" }],
    ]);
    stones.material = new Material({
      name: "Holes",
      domain: "virtual_texture",
      baseColor: e.customWgsl({
        code: "if (x > 0.5) { discard; } return vec3f(x);",
        inputs: { x: 0.2 },
        components: 3,
      }),
    });
    assert.deepEqual((await found())[0], [["Hills"], ["Spot"], ["Stones"]], "it may have holes");
  }));

Deno.test("whether a tile is resident, and how old it is, is told as it is, and does not change", () =>
  withWorld(async (world) => {
    const { scene, asset, texture } = world;
    const tile = texture.grid.tileIndexOf(0, 0, 0);
    const state = async () => (await inspectTile(scene, asset, FINEST)).residency;
    const missing = await state();
    assert.deepEqual([missing.state, missing.shownLevel, missing.ageFrames], ["missing", 2, null]);
    await world.renderTiles([tile]);
    const fresh = await state();
    assert.deepEqual([fresh.state, fresh.shownLevel, fresh.isInFlight], ["resident", 0, false]);
    const rendered = world.takeRendered().length;
    await world.renderTiles([texture.grid.tileIndexOf(0, 3, 3)]);
    assert.equal((await state()).ageFrames! - fresh.ageFrames!, 2, "two updates have gone by");
    const before = await state();
    for (let update = 0; update < 5; update++) await scene.system.update(AWAY);
    const later = await state();
    assert.equal(later.ageFrames! - before.ageFrames!, 5, "those that change nothing count, too");
    assert.equal(later.unwantedFrames! - before.unwantedFrames!, 5);
    assert.deepEqual(await state(), await state());
    scene.addComponent(decal(world));
    const stale = await state();
    assert.equal(stale.state, "stale");
    assert.ok(stale.version! < stale.wantedVersion);
    assert.equal(
      (await inspectTile(scene, asset, { level: 2, x: 0, y: 0 })).residency.isPinned,
      true,
    );
    assert.ok(rendered > 0 && world.takeRendered().length > 0);
  }));

Deno.test("the error of compression is that of blocks: none of one colour that they have, more of noise", () =>
  withWorld(async ({ scene, asset }, land) => {
    const errorOf = async (baseColor: ExpressionInput): Promise<[number, number]> => {
      land.material = new Material({ name: "Grass", domain: "virtual_texture", baseColor });
      const { compression } = await inspectTile(scene, asset, FINEST);
      assert.ok("attributes" in compression, JSON.stringify(compression));
      assert.deepEqual(compression.attributes.map(({ attribute }) => attribute), ["baseColor"]);
      const { largest, rootMeanSquare } = compression.attributes[0]!;
      return [largest, rootMeanSquare];
    };
    const place = e.multiply(e.worldPosition(), 32);
    const tone = (seed: number) => e.noise(place, { kind: "value", seed });
    assert.deepEqual(await errorOf([1, 1, 1]), [0, 0]);
    // Half a step of 5 bits in each channel of sRGB, whose slope in linear values is 2.3 at most.
    const [flat] = await errorOf([0.5, 0.2, 0.7]);
    assert.ok(flat > 0 && flat < 0.05, `${flat}`);
    const [largest, rootMeanSquare] = await errorOf(e.append(tone(1), tone(2), tone(3)));
    assert.ok(largest > 0.2 && rootMeanSquare > 0.05 && rootMeanSquare < largest);
  }, { asset: { compressTextures: true } }));

Deno.test("every attribute of a type has an error of compression; without blocks there is none", async () => {
  await withWorld(async ({ scene, asset }) => {
    const { compression } = await inspectTile(scene, asset, { level: 1, x: 1, y: 0 });
    assert.ok("attributes" in compression);
    assert.deepEqual(compression.attributes.map(({ attribute }) => attribute), [
      "baseColor",
      "normal",
      "roughness",
      "specular",
    ]);
    for (const { largest, attribute } of compression.attributes) {
      assert.ok(largest < 0.03, `${attribute}: ${largest}`);
    }
  }, { asset: { compressTextures: true, materialType: "base_color_normal_roughness_specular" } });
  await withWorld(async ({ scene, asset }) => {
    const { compression } = await inspectTile(scene, asset, FINEST);
    assert.deepEqual(compression, { reason: "uncompressed" });
  });
});

Deno.test("what is no tile of the scene is refused by name", () =>
  withWorld(async (world) => {
    const { scene, asset, system } = world;
    const refused: [unknown, unknown, unknown, string][] = [
      [{}, asset, FINEST, InvalidArgumentError.name],
      [scene, {}, FINEST, InvalidArgumentError.name],
      [scene, asset, null, InvalidArgumentError.name],
      [scene, asset, { ...FINEST, z: 0 }, InvalidArgumentError.name],
      [scene, asset, { ...FINEST, level: 3 }, OutOfRangeError.name],
      [scene, asset, { ...FINEST, x: 4 }, OutOfRangeError.name],
      [scene, asset, { ...FINEST, y: -1 }, OutOfRangeError.name],
    ];
    for (const [a, b, c, name] of refused) {
      await assert.rejects(inspectTile(a as never, b as never, c as never), { name });
    }
    await scene.removeVolume(world.volume);
    await assert.rejects(inspectTile(scene, asset, FINEST), {
      message: /^Cannot inspect tile of "Ground" as no volume places it/,
    });
    await scene.close();
    await assert.rejects(inspectTile(scene, asset, FINEST), { name: DisposedError.name });
    assert.equal(system.textures.length, 0);
  }));
