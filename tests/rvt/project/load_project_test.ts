import assert from "node:assert/strict";
import { join } from "node:path";
import { FileError, MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { loadProject, Project } from "../../../src/rvt/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { sampleContent, sampleFiles, writeJsonFiles } from "./sample_project.ts";

/** A change of a value by the way to it. */
type Edit = readonly [file: string, path: readonly (string | number)[], value: unknown];

/** The sample's files with some values in the place of others; undefined takes one away. */
function edited(...edits: readonly Edit[]): Map<string, unknown> {
  const files = new Map([...sampleFiles()].map(([file, value]) => [file, structuredClone(value)]));
  for (const [file, path, value] of edits) {
    let at = files.get(file) as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
    if (value === undefined) delete at[path.at(-1)!];
    else at[path.at(-1)!] = value;
  }
  return files;
}

async function messageOf(folder: string, files: ReadonlyMap<string, unknown>): Promise<string> {
  await writeJsonFiles(folder, files, { indent: 0 });
  const error = await loadProject(folder).then(() => null, (error) => error);
  assert.ok(error !== null, "it was loaded");
  assert.ok(
    [MalformedFileError, FileError, UnsupportedError].some((kind) => error instanceof kind),
    error.stack,
  );
  return error.message;
}

Deno.test("a project of many files holds the same as one of a single file", () =>
  withFolder(async (folder) => {
    await writeJsonFiles(folder, sampleFiles());
    const { content } = await loadProject(folder);
    assert.deepEqual(content, sampleContent());
    const whole = { format: "forge3d project", version: 1, ...sampleContent() };
    await writeJsonFiles(folder, new Map([["whole.json", whole]]));
    assert.deepEqual((await loadProject(join(folder, "whole.json"))).content, content);
    assert.deepEqual(new Project(sampleContent()).content, content);
  }));

Deno.test("what is wrong is named by its file, its place, its value and what it must be", () =>
  withFolder(async (folder) => {
    const scene = "scenes/main.json";
    const part = (...path: (string | number)[]) => ["components", ...path];
    const cases: [Edit, string][] = [
      [
        [scene, part(3, "material"), 3],
        "Cannot read project as scenes/main.json: components[3].material must be a string: " +
        "current value is 3",
      ],
      [
        ["project.json", ["version"], "1"],
        'Cannot read project as project.json: version must be 1: current value is "1"',
      ],
      [
        ["project.json", ["textures", 0, "file"], `${"a".repeat(999)}.png`],
        "Cannot read project as project.json: textures[0].file must be a path below the project's " +
        "folder, of at most 512 characters, with / between its parts and without . or ..: current " +
        `value is ${"a".repeat(120)}…`,
      ],
      [
        [scene, part(3, "material"), "Rode"],
        "Cannot read project as scenes/main.json: components[3].material must be the name of a " +
        "material of the project: current value is Rode",
      ],
      [
        [scene, part(0, "sectionQuad"), 3],
        "Cannot read project as scenes/main.json: components[0].sectionQuad is not a field that is " +
        "known: those are kind, material, name, transform, renderToVirtualTextures, drawInMainPass, " +
        "virtualTextureLodBias, virtualTextureSkipMips, virtualTextureMinCoverage, " +
        "translucencySortPriority, mobility, width, height, heights, picture, heightTexture, layers, " +
        "sectionQuads, virtualTextureNumLods",
      ],
      [
        ["assets/ground.json", ["tileSize"], 100],
        "Cannot read project as assets/ground.json: tileSize must be one of 64, 128, 256, 512, 1024: " +
        "current value is 100",
      ],
      [
        ["materials/road.json", ["nodes", 1, "texture"], "none"],
        "Cannot read project as materials/road.json: nodes[1].texture must be the name of a texture of " +
        "the project: current value is none",
      ],
      [
        ["project.json", ["assets", 0], "../ground.json"],
        "Cannot read project as project.json: assets[0] must be a path below the project's folder, " +
        "of at most 512 characters, with / between its parts and without . or ..: current value is ../ground.json",
      ],
      [
        ["project.json", ["assets", 0], "assets/none.json"],
        "Cannot read project as project.json: assets[0] names assets/none.json, which does not exist",
      ],
      [
        ["project.json", ["assets", 0], "assets"],
        "Cannot read project as project.json: assets[0] names assets, which is not a file",
      ],
      [
        ["project.json", ["assets", 1], "assets/ground.json"],
        "Cannot read project as project.json: assets[1] names assets/ground.json, which the project " +
        "names already",
      ],
      [
        ["project.json", ["version"], 2],
        "Cannot read project as version in project.json must be 1: current value is 2",
      ],
      [
        ["project.json", ["format"], "forge3d"],
        "Cannot read project as project.json: format must be forge3d project: current value is forge3d",
      ],
      [
        ["assets/heights.json", ["name"], "Ground"],
        "Cannot read project as assets/heights.json: name must be a name that no other element of " +
        "assets has: current value is Ground",
      ],
      [
        ["materials/meadow.json", ["parent"], "Meadow"],
        "Cannot read project as materials/meadow.json: parent must not lead back to where it stands: " +
        "Meadow → Meadow",
      ],
      [
        [scene, part(1, "landscape"), "Leaves"],
        "Cannot read project as scenes/main.json: components[1].landscape must name a landscape with " +
        "heights or a picture that stands before it in the scene: current value is Leaves",
      ],
      [
        [scene, part(5, "name"), "Road"],
        "Cannot read project as scenes/main.json: components[5].name must be a name that no other " +
        "component of the scene has: current value is Road",
      ],
      [
        [scene, part(4, "scatter", "count"), undefined],
        "Cannot read project as scenes/main.json: components[4].scatter must have one of the " +
        "fields count, density, and no other of them",
      ],
      [
        [scene, ["volumes", 0, "position"], [0, 0, 0]],
        "Cannot read project as scenes/main.json: volumes[0].position must be left out beside boundsFrom",
      ],
      [
        ["project.json", ["scalability", "low", "r.VT.Bogus"], 1],
        "Cannot read project as project.json: scalability is not valid: Cannot set scalability of level " +
        "low as there is no console variable r.VT.Bogus: there are r.VT.MaxUploadsPerFrame",
      ],
      [
        ["project.json", ["pools", "pools", 0, "formats", 0], "bc9"],
        "Cannot read project as project.json: pools.pools[0].formats[0] must be one of",
      ],
      [
        [scene, part(0, "heights"), [0, 0, 0, 0]],
        "Cannot read project as scenes/main.json: components[0] must have one of the fields heights, " +
        "picture, heightTexture, and no other of them",
      ],
    ];
    for (const [edit, message] of cases) {
      // Long lists of choices are left out here.
      assert.equal((await messageOf(folder, edited(edit))).slice(0, message.length), message);
    }
    await writeJsonFiles(folder, sampleFiles());
    assert.equal((await loadProject(folder)).name, "Sample", "negative control: nothing is wrong");
  }));

Deno.test("files that are no JSON of a project are refused by name", () =>
  withFolder(async (folder) => {
    const refused: [string | Uint8Array, RegExp][] = [
      ["{", /^Cannot read project as assets\/ground.json is not JSON: /],
      ["", /^Cannot read project as assets\/ground.json is not JSON: /],
      [
        Uint8Array.of(0x22, 0xff, 0x22),
        /^Cannot read project as assets\/ground.json is not UTF-8$/,
      ],
      ["null", /assets\/ground.json must be an object: current value is null$/],
      ["[".repeat(200_000) + "]".repeat(200_000), /ground.json must be an object: current value/],
      [`{"name": "Ground", "__proto__": {"name": 3}}`, /ground.json: __proto__ is not a field/],
    ];
    await writeJsonFiles(folder, sampleFiles());
    for (const [text, message] of refused) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      await Deno.writeFile(join(folder, "assets/ground.json"), bytes);
      await assert.rejects(loadProject(folder), { name: MalformedFileError.name, message });
    }
    await assert.rejects(loadProject(join(folder, "none")), {
      name: FileError.name,
      code: "file-not-found",
      message: /^Cannot read project as it is named .*none, which does not exist$/,
    });
    await assert.rejects(loadProject(join(folder, "assets")), {
      name: FileError.name,
      message: "Cannot read project as project.json names project.json, which does not exist",
    });
  }));

