import assert from "node:assert/strict";
import { join } from "node:path";
import { FileError, MalformedFileError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  checkProject,
  type ComponentJson,
  DeferredComponent,
  describeScene,
  FoliageComponent,
  loadProject,
  Material,
  openProjectScene,
  Project,
  type ProjectContent,
  type ProjectScene,
  saveProject,
} from "../../../src/rvt/mod.ts";
import { buildComponent } from "../../../src/rvt/project/open/build_component.ts";
import { SceneInputs } from "../../../src/rvt/project/open/scene_inputs.ts";
import { Place } from "../../../src/rvt/project/schema/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { glbFile, triangleJson } from "../component/glb_helpers.ts";
import { QUIET } from "../scene/placed_scene.ts";
import {
  COMPONENTS,
  MAIN,
  ROAD,
  sampleContent,
  sampleFiles,
  writeSample,
} from "./sample_project.ts";

const FLAG_BOUNDS = { bounds: { min: [-2, -2, -2], max: [2, 2, 3] } };

const FLAG: ComponentJson = {
  kind: "static_mesh",
  name: "Flag",
  material: "Road",
  renderToVirtualTextures: ["Ground"],
  translucencySortPriority: 9,
  mesh: { file: "meshes/flag.glb", name: "flag" },
  deferred: FLAG_BOUNDS,
};

/** The sample with a landscape and a deferred mesh, whose volume streams all of its levels. */
function deferring(flag: object = {}): ProjectContent {
  const volume = {
    ...MAIN.volumes![0]!,
    streamingLowMips: 2,
    virtualTextureBuilder: "bakes/land.pmtiles",
  };
  const components = [{ ...FLAG, ...flag } as ComponentJson, COMPONENTS[0]!];
  const scenes = [{ ...MAIN, options: { mode: "game" } as const, volumes: [volume], components }];
  return { ...sampleContent(), scenes };
}

Deno.test("a deferred component is loaded for tiles that are rendered, and its files tell it apart", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    const opened = async <Result>(use: (opened: ProjectScene) => Result | Promise<Result>) => {
      using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, logger: QUIET });
      await using scene = await openProjectScene(await loadProject(folder), system);
      await scene.scene.settled();
      return await use(scene);
    };
    const state = ({ deferredComponents: [flag], volumes: [volume] }: ProjectScene) => [
      flag!.isLoaded,
      volume!.warnings.map((text) => /none|stale/.exec(text)![0]),
    ];
    await writeSample(folder, sampleFiles(deferring()));
    assert.deepEqual(await opened(state), [true, ["none"]], "rendered tiles load it");
    await opened(({ scene, volumes }) => scene.build(volumes[0]!));
    assert.deepEqual(await opened(state), [false, []], "baked tiles do not");
    const found = await checkProject(await loadProject(folder));
    assert.ok(found.every(({ code }) => code !== "stale_bake" && code !== "unused_volume"));
    // Each change of what it is made of makes tiles stale, and the way back makes them current again.
    const mesh = join(folder, "meshes/flag.glb");
    const stones = join(folder, "pictures/stones.png");
    const road = join(folder, "materials/road.json");
    const json = triangleJson();
    const changes: [string, Uint8Array][] = [
      [mesh, glbFile({ ...json, asset: { version: "2.0", generator: "another" } } as never)],
      [stones, await Deno.readFile(join(folder, "pictures/grass.png"))],
      [road, new TextEncoder().encode(JSON.stringify({ ...ROAD, twoSided: true }))],
    ];
    for (const [file, bytes] of changes) {
      const before = await Deno.readFile(file);
      await Deno.writeFile(file, bytes);
      assert.deepEqual(await opened(state), [false, ["stale"]], file);
      await Deno.writeFile(file, before);
      assert.deepEqual(await opened(state), [false, []], file);
    }
    const whole = await Deno.readFile(mesh);
    await Deno.remove(mesh);
    await assert.rejects(opened(state), {
      name: FileError.name,
      message: /main.json: components\[0\].mesh.file names meshes\/flag.glb, which does not exist$/,
    });
    await Deno.writeFile(mesh, whole);
    await Deno.writeFile(mesh, whole.subarray(0, 40));
    await opened(async ({ deferredComponents: [flag] }) => {
      await assert.rejects(flag!.load(), { name: MalformedFileError.name });
      await Deno.writeFile(mesh, whole);
      assert.equal((await flag!.load()).name, "Flag", "a file that was mended is read again");
    });
  }));

