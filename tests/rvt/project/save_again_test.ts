import assert from "node:assert/strict";
import { join } from "node:path";
import { FileError, InvalidArgumentError, SourceChangedError } from "../../../src/errors.ts";
import { loadProject, Project, saveProject } from "../../../src/rvt/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { writeSample } from "./sample_project.ts";

const GROUND = "assets/ground.json";

/** The project with another size of one asset. */
function resized(project: Project, sizeInTilesLog2: number): Project {
  const [ground, ...others] = project.content.assets;
  return project.withContent({ assets: [{ ...ground!, sizeInTilesLog2 }, ...others] });
}

Deno.test("files that somebody has edited since they were loaded are not written over, unless told", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const project = await loadProject(folder);
    const edited = '{ "name": "Ground", "sizeInTilesLog2": 3 }';
    await Deno.writeTextFile(join(folder, GROUND), edited);
    const changed = project.withContent({ name: "Other" });
    for (const one of [project, changed, resized(project, 2)]) {
      await assert.rejects(saveProject(one, folder), {
        name: SourceChangedError.name,
        source: GROUND,
        message:
          "Cannot save project as assets/ground.json was edited since the project was loaded: load it " +
          "again and change that, or save with overwrite",
      });
    }
    assert.equal(await Deno.readTextFile(join(folder, GROUND)), edited);
    assert.equal((await loadProject(folder)).name, "Sample", "nothing was written");
    assert.equal((await saveProject(project, join(folder, "copy"))).length > 10, true);
    assert.deepEqual(await saveProject(resized(project, 3), folder, { overwrite: true }), [GROUND]);
    assert.deepEqual(
      await saveProject(resized(project, 2), folder),
      [GROUND],
      "it is its own text",
    );
    assert.deepEqual(await saveProject(project, folder), [GROUND]);
    await assert.rejects(saveProject(project, folder, { overwrite: 1 as never }), {
      name: InvalidArgumentError.name,
      message: "Cannot save project as overwrite must be true or false: current value is 1",
    });
  }));

Deno.test("pictures and meshes of the same bytes are left alone, and others are written", () =>
  withFolder(async (folder) => {
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    await writeSample(here);
    const project = await loadProject(here);
    const all = await saveProject(project, there);
    const picture = all.find((file) => file.endsWith(".png"))!;
    assert.deepEqual(await saveProject(project, there), []);
    const bytes = await Deno.readFile(join(there, picture));
    await Deno.writeFile(join(there, picture), bytes.with(bytes.length - 9, bytes.at(-9)! ^ 1));
    assert.deepEqual(await saveProject(project, there), [picture]);
    assert.deepEqual(await Deno.readFile(join(there, picture)), bytes);
  }));

Deno.test("an element that gets another name stays in its file", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const project = await loadProject(folder);
    const assets = project.content.assets.map((asset) =>
      asset.name === "Heights" ? { ...asset, name: "Sea" } : asset
    );
    const renamed = project.withContent({ assets: [...assets, { name: "New" }] });
    assert.deepEqual(await saveProject(renamed, folder), ["assets/heights.json", "project.json"]);
    const { assets: saved } = JSON.parse(await Deno.readTextFile(join(folder, "project.json")));
    assert.deepEqual(saved, [GROUND, "assets/heights.json", { name: "New" }]);
    assert.deepEqual((await loadProject(folder)).content, renamed.content);
  }));

Deno.test("a project shares nothing with what it was made of, and cannot be changed", () => {
  const asset = { name: "Ground", sizeInTilesLog2: 3 };
  const position = [1, 2, 3];
  const volumes = [{ asset: "Ground", position }];
  const scenes = [{ name: "Main", volumes }];
  const pools = { defaultSizeMb: 32 };
  const project = new Project({ name: "Island", assets: [asset], scenes, pools });
  const before = structuredClone(project.content);
  asset.sizeInTilesLog2 = 99;
  position[0] = NaN;
  volumes.length = 0;
  pools.defaultSizeMb = -1;
  assert.deepEqual(project.content, before);
  const content = project.content as unknown as {
    assets: { name: string }[];
    scenes: { volumes: { position: number[] }[] }[];
    pools: { defaultSizeMb: number };
  };
  assert.throws(() => content.assets.push({ name: "b" }), TypeError);
  assert.throws(() => content.assets[0]!.name = "b", TypeError);
  assert.throws(() => content.scenes[0]!.volumes[0]!.position[1] = 4, TypeError);
  assert.throws(() => content.pools.defaultSizeMb = 4, TypeError);
  const other = project.withContent({ name: "Other" });
  assert.equal(other.content.scenes[0], project.content.scenes[0], "what is the same is shared");
});

Deno.test("what keeps a project from being saved is said of saving", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const project = await loadProject(folder);
    await Deno.remove(join(folder, "pictures/stones.png"));
    await assert.rejects(saveProject(project, join(folder, "copy")), {
      name: FileError.name,
      message:
        "Cannot save project as project.json: textures[0].file names pictures/stones.png, which does not exist",
    });
  }));
