import assert from "node:assert/strict";
import { join } from "node:path";
import { BakeError, FileError } from "../../../src/errors.ts";
import { loadProject, Project, saveProject } from "../../../src/rvt/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { sampleContent, sampleFiles, writeSample } from "./sample_project.ts";

/** Every file below a folder with its bytes, by its path from there. */
async function filesIn(folder: string, below = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (!isDirectory) files.set(path, (await Deno.readFile(join(folder, path))).join());
    else for (const [file, bytes] of await filesIn(folder, path)) files.set(file, bytes);
  }
  return new Map([...files].sort());
}

Deno.test("a project that is loaded and saved is the same, byte for byte, here and elsewhere", () =>
  withFolder(async (folder) => {
    const here = join(folder, "here");
    await writeSample(here);
    const before = await filesIn(here);
    assert.ok(before.size > 10);
    const project = await loadProject(here);
    assert.deepEqual(await saveProject(project, here), [], "nothing is written");
    assert.deepEqual(await filesIn(here), before);
    const written = await saveProject(project, join(folder, "there"));
    assert.deepEqual(await filesIn(join(folder, "there")), before);
    assert.deepEqual([...written].sort(), [...before.keys()]);
    assert.equal(written.at(-1), "project.json", "the file that names the others comes last");
  }));

Deno.test("a change is written to the file where it lies, and to no other", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const before = await filesIn(folder);
    const project = await loadProject(folder);
    const assets = project.content.assets.map((asset) =>
      asset.name === "Ground" ? { ...asset, sizeInTilesLog2: 2 } : asset
    );
    const changed = project.withContent({ assets });
    assert.deepEqual(await saveProject(changed, folder), ["assets/ground.json"]);
    const after = await filesIn(folder);
    for (const [file, bytes] of before) {
      assert.equal(after.get(file) === bytes, file !== "assets/ground.json", file);
    }
    assert.deepEqual((await loadProject(folder)).content, changed.content);
    // What was written is as stable as what was read.
    assert.deepEqual(await saveProject(await loadProject(folder), folder), []);
    await saveProject(project, folder);
    assert.deepEqual(await filesIn(folder), before, "the text that was read comes back");
  }));

Deno.test("new elements stand in the project's own file, and what is gone is named no more", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const project = await loadProject(folder);
    const [ground, heights] = project.content.assets;
    const changed = project.withContent({ assets: [ground!, { name: "Other" }] });
    assert.deepEqual(await saveProject(changed, folder), ["project.json"]);
    const saved = JSON.parse(await Deno.readTextFile(join(folder, "project.json")));
    assert.deepEqual(saved.assets, ["assets/ground.json", { name: "Other" }]);
    assert.deepEqual(Object.keys(saved), Object.keys(sampleFiles().get("project.json") as object));
    assert.equal((await filesIn(folder)).has("assets/heights.json"), true, "files are not removed");
    assert.deepEqual((await loadProject(folder)).content.assets, [ground, { name: "Other" }]);
    assert.notEqual(heights, undefined);
  }));

Deno.test("a project made in code is one file, the same each time, if it needs no others", () =>
  withFolder(async (folder) => {
    const { name, assets } = sampleContent();
    const project = new Project({ name, assets });
    assert.deepEqual(await saveProject(project, folder), ["project.json"]);
    const text = await Deno.readTextFile(join(folder, "project.json"));
    assert.match(text, /^\{\n {2}"format": "forge3d project",\n {2}"version": 1,\n/);
    assert.deepEqual(await saveProject(await loadProject(folder), folder), []);
    await assert.rejects(saveProject(new Project(sampleContent()), folder), {
      name: FileError.name,
      message:
        "Cannot save project as project.json: textures[0].file names pictures/stones.png, and " +
        "the project was made in code, without files",
    });
    assert.equal(
      await Deno.readTextFile(join(folder, "project.json")),
      text,
      "nothing has changed",
    );
  }));

Deno.test("nothing is written outside of the folder through a link; a link itself is replaced", () =>
  withFolder(async (folder) => {
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    await writeSample(here);
    const project = await loadProject(here);
    await Deno.mkdir(there);
    await Deno.mkdir(join(folder, "secret"));
    await Deno.symlink("../secret", join(there, "assets"));
    await assert.rejects(saveProject(project, there), {
      name: FileError.name,
      message:
        "Cannot write project as assets/ground.json would lie outside of its folder, through a link",
    });
    assert.equal((await filesIn(join(folder, "secret"))).size, 0);
    await Deno.remove(join(there, "assets"));
    await Deno.writeTextFile(join(folder, "secret/a.json"), "secret");
    await Deno.mkdir(join(there, "assets"));
    await Deno.symlink("../../secret/a.json", join(there, "assets/ground.json"));
    await saveProject(project, there);
    assert.equal(await Deno.readTextFile(join(folder, "secret/a.json")), "secret");
    assert.deepEqual(await filesIn(there), await filesIn(here));
  }));

Deno.test("a folder that cannot be made is refused by name", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const project = new Project({ name: "Empty" });
    await assert.rejects(saveProject(project, join(folder, "file")), {
      name: BakeError.name,
      message: /^Cannot write project to .*file: /,
    });
  }));
