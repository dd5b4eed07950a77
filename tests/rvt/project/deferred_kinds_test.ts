import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { MalformedFileError } from "../../../src/errors.ts";
import { lookAt } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  type ComponentJson,
  describeScene,
  loadProject,
  openProjectScene,
  Project,
  type ProjectContent,
  type ProjectScene,
  saveProject,
} from "../../../src/rvt/mod.ts";
import { SceneInputs } from "../../../src/rvt/project/open/scene_inputs.ts";
import { projectWithData } from "../../../src/rvt/project/project.ts";
import { Place } from "../../../src/rvt/project/schema/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { blackPng } from "../../sources/picture/made_pictures.ts";
import { fromAbove, NOON } from "../pictures/picture_scene.ts";
import { QUIET } from "../scene/placed_scene.ts";
import {
  COMPONENTS,
  LAND_SIDE,
  MAIN,
  sampleContent,
  sampleFiles,
  writeSample,
} from "./sample_project.ts";

/** Those that the headers of files cannot tell. */
const STATED: Readonly<Record<string, object>> = {
  Road: { bounds: { min: [-5, -5, -2], max: [5, 5, 2] } },
  Flag: { bounds: { min: [-2, -2, -2], max: [2, 2, 3] } },
};

/** A landscape whose heights are streamed, beside the other. */
const FAR_HILLS: ComponentJson = {
  kind: "landscape",
  name: "Far hills",
  material: "Meadow",
  renderToVirtualTextures: ["Ground"],
  translucencySortPriority: -1,
  transform: { position: [0, -4, 0], scale: [0.4, 0.4, 1] },
  heightTexture: { texture: "map", scale: 1, offset: -1 },
};

const ALL = [...COMPONENTS, FAR_HILLS];

/** The sample, whose volume streams all of its levels, with components of every kind, deferred or not. */
function content(
  isDeferred: boolean,
  change: (json: ComponentJson) => object = (json) => json,
): ProjectContent {
  const components = ALL.map((json) => ({
    ...change(json),
    ...(isDeferred ? { deferred: STATED[json.name ?? ""] ?? {} } : {}),
  }));
  const volumes = [{
    name: "Land",
    asset: "Ground",
    scale: [10, 10, 6],
    streamingLowMips: 2,
    virtualTextureBuilder: "bakes/land.pmtiles",
  }];
  const scenes = [{ ...MAIN, options: { mode: "game" }, volumes, components }];
  return { ...sampleContent(), scenes } as unknown as ProjectContent;
}

async function withScene<Result>(
  { device, folder }: { readonly device: ForgeDevice; readonly folder: string },
  use: (opened: ProjectScene) => Result | Promise<Result>,
): Promise<Result> {
  const options = { maxMemoryMb: 64, tileSize: 64, gpuMsPerUpdate: 1e6, logger: QUIET };
  using system = new VirtualTextureSystem(device, options);
  await using opened = await openProjectScene(await loadProject(folder), system);
  await opened.scene.settled();
  return await use(opened);
}

const EYE = [0, 0, 50] as const;
const CAMERA = {
  ...fromAbove(64),
  position: EYE,
  view: lookAt(EYE, [0, 0, 0], { up: [0, 1, 0] }),
};

async function pictureOf({ scene }: ProjectScene): Promise<Uint8Array> {
  return (await renderScene(scene, { ...CAMERA }, NOON)).data;
}

function loadedNames({ deferredComponents }: ProjectScene): string[] {
  return deferredComponents.filter(({ isLoaded }) => isLoaded).map(({ name }) => name);
}

function isStale({ volumes: [volume] }: ProjectScene): boolean {
  return volume!.warnings.some((text) => text.includes("stale"));
}

Deno.test("components of every kind are deferred: baked tiles need none, rendered ones are the same", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    const [whole, deferred] = [join(folder, "whole"), join(folder, "deferred")];
    await writeSample(whole, sampleFiles(content(false)));
    await writeSample(deferred, sampleFiles(content(true)));
    const wanted = await withScene({ device, folder: whole }, pictureOf);
    const names = ALL.map(({ name, kind }) => name ?? kind);
    const drawn = names.filter((name) =>
      !["Flag", "skeletal_mesh", "animated_mesh"].includes(name)
    );
    await withScene({ device, folder: deferred }, async (opened) => {
      assert.deepEqual(opened.components, []);
      assert.deepEqual(opened.deferredComponents.map(({ name }) => name), names);
      assert.deepEqual(loadedNames(opened), drawn, "those that the volume shows");
      // What no tile shows is loaded by hand, to be in pictures.
      for (const one of opened.deferredComponents) await one.load();
      assert.deepEqual(await pictureOf(opened), wanted);
      opened.deferredComponents[0]!.unload();
      assert.notDeepEqual(await pictureOf(opened), wanted, "negative control");
      for (const one of opened.deferredComponents) one.unload();
      await opened.scene.build(opened.volumes[0]!);
      assert.deepEqual(loadedNames(opened), [], "a build keeps none");
    });
    await withScene({ device, folder: deferred }, async (opened) => {
      await opened.scene.system.flush();
      assert.deepEqual([loadedNames(opened), opened.volumes[0]!.warnings], [[], []]);
      const road = await opened.deferredComponents[1]!.load();
      assert.deepEqual(loadedNames(opened), ["Hills", "Road"], "with what it lies on");
      assert.equal((road as { landscape?: unknown }).landscape, opened.scene.components[0]);
    });
  }));

