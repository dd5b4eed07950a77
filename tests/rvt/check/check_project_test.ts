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
    assert.deepEqual(fixMaterials(project, "Heights"), { project, changes: [], misfits: [] });
  }));

Deno.test("fixing says what a sample gives no more", () => {
  const { changes } = fixMaterials(new Project(content("mask4")), "Ground");
  assert.deepEqual(changes.map(({ lacks }) => lacks), ["baseColor", "baseColor"]);
});

Deno.test("a scene of a project is checked without a GPU, its materials for all types", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const before = await checkProject(await loadProject(folder));
    assert.deepEqual(before.map(({ code, scene }) => [code, scene]), [
      ["unused_asset", undefined],
      ["component_warning", "Main"],
      ["component_warning", "Main"],
    ]);
    assert.match(
      before[0]!.message,
      /^No volume of any scene places "Heights", and nothing uses it/,
    );
    await writeSample(folder, sampleFiles(content("base_color_normal_roughness_specular")));
    const found = await checkProject(await loadProject(folder));
    assert.deepEqual(
      found.filter(({ code }) => code === "type_mismatch").map(({ message }) => message),
      [
        'Material function "Shown" in functions/shown.json samples "Ground" at node 1 as Base Color: it ' +
        "stores Base Color, Normal, Roughness, Specular. Fix Material Usage of the asset mends it",
        'Material "Ground" in materials/ground.json samples "Ground" at node 5 as Base Color: it ' +
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
        'Color: it stores World Height. Give "shown" an asset of that type, or none',
    );
    assert.ok(others.some(({ code, names }) => code === "no_fallback" && names[0] === "Giver"));
  }));

Deno.test("an instance samples what it gives, and fixing tells of what fits no more", () => {
  const { name: parent } = CALLER;
  const alike = { name: "Alike", materialType: "base_color" } as const;
  const other = { ...GIVER, name: "Other", parent, runtimeVirtualTextures: { shown: "Alike" } };
  const child = { ...GIVER, name: "Child", parent: "Other", runtimeVirtualTextures: {} };
  const of = (type: string) => {
    const base = content(type);
    return new Project({
      ...base,
      assets: [...base.assets, alike],
      materials: [child, other, ...base.materials],
    });
  };
  const found = (asset: string) => findMaterials(of("base_color"), asset);
  const names = found("Ground").map(({ name }) => name);
  assert.ok(!names.includes("Other") && !names.includes("Child"), `${names}`);
  assert.deepEqual(
    found("Alike").map(({ name, parameters, through }) => [name, parameters, through]),
    [
      ["Child", [], ["Other"]],
      ["Other", ["shown"], []],
    ],
  );
  const { project, misfits } = fixMaterials(of("mask4"), "Ground");
  const misfit = { name: "Other", file: "project.json", parameter: "shown", asset: "Alike" };
  assert.deepEqual(misfits, [{ ...misfit, wanted: "mask4", stored: "base_color" }]);
  assert.deepEqual(fixMaterials(project, "Ground").misfits, [], "it is told once");
});

Deno.test("materials are checked once, with many scenes and with none", async () => {
  const counts = [];
  for (const count of [0, 1, 3]) {
    const scenes = Array.from({ length: count }, (_, i) => ({ name: `S${i}` }));
    const base = content("mask4");
    const lasting = { ...GIVER, name: "Lasting", runtimeVirtualTextures: { shown: "Heights" } };
    const materials = [...base.materials, lasting];
    const found = await checkProject(new Project({ ...base, materials, scenes }));
    const ofTypes = found.filter(({ code }) => code === "type_mismatch");
    counts.push(ofTypes.length);
    assert.ok(ofTypes.every(({ scene }) => scene === undefined));
    assert.equal(found.filter(({ code }) => code === "unused_asset").length, count === 0 ? 0 : 2);
    const { project } = fixMaterials(new Project({ ...base, scenes }), "Ground");
    const after = await checkProject(project);
    // A mask holds no colour: the samples say so from then on.
    assert.deepEqual(
      after.filter(({ code }) => code === "type_mismatch").map(({ message }) =>
        /for baseColor, which is a clear value everywhere: it stores Mask4/.test(message)
      ),
      [true, true],
    );
  }
  assert.deepEqual(counts, [3, 3, 3], "two samples, and an instance that fixing does not mend");
});

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
    assert.deepEqual(found.map(({ code, names }) => [code, ...names]), [
      ["unused_asset", "Heights"],
      ["no_volume", "Ground"],
    ]);
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
