import assert from "node:assert/strict";
import { join } from "node:path";
import { gridMesh } from "../../../src/geometry/mod.ts";
import {
  assembleScene,
  type ComponentJson,
  loadProject,
  type MeshJson,
  Project,
} from "../../../src/rvt/project/mod.ts";
import { SceneInputs } from "../../../src/rvt/project/open/scene_inputs.ts";
import { Place } from "../../../src/rvt/project/schema/mod.ts";
import { encodeGlb, type StaticMeshComponent } from "../../../src/rvt/component/mod.ts";
import { textureStandIn } from "../../../src/rvt/check/texture_stand_in.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { MAIN, sampleContent, sampleFiles, writeJsonFiles } from "./sample_project.ts";

/** The meshes that components of a scene draw, in their order. */
async function meshesOf(folder: string, components: readonly ComponentJson[]) {
  const scene = { ...MAIN, volumes: [], components };
  const materials = [{
    format: "forge3d material",
    version: 1,
    name: "Stone",
    domain: "surface",
    nodes: [],
    pins: {},
    output: null,
  }] as const;
  const content = { ...sampleContent(), materials, textures: [], scenes: [scene] };
  await writeJsonFiles(folder, sampleFiles(content as never));
  await Deno.mkdir(join(folder, "meshes"), { recursive: true });
  const mesh = gridMesh({ quads: [32, 32] });
  await Deno.writeFile(join(folder, "meshes/grid.glb"), await encodeGlb([{ name: "grid", mesh }]));
  const project = await loadProject(folder);
  const options = { streamedTexture: textureStandIn, loadsDeferred: true };
  const made = await assembleScene(project, project.scene(), options);
  return made.components.map((component) => (component as StaticMeshComponent).lods);
}

function stone(mesh: MeshJson | readonly MeshJson[]): ComponentJson {
  return { kind: "static_mesh", material: "Stone", mesh };
}

Deno.test("a mesh is made once for each description, and others for others", () =>
  withFolder(async (folder) => {
    const file = "meshes/grid.glb";
    const [a, b, c, d, e, f] = await meshesOf(folder, [
      stone({ file, lods: [0.5, 0.25] }),
      stone({ lods: [0.5, 0.25], file }),
      stone({ file, lods: [0.5, 0.2] }),
      stone({ shape: "plane", size: [2, 2] }),
      stone([{ shape: "plane", size: [2, 2] }, { shape: "plane" }]),
      stone({ file, name: "grid", lods: [0.5] }),
    ]);
    assert.equal(a!.length, 3);
    a!.forEach((mesh, lod) => assert.equal(mesh, b![lod]));
    assert.equal(a![0], c![0]);
    assert.notEqual(a![2], c![2]);
    assert.equal(d![0], e![0]);
    assert.notEqual(e![0], e![1]);
    assert.equal(f![0], a![0]);
  }));

Deno.test("levels of detail of a scene are made of a bounded number of triangles", () => {
  const inputs = new SceneInputs(new Project({ name: "Stones" }));
  const place = Place.ofFile("scenes/main.json").at("components").at(3).at("mesh").at("lods");
  inputs.countSimplified(2 ** 23, place);
  assert.throws(() => inputs.countSimplified(2 ** 23 + 1, place), {
    name: "MalformedFileError",
    message:
      "Cannot read project as scenes/main.json: components[3].mesh.lods must leave its scene at most " +
      "16777216 triangles of levels of detail that are made: with it, there are 16777217",
  });
  inputs.countSimplified(2 ** 23, place);
});