Deno.test("materials and their pictures are loaded with the first component that has them", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    await writeSample(folder, sampleFiles(content(true)));
    const about = { device, folder };
    await withScene(about, ({ scene, volumes: [volume] }) => scene.build(volume!));
    await withScene(about, async ({ materials, deferredComponents: [hills, road, , , , spot] }) => {
      assert.equal(materials.size, 0);
      const stones = join(folder, "pictures/stones.png");
      const whole = await Deno.readFile(stones);
      await Deno.writeFile(stones, whole.subarray(0, 60));
      const refused = { name: MalformedFileError.name, message: /textures\[0\].file/ };
      await assert.rejects(spot!.load(), refused);
      assert.equal((await hills!.load()).material, materials.get("Meadow"), "others can be loaded");
      await Deno.writeFile(stones, whole);
      const [one, other] = await Promise.all([road!.load(), spot!.load()]);
      assert.equal(one.material, other.material);
      assert.deepEqual([...materials.keys()], ["Ground", "Meadow", "Road"]);
    });
  }));

Deno.test("other heights make baked tiles stale of all that lies on them", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    // The landscape itself is in no texture.
    const change = (json: ComponentJson) =>
      json.kind === "landscape" ? { ...json, renderToVirtualTextures: [] } : json;
    await writeSample(folder, sampleFiles(content(true, change)));
    const about = { device, folder };
    await withScene(about, (opened) => opened.scene.build(opened.volumes[0]!));
    assert.equal(await withScene(about, isStale), false);
    const file = join(folder, "pictures/heights.png");
    const before = await Deno.readFile(file);
    const raw = { width: LAND_SIDE, height: LAND_SIDE, channels: 1 as const };
    await sharp(new Uint16Array(LAND_SIDE ** 2).fill(9), { raw })
      .toColourspace("grey16").png().toFile(file);
    assert.equal(await withScene(about, isStale), true);
    await Deno.writeFile(file, before);
    assert.equal(await withScene(about, isStale), false);
  }));

Deno.test("a scene of deferred components is described with their bounds, saved and opened again", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    await writeSample(here, sampleFiles(content(true)));
    await withScene({ device, folder: here }, async (opened) => {
      for (const one of opened.deferredComponents) one.unload();
      const described = await describeScene(opened.scene, { name: "Main" });
      assert.deepEqual(loadedNames(opened), []);
      await saveProject(described, there);
      assert.deepEqual((await loadProject(there)).content, described.content);
      const saved = described.content.scenes[0]!.components!;
      // Landscapes come before what lies on them.
      const { deferredComponents: all } = opened;
      const ordered = [all[0]!, all.at(-1)!, ...all.slice(1, -1)];
      assert.deepEqual(saved.slice(0, 3).map(({ name }) => name), ["Hills", "Far hills", "Road"]);
      for (const [index, { bounds: { min, max } }] of ordered.entries()) {
        assert.deepEqual(saved[index]!.deferred, { bounds: { min, max } });
      }
    });
    const again = await withScene({ device, folder: there }, async (opened) => {
      for (const one of opened.deferredComponents) await one.load();
      return opened.scene.components.length;
    });
    assert.equal(again, 9);
    // Byte for byte, without bounds that were not there.
    const before = await Deno.readTextFile(join(here, "scenes/main.json"));
    assert.deepEqual(await saveProject(await loadProject(here), here), []);
    assert.equal(await Deno.readTextFile(join(here, "scenes/main.json")), before);
  }));

Deno.test("a picture that is loaded again counts once against the limit of its scene", async () => {
  const data = new Map([["a.png", blackPng(2 ** 14)]]);
  const { content } = new Project({ name: "Empty" });
  const project = projectWithData(content, { data, copies: new Map() });
  const inputs = new SceneInputs(project);
  const place = Place.ofFile("project.json");
  for (let time = 0; time < 4; time++) await inputs.pictureInput("a.png", place.at("first"));
  await inputs.pictureInput("a.png", place.at("second"));
  await assert.rejects(inputs.pictureInput("a.png", place.at("third")), {
    name: MalformedFileError.name,
    message: /third names a.png, with which pictures have more than 536870912 texels$/,
  });
});
