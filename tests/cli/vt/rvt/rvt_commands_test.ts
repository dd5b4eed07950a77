import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { rvtAccess, rvtNeedsAdapter } from "../../../../src/cli/vt/rvt/rvt_access.ts";
import { runVt } from "../../../../src/cli/vt/vt.ts";
import { withFolder } from "../../../helpers/temporary_folder.ts";
import {
  GROUND,
  sampleContent,
  sampleFiles,
  writeSample,
} from "../../../rvt/project/sample_project.ts";

/** What a command prints, and its exit code. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { log, error } = console;
  const printed = { out: "", err: "" };
  console.log = (text: unknown) => void (printed.out += `${text}\n`);
  console.error = (text: unknown) => void (printed.err += `${text}\n`);
  try {
    return { code: await runVt(["rvt", ...args]), ...printed };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("an asset of another type is found by check, mended by fix-materials, and fine then", () =>
  withFolder(async (folder) => {
    const sample = sampleContent();
    const materialType = "base_color_normal_roughness_specular" as const;
    const assets = sample.assets.filter(({ name }) => name === "Ground")
      .map((asset) => ({ ...asset, materialType }));
    await writeSample(folder, sampleFiles({ ...sample, assets }));
    const before = await run("check", folder);
    assert.equal(before.code, 1, before.err);
    const [first, ...others] = before.out.trimEnd().split("\n");
    assert.match(
      first!,
      /^Sample: error: type_mismatch: Material "Ground" in materials\/ground.json/,
    );
    assert.equal(others.at(-1), "1 scene of Sample: 1 error, 0 warnings, 2 notes");
    const dry = await run("fix-materials", "Ground", "--project", folder, "--dry-run");
    assert.match(
      dry.out,
      /node 5: base_color would be base_color_normal_roughness_specular\nNothing was/,
    );
    assert.equal((await run("check", folder)).code, 1, "nothing was written");
    const fixed = await run("fix-materials", "Ground", `--project=${folder}`);
    assert.match(fixed.out, /\n1 file written: materials\/ground.json\n$/);
    const after = await run("check", "--project", folder, "--strict", "--scene", "Main", "--json");
    assert.equal(after.code, 0, after.out);
    const records = after.out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(records.map(({ scene, code }) => [scene, code]), [
      ["Main", "component_warning"],
      ["Main", "component_warning"],
    ]);
    const none = await run("fix-materials", "Ground", "--project", folder);
    assert.equal(none.out, 'Every sample of "Ground" has its material type\n');
  }));

Deno.test("fix-materials tells what was written, and what was not, if a file cannot be", () =>
  withFolder(async (folder) => {
    const sample = sampleContent();
    const assets = sample.assets.map((asset) => ({ ...asset, materialType: "mask4" as const }));
    // Names beside it that a file has while it is written are too long.
    const second = { ...GROUND, name: "g".repeat(250) };
    const materials = [...sample.materials, second];
    await writeSample(folder, sampleFiles({ ...sample, assets, materials }));
    const args = ["fix-materials", "Ground", "--project", folder];
    const { code, out, err } = await run(...args);
    assert.equal(code, 1);
    assert.match(err, /^error: Cannot write .*ggg/);
    assert.deepEqual(out.trimEnd().split("\n"), [
      'materials/ground.json: material "Ground": node 5: base_color is mask4 now; it does not store ' +
      "baseColor, which is a clear value now",
      `Not written: materials/${second.name}.json`,
      "1 file written: materials/ground.json",
    ]);
    const [left, ...others] = (await run(...args, "--dry-run")).out.trimEnd().split("\n");
    assert.match(
      left!,
      /^materials\/g+\.json: .*: base_color would be mask4; .* would be a clear value$/,
    );
    assert.deepEqual(others, ["Nothing was written"], "the rest is left to do");
  }));

Deno.test("find-materials lists what samples an asset, a line or an object for each", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const path = join(folder, "project.json");
    const { code, out } = await run("find-materials", "Ground", "--project", path);
    assert.equal(code, 0);
    assert.equal(
      out,
      'materials/ground.json: material "Ground": node 5\n' +
        'materials/meadow.json: material instance "Meadow": through "Ground"\n',
    );
    assert.equal((await run("find-materials", "Ground", path)).out, out);
    const json = await run("find-materials", "Ground", "--project", path, "--json");
    assert.deepEqual(JSON.parse(json.out.split("\n")[0]!).nodes, [5]);
    const nothing = await run("find-materials", "Heights", "--project", path);
    assert.equal(nothing.out, 'Nothing samples "Heights"\n');
  }));

Deno.test("wrong command lines and projects are refused by name, with the exit code of their kind", () =>
  withFolder(async (folder) => {
    const cases: [string[], number, RegExp][] = [
      [
        [],
        2,
        /command must be one of check, .*: current value is none\nSee: deno task vt rvt --help/,
      ],
      [["chek"], 2, /current value is chek\n/],
      [["check"], 1, /project.json names project.json, which does not exist\n$/],
      [
        ["check", folder, "--project", folder],
        2,
        /there must be one PROJECT.*: current number is 2/,
      ],
      [["check", folder, "--scenes"], 2, /there is no option --scenes/],
      [["check", folder], 1, /project.json names project.json, which does not exist\n$/],
      [["find-materials"], 2, /there must be one ASSET/],
      [["inspect", folder, "--tile", "1"], 2, /--tile must be LEVEL,X,Y: current value is 1/],
      [["inspect", folder, "--frames", "x"], 2, /--frames must be an integer from 0 to 1000000/],
      [["build", folder, folder], 2, /there must be one PROJECT.*: current number is 2/],
      [
        ["find-materials", "a", folder, folder],
        2,
        /there must be one PROJECT.*: current number is 2/,
      ],
      [["run", folder, "--frames", "0"], 2, /--frames must be an integer from 1 to 1000000/],
    ];
    for (const [args, code, message] of cases) {
      const found = await run(...args);
      assert.deepEqual([found.code, found.out], [code, ""], args.join(" "));
      assert.match(found.err, message);
    }
    for (
      const name of [
        [],
        ["build"],
        ["check"],
        ["find-materials"],
        ["fix-materials"],
        ["inspect"],
        ["run"],
      ]
    ) {
      const { code, out } = await run(...name, "--help");
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^Usage: deno task vt rvt ${name[0] ?? "COMMAND"}`));
    }
  }));

Deno.test("a scene without volumes has no tile to inspect, and that is said", () =>
  withFolder(async (folder) => {
    const project = {
      format: "forge3d project",
      version: 1,
      name: "a",
      scenes: [{ name: "Bare" }],
    };
    await Deno.writeTextFile(join(folder, "project.json"), JSON.stringify(project));
    const { code, err } = await run("inspect", folder);
    assert.equal(code, 2);
    assert.match(err, /as scene "Bare" must have a volume, which places an asset: it has none\n/);
    const off = {
      ...project,
      assets: [{ name: "Ground", materialType: "base_color" }],
      scenes: [{
        name: "Off",
        options: { virtualTexturing: false },
        volumes: [{ asset: "Ground" }],
      }],
    };
    await Deno.writeTextFile(join(folder, "project.json"), JSON.stringify(off));
    const inspected = await run("inspect", folder);
    assert.equal(inspected.code, 2);
    assert.match(inspected.err, /as virtualTexturing of scene "Off" must be true: .* is false\n/);
  }));

Deno.test("a project is reached through links, and by a file of any name", () =>
  withFolder(async (folder) => {
    const real = join(await Deno.realPath(folder), "real");
    await Deno.mkdir(real);
    await Deno.writeTextFile(join(real, "my.project"), "{}");
    await Deno.symlink(real, join(folder, "link"));
    const { read, write } = rvtAccess(["build", "link"], folder);
    assert.deepEqual(read, [join(folder, "link"), real]);
    assert.deepEqual(write, read);
    assert.deepEqual(rvtAccess(["check", "real/my.project"], dirname(real)).read, [real]);
  }));

Deno.test("commands reach the project's folder alone, and two of them write to it", () => {
  const access = (...args: string[]) => rvtAccess(args, "/u");
  assert.deepEqual(access("check", "a"), { read: ["/u/a"], write: [] });
  assert.deepEqual(access("check", "/b/p.json", "--strict"), { read: ["/b"], write: [] });
  const run = access(
    "run",
    "--no-wait",
    "--settle",
    "a",
    "-o",
    "b/c.png",
    "--frames",
    "2",
    "--level=low",
  );
  assert.deepEqual(run, { read: ["/u/a"], write: [] });
  assert.deepEqual(access("build", "a", "--volume", "b"), { read: ["/u/a"], write: ["/u/a"] });
  assert.deepEqual(access("find-materials", "Ground"), { read: ["/u"], write: [] });
  assert.deepEqual(access("fix-materials", "Ground"), { read: ["/u"], write: ["/u"] });
  assert.deepEqual(access("fix-materials", "Ground", "--project", "/b"), {
    read: ["/b"],
    write: ["/b"],
  });
  assert.deepEqual(access("fix-materials", "Ground", "b"), { read: ["/u/b"], write: ["/u/b"] });
  assert.deepEqual(access("build", "--project", "b"), { read: ["/u/b"], write: ["/u/b"] });
  assert.deepEqual(access("inspect"), { read: ["/u"], write: [] });
  assert.deepEqual(access("fix-materials", "--project=c/p.json", "Ground"), {
    read: ["/u/c"],
    write: ["/u/c"],
  });
  assert.equal(rvtNeedsAdapter(["check"]), false);
  assert.equal(rvtNeedsAdapter(["check", "--bakes"]), true);
  assert.equal(rvtNeedsAdapter(["build"]), true);
  assert.equal(rvtNeedsAdapter(["inspect"]), true);
});
