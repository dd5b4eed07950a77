import assert from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import {
  checkProject,
  findMaterials,
  fixMaterials,
  loadProject,
  type MaterialFunctionJson,
  type MaterialInstanceJson,
  type MaterialJson,
  Project,
  type ProjectContent,
  saveProject,
} from "../../../src/rvt/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import {
  GROUND,
  MAIN,
  MEADOW,
  sampleContent,
  sampleFiles,
  writeSample,
} from "../project/sample_project.ts";

/** A function that samples `Ground`, and a material and an instance that do so by others. */
const SHOWN: MaterialFunctionJson = {
  format: "forge3d material function",
  version: 1,
  name: "Shown",
  inputs: {},
  nodes: [
    { kind: "input", inputs: [], input: "world_position" },
    {
      kind: "runtime_virtual_texture_sample",
      inputs: [0],
      asset: "Ground",
      materialType: "base_color",
      attribute: "baseColor",
      parameter: "shown",
    },
  ],
  outputs: { color: 1 },
};

const CALLER: MaterialJson = {
  format: "forge3d material",
  version: 1,
  name: "Caller",
  domain: "surface",
  nodes: [{
    kind: "function_call",
    inputs: [],
    function: "Shown",
    inputNames: [],
    output: "color",
  }],
  pins: { baseColor: 0 },
  output: null,
};

const GIVER: MaterialInstanceJson = {
  ...MEADOW,
  name: "Giver",
  parent: "Caller",
  numbers: {},
  runtimeVirtualTextures: { shown: "Ground" },
};

/** The sample with those, and another material type of `Ground`. */
function content(materialType: string): ProjectContent {
  const sample = sampleContent();
  return {
    ...sample,
    assets: sample.assets.map((asset) =>
      asset.name === "Ground" ? { ...asset, materialType } as typeof asset : asset
    ),
    materialFunctions: [...sample.materialFunctions, SHOWN],
    materials: [...sample.materials, GIVER, CALLER],
  };
}

Deno.test("the materials, functions and instances that sample an asset are found, with their nodes", () => {
  const project = new Project(content("base_color"));
  const file = "project.json";
  const none = { nodes: [], parameters: [], through: [], file };
  assert.deepEqual(findMaterials(project, "Ground"), [
    { ...none, kind: "material function", name: "Shown", nodes: [1] },
    { ...none, kind: "material", name: "Ground", nodes: [5] },
    { ...none, kind: "material instance", name: "Meadow", through: ["Ground"] },
    {
      ...none,
      kind: "material instance",
      name: "Giver",
      parameters: ["shown"],
      through: ["Caller"],
    },
    { ...none, kind: "material", name: "Caller", through: ["Shown"] },
  ]);
  assert.deepEqual(findMaterials(project, "Heights"), []);
});

Deno.test("fixing gives samples the type of their asset, says so, and changes no other file", () =>
  withFolder(async (folder) => {
    await writeSample(folder, sampleFiles(content("ycocg_base_color_normal_specular")));
    const project = await loadProject(folder);
    const { project: fixed, changes } = fixMaterials(project, "Ground");
    const [from, to] = ["base_color", "ycocg_base_color_normal_specular"];
    const change = { asset: "Ground", from, to, lacks: null };
    assert.deepEqual(changes, [
      {
        ...change,
        kind: "material function",
        name: "Shown",
        file: "functions/shown.json",
        node: 1,
      },
      { ...change, kind: "material", name: "Ground", file: "materials/ground.json", node: 5 },
    ]);
    assert.deepEqual(await saveProject(fixed, folder), [
      "functions/shown.json",
      "materials/ground.json",
    ]);
    const again = fixMaterials(await loadProject(folder), "Ground");
    assert.deepEqual(again.changes, [], "nothing is left to fix");
    assert.deepEqual(fixMaterials(project, "Heights"), { project, changes: [] });
  }));

Deno.test("fixing says what a sample gives no more", () => {
  const { changes } = fixMaterials(new Project(content("mask4")), "Ground");
  assert.deepEqual(changes.map(({ lacks }) => lacks), ["baseColor", "baseColor"]);
});

Deno.test("a scene of a project is checked without a GPU, its materials for all types", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const before = await checkProject(await loadProject(folder));
    assert.deepEqual(before.map(({ code }) => code), ["component_warning", "component_warning"]);
    await writeSample(folder, sampleFiles(content("base_color_normal_roughness_specular")));
    const found = await checkProject(await loadProject(folder));
    assert.deepEqual(
      found.filter(({ code }) => code === "type_mismatch").map(({ message }) => message),
      [
        'Material function "Shown" in functions/shown.json samples "Ground" as Base Color at node 1: it ' +
        "stores Base Color, Normal, Roughness, Specular. Fix Material Usage of the asset mends it",
        'Material "Ground" in materials/ground.json samples "Ground" as Base Color at node 5: it ' +
        "stores Base Color, Normal, Roughness, Specular. Fix Material Usage of the asset mends it",
      ],
    );
  }));

Deno.test("an instance that gives an asset of another type is found, and the rest still checked", () =>
  withFolder(async (folder) => {
    const base = content("base_color");
    const wrong = { ...GIVER, runtimeVirtualTextures: { shown: "Heights" } };
    const materials = base.materials.map((one) => one.name === "Giver" ? wrong : one);
    const scenes = [{
      ...MAIN,
      components: MAIN.components!.map((one) =>
        one.name === "Flag" ? { ...one, material: "Giver" } : one
      ),
    }];
    await writeSample(folder, sampleFiles({ ...base, materials, scenes }));
    const [first, ...others] = await checkProject(await loadProject(folder));
    assert.equal(
      first!.message,
      'Material instance "Giver" gives "Heights" to parameter "shown", whose material type is Base ' +
        "Color: it stores World Height",
    );
    assert.ok(others.some(({ code, names }) => code === "no_fallback" && names[0] === "Giver"));
  }));

Deno.test("heights of a streamed texture are checked by the size and format of its file", () =>
  withFolder(async (folder) => {
    const sample = sampleContent();
    const scenes = [{
      ...MAIN,
      volumes: [],
      components: [{
        kind: "landscape",
        name: "Far",
        material: GROUND.name,
        heightTexture: { texture: "map", scale: 3 },
      }],
    }] as ProjectContent["scenes"];
    await writeSample(folder, sampleFiles({ ...sample, scenes }));
    const found = await checkProject(await loadProject(folder));
    assert.deepEqual(found.map(({ code }) => code), ["no_volume"]);
  }));

Deno.test("bad arguments are refused by name", async () => {
  const project = new Project(content("base_color"));
  await assert.rejects(checkProject({} as never), { name: InvalidArgumentError.name });
  await assert.rejects(checkProject(project, { scene: "No" }), { name: OutOfRangeError.name });
  for (const call of [findMaterials, fixMaterials]) {
    assert.throws(() => call(project, "None"), {
      name: OutOfRangeError.name,
      message: /as asset must be one of "Ground", "Heights": current value is None/,
    });
    assert.throws(() => call(project, 3 as never), { name: InvalidArgumentError.name });
    assert.throws(() => call({} as never, "Ground"), { name: InvalidArgumentError.name });
  }
});
