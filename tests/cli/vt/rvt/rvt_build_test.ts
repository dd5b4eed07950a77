import assert from "node:assert/strict";
import { join } from "node:path";
import { type ComponentJson, loadProject } from "../../../../src/rvt/mod.ts";
import { runVt } from "../../../../src/cli/vt/vt.ts";
import { withFolder } from "../../../helpers/temporary_folder.ts";
import {
  COMPONENTS,
  MAIN,
  sampleContent,
  sampleFiles,
  writeJsonFiles,
  writeSample,
} from "../../../rvt/project/sample_project.ts";

/** What a command prints, and its exit code. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { log, error, warn } = console;
  const printed = { out: "", err: "" };
  console.log = (text: unknown) => void (printed.out += `${text}\n`);
  console.error = (text: unknown) => void (printed.err += `${text}\n`);
  console.warn = console.error;
  try {
    return { code: await runVt(["rvt", ...args]), ...printed };
  } finally {
    Object.assign(console, { log, error, warn });
  }
}

/** Edits of files, and what is said of baked low mips then. */
const STALE = [
  [
    "assets/ground.json",
    '"tileSize": 64',
    '"tileSize": 128',
    /: tileSize is 128 and was 64\. Build/,
  ],
  ["materials/ground.json", "0.3,", "0.35,", /1 of 1 baked tiles of volume "Land" .* are stale/],
] as const;

Deno.test("build makes a file for a volume, bakes it, and check has nothing against it then", () =>
  withFolder(async (folder) => {
    const [volume] = MAIN.volumes!;
    const scenes = [{ ...MAIN, volumes: [{ ...volume!, streamingLowMips: 1 }] }];
    await writeSample(folder, sampleFiles({ ...sampleContent(), scenes }));
    const before = await run("check", folder, "--strict");
    assert.equal(before.code, 1);
    assert.match(
      before.out,
      /stale_bake: Low mips of volume "Land" of "Ground" .*: none are built/,
    );
    const built = await run("build", folder, "--volume", "Land", "--scene", "Main");
    assert.equal(built.code, 0, built.err);
    assert.ok(!built.err.includes("Low mips of volume"), "nothing is said of what is built now");
    assert.match(
      built.out,
      /^Main: Land: 1 level, 1 tile, .* KiB in bakes\/main_land.pmtiles\n1 file written: scenes\/main.json\n$/,
    );
    const { content } = await loadProject(folder);
    const { virtualTextureBuilder } = content.scenes[0]!.volumes![0]!;
    assert.equal(virtualTextureBuilder, "bakes/main_land.pmtiles");
    const after = await run("check", folder, "--strict", "--bakes");
    assert.equal(after.code, 0, after.out);
    assert.ok((await run("check", folder, "--strict")).code === 0, "without a GPU, too");
    for (const [file, before, now, told] of STALE) {
      const path = join(folder, file);
      const text = await Deno.readTextFile(path);
      const edited = text.replace(before, now);
      assert.notEqual(edited, text);
      await Deno.writeTextFile(path, edited);
      const [plain, opened] = [
        await run("check", folder, "--strict"),
        await run("check", folder, "--strict", "--bakes"),
      ];
      assert.equal(plain.code, 1, file);
      assert.match(plain.out, told);
      const [lines, others] = [plain, opened].map(({ out }) => out.match(/.*stale_bake.*/g));
      assert.deepEqual(others, lines, "an open scene says the same, and only once");
      assert.ok(!opened.err.includes("ow mips"), opened.err);
      await Deno.writeTextFile(path, text);
    }
    await Deno.writeTextFile(join(folder, "bakes/main_land.pmtiles"), "something else");
    const foreign = await run("check", folder, "--strict", "--bakes");
    assert.equal(foreign.code, 1);
    assert.equal(foreign.out.match(/stale_bake/g)!.length, 1, foreign.out);
    const kept = await run("build", folder);
    assert.equal(kept.code, 2);
    assert.match(
      kept.err,
      /volume "Land" of scene "Main" as bakes\/main_land.pmtiles must hold low mips of "Ground", or --overwrite be given: it holds something else:/,
    );
    assert.equal(
      await Deno.readTextFile(join(folder, "bakes/main_land.pmtiles")),
      "something else",
    );
    const again = await run("build", folder, "--overwrite");
    assert.equal(again.code, 0, again.err);
    assert.ok(!again.out.includes("written"), again.out);
    assert.equal((await run("check", folder, "--strict", "--bakes")).code, 0);
  }));