Deno.test("links lead to no file outside of the folder; inside, they may", () =>
  withFolder(async (folder) => {
    const inside = join(folder, "project");
    await writeJsonFiles(inside, sampleFiles());
    const ground = join(inside, "assets/ground.json");
    await Deno.rename(ground, join(folder, "ground.json"));
    await Deno.symlink(join(folder, "ground.json"), ground);
    const outside = {
      name: MalformedFileError.name,
      message:
        "Cannot read project as project.json: assets[0] names assets/ground.json, which lies " +
        "outside of the project's folder",
    };
    await assert.rejects(loadProject(inside), outside);
    await Deno.remove(ground);
    await Deno.rename(join(folder, "ground.json"), join(inside, "other.json"));
    await Deno.symlink("../other.json", ground);
    assert.equal((await loadProject(inside)).content.assets[0]!.name, "Ground");
    // A folder whose name merely begins as the project's does lies outside, too.
    await Deno.mkdir(join(folder, "project2"));
    await Deno.rename(join(inside, "other.json"), join(folder, "project2/ground.json"));
    await Deno.remove(ground);
    await Deno.symlink("../../project2/ground.json", ground);
    await assert.rejects(loadProject(inside), outside);
  }));

Deno.test("a million components, nodes or places are refused in bounded time", () =>
  withFolder(async (folder) => {
    const many = (one: unknown) => new Array(70_000).fill(one);
    const startMs = performance.now();
    await writeJsonFiles(folder, sampleFiles());
    const decals = '{"kind":"decal","material":"Road"},'.repeat(1e6).slice(0, -1);
    const scene = `{"name":"Main","components":[${decals}]}`;
    await Deno.writeTextFile(join(folder, "scenes/main.json"), scene);
    await assert.rejects(loadProject(folder), {
      message:
        "Cannot read project as scenes/main.json: components must have 0 to 100000 elements: " +
        "current number is 1000000",
    });
    const node = { kind: "constant", inputs: [], values: [1] };
    assert.match(
      await messageOf(
        folder,
        edited(["materials/road.json", ["nodes"], many(node)]),
      ),
      /^Cannot read project as materials\/road.json: nodes must have 0 to 65536 elements/,
    );
    const leaves = edited().get("scenes/main.json") as { components: Record<string, unknown>[] };
    const foliage = leaves.components[4]!;
    const scatter = { ...foliage.scatter as object, count: 1e6 };
    const crowd = Array.from({ length: 30 }, (_, i) => ({ ...foliage, name: `${i}`, scatter }));
    assert.match(
      await messageOf(
        folder,
        edited(["scenes/main.json", ["components"], [leaves.components[0], ...crowd]]),
      ),
      /^Cannot read project as scenes\/main.json: components\[2\] must leave its scene at most 1048576 instances and scattered/,
    );
    const ground = leaves.components[0];
    const mesh = { shape: "plane", quads: [4096, 4096] };
    const kind = "instanced_static_mesh";
    const crowded = { kind, material: "Road", mesh, instances: new Array(100_000).fill({}) };
    const fields = ["scenes/main.json", ["components"]] as const;
    assert.match(
      await messageOf(folder, edited([...fields, [ground, ...new Array(11).fill(crowded)]])),
      /components\[11\] must leave its scene at most 1048576 .*: with it, there are 1100000$/,
    );
    assert.match(
      await messageOf(
        folder,
        edited([...fields, [ground, ...new Array(2).fill({ ...crowded, instances: [] })]]),
      ),
      /components\[2\] must leave its scene at most 16777216 quads .*: with it, there are 33554432$/,
    );
    assert.ok(performance.now() - startMs < 30_000);
  }));