Deno.test("a scene with a deferred component is described, saved and loaded as it was", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, logger: QUIET });
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    await writeSample(here, sampleFiles(deferring()));
    await using opened = await openProjectScene(await loadProject(here), system);
    const described = await describeScene(opened.scene, { name: "Main" });
    const components = described.content.scenes[0]!.components!;
    assert.deepEqual(components.map(({ name }) => name), ["Hills", "Flag"]);
    assert.deepEqual((components[1] as { deferred?: unknown }).deferred, FLAG_BOUNDS);
    await saveProject(described, there);
    assert.deepEqual((await loadProject(there)).content, described.content);
    const leaves = new DeferredComponent({
      name: "leaves",
      bounds: { min: [0, 0, 0], max: [9, 9, 9] },
      identity: "1",
      renderToVirtualTextures: [],
      load: () =>
        Promise.resolve(
          new FoliageComponent({
            material: new Material({ name: "leaves" }),
            scatter: { seed: 1, region: { min: [1, 1], max: [2, 2] }, count: 0 },
          }),
        ),
    });
    const scene = { components: [], deferredComponents: [leaves], volumes: [] };
    const [json] = (await describeScene(scene, { name: "Main" })).content.scenes[0]!.components!;
    assert.deepEqual([json!.kind, json!.deferred], ["foliage", { bounds: leaves.bounds }]);
    assert.equal(leaves.isLoaded, false);
  }));

Deno.test("every kind of component that can be deferred is made as it is without that", async () => {
  const material = new Material({ name: "Plain", baseColor: 1 });
  const files = new SceneInputs(new Project({ name: "None" }));
  const inputs = { materials: new Map([["Plain", material]]), assets: new Map(), files };
  const plane = { shape: "plane" } as const;
  const kinds = [
    { kind: "static_mesh", mesh: plane },
    { kind: "instanced_static_mesh", mesh: plane, instances: [{}] },
    { kind: "skeletal_mesh", mesh: plane },
    { kind: "animated_mesh", frames: [plane] },
    { kind: "decal", size: [2, 3] },
  ] as const;
  for (const kind of kinds) {
    const json = { ...kind, name: "one", material: "Plain", deferred: FLAG_BOUNDS };
    const made = await buildComponent(json, Place.ofFile("project.json"), inputs as never);
    assert.equal(made.name, "one");
    assert.equal(made.draws()[0]!.material, material);
  }
});

Deno.test("what cannot be deferred is refused by its place", async () => {
  const { scenes: [main], ...content } = deferring();
  const [land, road] = [COMPONENTS[0]!, COMPONENTS[1]!];
  const components = [{ ...land, deferred: {} }, road];
  assert.throws(() => new Project({ ...content, scenes: [{ ...main!, components }] }), {
    name: MalformedFileError.name,
    message:
      /components\[1\].landscape must name a landscape that is not deferred, as what lies .*: current value is Hills$/,
  });
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, logger: QUIET });
  const mesh = { shape: "plane" };
  const empty = { deferred: { bounds: { min: [0, 0, 0], max: [-1, 1, 1] } } };
  const { streamedTextures: _, ...others } = deferring({ mesh, ...empty, material: "Plain" });
  const plain = { ...ROAD, name: "Plain", nodes: [], pins: {}, output: null, domain: "surface" };
  const scenes = [{
    ...others.scenes[0]!,
    volumes: [],
    components: [others.scenes[0]!.components![0]!],
  }];
  const project = new Project({ ...others, scenes, materials: [plain as never] } as never);
  await assert.rejects(openProjectScene(project, system), {
    name: MalformedFileError.name,
    message: /scenes\[0\].components\[0\].deferred cannot be made: /,
  });
});
