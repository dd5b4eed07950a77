import assert from "node:assert/strict";
import { join } from "node:path";
import { boxMesh, gridMesh, type Mesh } from "../../../src/geometry/mod.ts";
import {
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { encodeGlb } from "../../../src/rvt/component/mod.ts";
import {
  AnimatedMeshComponent,
  DecalComponent,
  describeScene,
  expressions as e,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  loadGlb,
  loadProject,
  Material,
  MaterialInstance,
  MaterialTexture,
  type MeshComponent,
  PrimitiveComponent,
  Project,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  saveProject,
  SkeletalMeshComponent,
  StaticMeshComponent,
  VirtualTextureBuilder,
} from "../../../src/rvt/mod.ts";
import { assembleScene, type SceneParts } from "../../../src/rvt/project/mod.ts";
import { randomBytes, seededRandom } from "../../helpers/random.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

const SIDE = 9;

/** A scene with a component of each kind, made in code. */
function madeScene() {
  const random = seededRandom(3);
  const asset = new RuntimeVirtualTexture({ name: "Ground", materialType: "mask4", tileSize: 64 });
  const volume = new RuntimeVirtualTextureVolume(asset, {
    name: "Land",
    position: [4, 4, 0],
    scale: [9, 9, 5],
    hidePrimitivesInGame: true,
    streamingLowMips: 3,
    virtualTextureBuilder: new VirtualTextureBuilder(),
    useStreamingLowMipsInEditor: true,
    buildDebug: true,
  });
  const texture = new MaterialTexture({
    name: "stones",
    width: 5,
    height: 3,
    texels: randomBytes(60, 4),
    colorSpace: "linear",
  });
  const tint = e.materialFunction("tint", {
    inputs: { color: 4 },
    build: ({ color }) => ({ tinted: e.multiply(color, e.vectorParameter("shade", [1, 1, 1, 1])) }),
  });
  const material = new Material({
    name: "Soil",
    twoSided: true,
    baseColor: e.virtualTextureFeatureSwitch({
      yes: e.componentMask(e.runtimeVirtualTextureSample(asset).mask4, "xyz"),
      no: e.layerWeight("grass"),
    }),
    rvtOutput: e.runtimeVirtualTextureOutput({
      mask4: tint.call({ color: e.textureSampleParameter("picture", texture) }).tinted,
    }),
  });
  const wet = new MaterialInstance(material, { name: "Wet soil" });
  wet.setVector("shade", [0.5, 0.5, 0.25, 1]);
  const common = { material: wet, renderToVirtualTextures: [asset] };
  const land = new LandscapeComponent({
    ...common,
    name: "Hills",
    width: SIDE,
    height: SIDE,
    heights: Float32Array.from({ length: SIDE * SIDE }, () => random() * 4 - 1),
    layers: { grass: randomBytes(SIDE * SIDE, 5) },
    sectionQuads: 4,
  });
  const [box, grid] = [boxMesh({ size: [0.3, 0.2, 0.1] }), gridMesh({ quads: [3, 2] })];
  const scatter = { seed: 4, region: { min: [1, 1], max: [7, 7] }, count: 9, onto: land };
  const components: PrimitiveComponent[] = [
    land,
    new LandscapeSplineComponent({
      ...common,
      name: "Road",
      landscape: land,
      landscapeOffset: 0.1,
      translucencySortPriority: 4,
      points: [
        { position: [1, 1, 0], width: 1, rollRadians: 0.1 },
        { position: [7, 6, 0], width: 2, tangent: [1, 2, 0] },
      ],
    }),
    new StaticMeshComponent({ ...common, name: "Box", mesh: [box, grid], mobility: "movable" }),
    new InstancedStaticMeshComponent({
      ...common,
      name: "Boxes",
      mesh: box,
      instances: [{}, { position: [1, 2, 3], rotation: [0, 0, 1, 1] }],
      virtualTextureMinCoverage: 2.5,
    }),
    new FoliageComponent({ ...common, name: "Leaves", scatter }),
    new FoliageComponent({ ...common, name: "Changed", mesh: box, scatter }),
    new DecalComponent({ ...common, name: "Spot", size: [2, 3], drawInMainPass: "always" }),
    new SkeletalMeshComponent({ material, name: "Walker", mesh: grid }),
    new AnimatedMeshComponent({ material, name: "Flag", frames: [grid, box] }),
  ];
  (components[5] as FoliageComponent).removeInstance(3);
  const options = { mode: "editor", tileCountBias: -1 } as const;
  return { components, volumes: [volume], options, land, asset, material };
}

function numbersOf({ positions, normals, uvs, indices }: Mesh): number[][] {
  return [positions, normals, uvs, indices].map((list) => [...list]);
}

async function reloaded(folder: string, project: Project): Promise<SceneParts> {
  await saveProject(project, folder);
  const loaded = await loadProject(folder);
  assert.deepEqual(loaded.content, project.content);
  assert.deepEqual(await saveProject(loaded, folder), [], "what was written is stable");
  return await assembleScene(loaded, loaded.scene(), {
    streamedTexture: () => Promise.reject(new Error("there is none")),
  });
}

Deno.test("a scene made in code is the same when its project was saved and loaded", () =>
  withFolder(async (folder) => {
    const made = madeScene();
    const parts = await reloaded(folder, await describeScene(made, { name: "Main" }));
    assert.deepEqual(parts.options, made.options);
    assert.deepEqual(parts.assets.get("Ground")!.settings, made.asset.settings);
    const { virtualTextureBuilder: _, ...settings } = made.volumes[0]!.settings;
    const { virtualTextureBuilder, ...loaded } = parts.volumes[0]!.settings;
    assert.deepEqual(loaded, settings);
    assert.equal(virtualTextureBuilder!.path, join(folder, "bakes/land.pmtiles"));
    const soil = parts.materials.get("Soil") as Material;
    assert.deepEqual(soil.toJSON(), made.material.toJSON());
    const [sample] = soil.parameters.values();
    assert.equal(sample!.kind, "texture");
    assert.equal(parts.components.length, made.components.length);
    for (const [i, component] of made.components.entries()) {
      const other = parts.components[i]!;
      assert.equal(other.name, component.name);
      // Foliage that was changed stands where it was put.
      const kind = component.name === "Changed"
        ? InstancedStaticMeshComponent
        : component.constructor;
      assert.equal(other.constructor, kind);
      assert.deepEqual(other.transform, component.transform);
      assert.equal(other.material.name, component.material.name);
      for (const setting of ["drawInMainPass", "mobility", "virtualTextureMinCoverage"] as const) {
        assert.equal(other[setting], component[setting], component.label);
      }
      assert.equal(other.translucencySortPriority, component.translucencySortPriority);
      if (!("lods" in component)) continue;
      const meshes = (one: unknown) => (one as MeshComponent).lods.map(numbersOf);
      assert.deepEqual(meshes(other), meshes(component), component.label);
    }
    const land = parts.components[0] as LandscapeComponent;
    const { heights, layers } = made.land.surface;
    assert.deepEqual(land.surface.heights, heights);
    assert.deepEqual(land.surface.layers, layers);
    assert.equal((parts.components[1] as LandscapeSplineComponent).landscape, land);
    const instances = (at: number, of: readonly PrimitiveComponent[]) =>
      (of[at] as InstancedStaticMeshComponent).instances.map((
        { scale, rotation },
      ) => [scale, rotation]);
    for (const at of [3, 4, 5]) {
      assert.deepEqual(instances(at, parts.components), instances(at, made.components));
    }
    // Described again it is the same, heights too.
    const again = await describeScene(parts, { name: "Main" });
    const once = await describeScene(made, { name: "Main" });
    const named = ({ content }: Project) => content.scenes[0]!.components!.map(({ name }) => name);
    assert.deepEqual(named(again), named(once));
  }));

Deno.test("meshes are the same numbers in a GLB file", async () => {
  const meshes = [boxMesh(), gridMesh({ size: [3, 0.7], quads: [4, 2] })];
  const file = await encodeGlb(meshes.map((mesh, i) => ({ name: `${i}`, mesh })));
  const read = await loadGlb(file);
  assert.deepEqual(read.map(({ name }) => name), ["0", "1"]);
  assert.deepEqual(read.map(({ mesh }) => numbersOf(mesh)), meshes.map(numbersOf));
});

/** A component of a class that projects do not know. */
class OwnComponent extends PrimitiveComponent {
  constructor(material: Material) {
    super({ material }, { kind: "own thing", optionNames: [] });
  }

  get lodCount(): number {
    return 1;
  }

  protected override boxesUnder(): readonly [] {
    return [];
  }

  protected override drawsAt(): readonly [] {
    return [];
  }
}

Deno.test("what has no form in a project is refused by name", async () => {
  const { asset, material, land } = madeScene();
  const describe = (...components: PrimitiveComponent[]) =>
    describeScene({ components, volumes: [] }, { name: "Main" });
  await assert.rejects(describe(new OwnComponent(material)), {
    name: UnsupportedError.name,
    message:
      /^Cannot describe scene as own thing "own thing \d+" cannot be saved: its class is not/,
  });
  const double = new RuntimeVirtualTexture({ name: asset.name });
  const material2 = new Material({ name: "Other" });
  const spot = new DecalComponent({ material: material2, renderToVirtualTextures: [double] });
  await assert.rejects(describe(land, spot), {
    name: OutOfRangeError.name,
    message: 'Cannot describe scene as two of its assets are called "Ground"',
  });
  const named = () => new DecalComponent({ material: material2, name: "a" });
  await assert.rejects(describe(named(), named()), {
    name: MalformedFileError.name,
    message: /components\[1\].name must be a name that no other component of the scene has/,
  });
  for (
    const bad of [null, {}, { components: [], volumes: [3] }, { components: [3], volumes: [] }]
  ) {
    await assert.rejects(describeScene(bad as never, { name: "a" }), {
      name: InvalidArgumentError.name,
    });
  }
  await assert.rejects(describeScene({ components: [], volumes: [] }, {} as never), {
    name: InvalidArgumentError.name,
  });
});
