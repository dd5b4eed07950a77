import assert from "node:assert/strict";
import { join } from "node:path";
import { FileError, MalformedFileError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  checkProject,
  describeScene,
  loadProject,
  openProjectScene,
  Project,
  type ProjectContent,
  saveProject,
  type VolumeJson,
} from "../../../src/rvt/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { QUIET } from "../scene/placed_scene.ts";
import { MAIN, sampleContent, sampleFiles, writeSample } from "./sample_project.ts";

const FILE = "bakes/deep/land.pmtiles";

/** The sample, whose volume streams low mips of a file. */
function baking(volume: Partial<VolumeJson> = {}): ProjectContent {
  const lowMips = { streamingLowMips: 1, virtualTextureBuilder: FILE };
  const volumes = [{ ...MAIN.volumes![0]!, ...lowMips, ...volume }];
  return { ...sampleContent(), scenes: [{ ...MAIN, volumes }] };
}

/** What the scene of a project says of its volume; `work` may change it before. */
async function warningsOf(
  device: ForgeDevice,
  project: Project,
  work: (opened: Awaited<ReturnType<typeof openProjectScene>>) => Promise<unknown> = () =>
    Promise.resolve(),
): Promise<readonly string[]> {
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 64, logger: QUIET });
  await using opened = await openProjectScene(project, system);
  await work(opened);
  await opened.scene.settled();
  return opened.volumes[0]!.warnings;
}

async function bakeFindings(project: Project): Promise<string[]> {
  const found = await checkProject(project);
  return found.filter(({ code }) => code === "stale_bake").map(({ message }) => message);
}

Deno.test("a missing or foreign bake is a warning, a build makes it, and saving takes it along", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    await writeSample(here, sampleFiles(baking()));
    const project = await loadProject(here);
    await saveProject(project, there);
    await assert.rejects(Deno.stat(join(there, FILE)), Deno.errors.NotFound);
    const missing = await warningsOf(device, project);
    assert.match(
      missing.join(),
      /^Low mips of volume "Land" of "Ground" are rendered: none are built in .*: build them/,
    );
    assert.deepEqual(await bakeFindings(project), missing, "the check says the same");
    let described: Project | null = null;
    const built = await warningsOf(device, project, async ({ scene, volumes }) => {
      await scene.build(volumes[0]!);
      described = await describeScene(scene, { name: "Main" });
    });
    assert.deepEqual(built, []);
    assert.deepEqual(await bakeFindings(project), []);
    await saveProject(project, there);
    const elsewhere = await loadProject(there);
    assert.deepEqual(await warningsOf(device, elsewhere), []);
    assert.deepEqual(await warningsOf(device, described!), [], "heights are described as they are");
    await Deno.copyFile(join(here, "pictures/map.png"), join(there, FILE));
    const foreign = await warningsOf(device, elsewhere);
    assert.equal(foreign.length, 1);
    assert.deepEqual(await bakeFindings(elsewhere), foreign);
  }));

Deno.test("files of low mips that a build must not replace are refused by their places", () => {
  const place = "Cannot read project as project.json: scenes[0].volumes[0].virtualTextureBuilder";
  const refused = (content: ProjectContent, message: RegExp | string) =>
    assert.throws(() => new Project(content), { name: MalformedFileError.name, message });
  refused(
    baking({ virtualTextureBuilder: "pictures/map.png" }),
    /virtualTextureBuilder must be a path below the project's folder that ends with .pmtiles,/,
  );
  const sea = { asset: "Heights", virtualTextureBuilder: FILE };
  const { scenes: [main], ...content } = baking();
  refused(
    { ...content, scenes: [{ ...main!, volumes: [...main!.volumes!, sea] }] },
    `${place.replace("volumes[0]", "volumes[1]")} must be a file that no other volume of the ` +
      `scene has: current value is ${FILE}`,
  );
  const streamedTextures = [{ name: "map", file: FILE }];
  refused(
    { ...baking(), streamedTextures },
    `${place} must be a file that is nothing else of the project, as builds replace it: current value is ${FILE}`,
  );
});

Deno.test("a file of low mips that is another part of the project, also by links, is refused by its place", () =>
  withFolder(async (folder) => {
    const refused = async (message: RegExp) => {
      const check = async () => await checkProject(await loadProject(folder));
      await assert.rejects(check, { name: MalformedFileError.name, message });
    };
    const files = sampleFiles(baking({ virtualTextureBuilder: "materials/x.pmtiles" }));
    await writeSample(folder, files);
    const isFree = checkProject(await loadProject(folder));
    await assert.doesNotReject(isFree);
    const link = join(folder, "materials/x.pmtiles");
    const wanted = /volumes\[0\].virtualTextureBuilder must be a file that is nothing else of the/;
    for (const target of ["ground.json", "../pictures/heights.png", "../project.json"]) {
      await Deno.symlink(target, link);
      await refused(wanted);
      await Deno.remove(link);
    }
    await Deno.rename(join(folder, "pictures/heights.png"), link);
    await Deno.symlink("../materials/x.pmtiles", join(folder, "pictures/heights.png"));
    await refused(wanted);
    await Deno.rename(join(folder, "materials/ground.json"), link);
    const project = join(folder, "project.json");
    const text = await Deno.readTextFile(project);
    await Deno.writeTextFile(project, text.replace("materials/ground.json", "materials/x.pmtiles"));
    await refused(wanted);
  }));

Deno.test("a folder of low mips that is a link out of the project, or to nothing, is refused", () =>
  withFolder(async (folder) => {
    const here = join(folder, "here");
    await writeSample(here, sampleFiles(baking()));
    await Deno.mkdir(join(folder, "secret"));
    await Deno.mkdir(join(here, "bakes"));
    const link = join(here, "bakes/deep");
    for (
      const [target, error] of [["secret", MalformedFileError], ["none", FileError]] as const
    ) {
      await Deno.symlink(join(folder, target), link);
      const project = await loadProject(here);
      await assert.rejects(checkProject(project), { name: error.name });
      await assert.rejects(saveProject(project, join(folder, "there")), { name: error.name });
      await Deno.remove(link);
    }
    await checkProject(await loadProject(here));
  }));