Deno.test("two scenes that keep low mips in one file are found, and not built", () =>
  withFolder(async (folder) => {
    const [volume] = MAIN.volumes!;
    const named = { ...volume!, streamingLowMips: 1, virtualTextureBuilder: "bakes/land.pmtiles" };
    const main = { ...MAIN, volumes: [named] };
    const scenes = [main, { ...main, name: "Night" }];
    await writeSample(folder, sampleFiles({ ...sampleContent(), scenes }));
    const shared = /Volumes "Land" of scene "Main" and "Land" of scene "Night" name one file for/;
    for (const scene of ["Main", "Night"]) {
      const { out } = await run("check", folder, "--scene", scene);
      assert.match(out, shared);
    }
    const built = await run("build", folder, "--scene", "Main");
    assert.equal(built.code, 2);
    assert.match(built.err, shared);
    assert.match(built.err, /bakes\/land.pmtiles/);
  }));

Deno.test("build replaces no file that is not the volume's own, and takes a free name", () =>
  withFolder(async (folder) => {
    const [volume] = MAIN.volumes!;
    const streamed = { ...volume!, streamingLowMips: 1 };
    const content = sampleContent();
    const scenes = [{ ...MAIN, volumes: [streamed] }];
    await writeSample(folder, sampleFiles({ ...content, scenes }));
    await Deno.mkdir(join(folder, "bakes"));
    await Deno.writeTextFile(join(folder, "bakes/Main_Land.pmtiles"), "mine");
    const built = await run("build", folder);
    assert.equal(built.code, 0, built.err);
    assert.match(built.out, /in bakes\/main_land_2.pmtiles\n/);
    assert.equal(await Deno.readTextFile(join(folder, "bakes/Main_Land.pmtiles")), "mine");
    const path = join(folder, "bakes/main_land_2.pmtiles");
    const bytes = await Deno.readFile(path);
    const { scenes: [main] } = (await loadProject(folder)).content;
    const { boundsFrom: _, ...placed } = main!.volumes![0]!;
    const other = { name: "Other", volumes: [placed] };
    await writeSample(folder, sampleFiles({ ...content, scenes: [main!, other] }));
    const shared = await run("build", folder);
    assert.equal(shared.code, 2, shared.out);
    assert.match(
      shared.err,
      /volume "Land" of scene "Main" and volume "Land" of scene "Other" must have files of their own: both/,
    );
    const sea = { ...other, volumes: [{ ...placed, asset: "Heights" }] };
    await writeSample(folder, sampleFiles({ ...content, scenes: [sea] }));
    const foreign = await run("build", folder);
    assert.equal(foreign.code, 2, foreign.out);
    assert.match(foreign.err, /must hold low mips of "Heights", .* it holds low mips of "Ground"/);
    assert.deepEqual(await Deno.readFile(path), bytes);
  }));

Deno.test("run tells how many components a far view over baked low mips does without", () =>
  withFolder(async (folder) => {
    const bounds = { min: [-5, -5, -2], max: [5, 5, 2] };
    const components = COMPONENTS.slice(0, 6).map((json) => ({
      ...json,
      deferred: { bounds },
    })) as ComponentJson[];
    const volumes = [{ ...MAIN.volumes![0]!, streamingLowMips: 1 }];
    const main = { ...MAIN, options: { mode: "game" } as const, volumes, components };
    const from = (position: readonly number[]) =>
      writeJsonFiles(
        folder,
        sampleFiles({
          ...sampleContent(),
          scenes: [{ ...main, camera: { position, target: [0, 0, 0] } }],
        }),
      );
    await writeSample(folder);
    await from([0, -300, 300]);
    assert.equal((await run("build", folder)).code, 0);
    const builder = { virtualTextureBuilder: "bakes/main_land.pmtiles" };
    Object.assign(volumes[0]!, builder);
    const counts: unknown[] = [];
    for (const position of [[0, -300, 300], [0, -4, 8]]) {
      await from(position);
      const { code, out, err } = await run("run", folder, "--frames", "2");
      assert.equal(code, 0, err);
      counts.push(/^Main: 2 frames, .*\nMain: (.*) loaded, (.*) not loaded\n$/.exec(out)!.slice(1));
    }
    // The flag is rendered to no texture.
    assert.deepEqual(counts, [["0 components", "6"], ["5 components", "1"]]);
  }));

Deno.test("volumes that are not there, or stream no low mips, are refused by name", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const none = await run("build", folder, "--volume", "Sea");
    assert.equal(none.code, 2);
    assert.match(none.err, /--volume must be one of Land, Ground: current value is Sea/);
    const rendered = await run("build", folder, "--volume", "Ground");
    assert.equal(rendered.code, 2);
    assert.match(
      rendered.err,
      /streamingLowMips of volume "Ground" must be >= 1: current value is 0/,
    );
    const all = await run("build", folder);
    assert.deepEqual([all.code, all.out], [0, "No volume streams low mips: nothing was built\n"]);
  }));
