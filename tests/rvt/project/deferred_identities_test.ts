import assert from "node:assert/strict";
import { join } from "node:path";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { loadProject, openProjectScene } from "../../../src/rvt/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { QUIET } from "../scene/placed_scene.ts";

// deno-lint-ignore no-explicit-any -- edits reach deep into the text of a project
type Json = any;

function material(name: string, node: object, before: readonly object[] = []): Json {
  const nodes = [...before, node];
  return {
    format: "forge3d material",
    version: 1,
    name,
    domain: "virtual_texture",
    nodes,
    pins: {},
    output: { pins: { baseColor: nodes.length - 1 }, heightRange: null },
  };
}

function deferredMesh(name: string, material: string, x: number): Json {
  return {
    kind: "static_mesh",
    name,
    material,
    mesh: { shape: "plane", size: [16, 16] },
    transform: { position: [x, 0, 0] },
    renderToVirtualTextures: ["Far"],
    deferred: { bounds: { min: [x - 9, -9, -1], max: [x + 9, 9, 1] } },
  };
}

/** Two meshes are loaded later: one whose material samples what another component writes, one of an instance. */
function project(): Json {
  const volume = { scale: [64, 64, 60] };
  return {
    format: "forge3d project",
    version: 1,
    name: "Deferred",
    assets: ["Near", "Far"].map((name) => ({
      name,
      materialType: "base_color",
      sizeInTilesLog2: 2,
      tileSize: 64,
    })),
    materials: [
      material("green", { kind: "constant", inputs: [], values: [0, 1, 0] }),
      material("blue", { kind: "constant", inputs: [], values: [0, 0, 1] }),
      material("tinted", {
        kind: "parameter",
        inputs: [],
        parameter: "color",
        defaultValues: [1, 0, 0],
      }),
      {
        format: "forge3d material instance",
        version: 1,
        name: "instance",
        parent: "tinted",
        numbers: { color: [1, 1, 0] },
        textures: {},
        runtimeVirtualTextures: {},
      },
      material(
        "sampling",
        {
          kind: "runtime_virtual_texture_sample",
          inputs: [0],
          asset: "Near",
          attribute: "baseColor",
        },
        [{ kind: "input", inputs: [], input: "world_position" }],
      ),
    ],
    scenes: [{
      name: "Main",
      options: { mode: "game" },
      volumes: [
        { name: "near", asset: "Near", ...volume },
        {
          name: "far",
          asset: "Far",
          ...volume,
          streamingLowMips: 2,
          virtualTextureBuilder: "far.pmtiles",
        },
      ],
      components: [
        {
          kind: "decal",
          name: "writer",
          material: "green",
          size: [60, 60],
          renderToVirtualTextures: ["Near"],
        },
        deferredMesh("samples", "sampling", 16),
        deferredMesh("tinted", "instance", -16),
      ],
    }],
  };
}

/** Whether each edit makes tiles stale. */
const EDITS: readonly (readonly [string, boolean, (project: Json) => void])[] = [
  ["nothing", false, () => {}],
  ["what is sampled", true, ({ scenes }) => scenes[0].components[0].material = "blue"],
  ["the instance", true, ({ materials }) => materials[3].numbers.color = [1, 0, 1]],
  ["another material", true, ({ scenes }) => scenes[0].components[2].material = "tinted"],
  ["the form", true, ({ scenes }) => scenes[0].components[2].mesh.size = [15, 16]],
  ["the place", true, ({ scenes }) => scenes[0].components[2].transform.position = [-15.5, 0, 0]],
  ["what is drawn where", true, ({ scenes }) => scenes[0].components[2].virtualTextureSkipMips = 1],
  ["a value that the instance replaces", false, ({ materials }) => {
    materials[2].nodes[0].defaultValues = [0, 0, 0];
  }],
  ["a material that nothing of it uses", false, ({ materials }) => {
    materials[1].nodes[0].values = [1, 1, 1];
  }],
  ["larger bounds", false, ({ scenes }) => scenes[0].components[1].deferred.bounds.max[2] = 9],
  ["the main pass", false, ({ scenes }) => scenes[0].components[1].drawInMainPass = "never"],
  ["names", false, ({ materials, scenes }) => {
    materials[2].name = "another";
    materials[3].name = "another instance";
    materials[3].parent = "another";
    Object.assign(scenes[0].components[2], { name: "another", material: "another instance" });
  }],
];

Deno.test("what a deferred component of a project is made of, and samples, tells it apart without loading it", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, logger: QUIET });
    const opened = async (json: Json) => {
      await Deno.writeTextFile(join(folder, "project.json"), JSON.stringify(json));
      return await openProjectScene(await loadProject(folder), system);
    };
    const first = await opened(project());
    await first.scene.build(first.volumes[1]!);
    await first.close();
    for (const [about, isFound, edit] of EDITS) {
      const json = project();
      edit(json);
      await using scene = await opened(json);
      const warnings = scene.volumes[1]!.warnings.join();
      assert.equal(warnings.includes("are stale"), isFound, `${about}: ${warnings}`);
      assert.ok(scene.deferredComponents.every(({ isLoaded }) => !isLoaded), about);
    }
  }));
