import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { textureFolder } from "../../../src/cache_folder.ts";
import { denoCacheFolder, projectFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";

const LOAD = `import sys, forge3d, tempfile
from forge3d import streaming
with streaming.VirtualTextureSystem(forge3d.get_device(), max_memory_mb=32) as system:
    print(system.load_texture(sys.argv[1]).size)
open("made, too.txt", "w").close()
with tempfile.NamedTemporaryFile() as file: print(file.name.startswith(tempfile.gettempdir()))
`;

Deno.test("commas and spaces in the paths of folder, cache, temporary files and script change nothing", async () => {
  await withFolder(async (folder) => {
    const path = (name: string) => join(folder, `${name}, with a comma`);
    const [here, cache, temporary, data] = ["here", "cache", "temporary", "data"].map(path);
    for (const made of [here!, temporary!, data!]) await Deno.mkdir(made);
    const script = join(data!, "a, b.py");
    await Deno.writeTextFile(script, LOAD);
    const picture = join(data!, "picture, one.png");
    const background = { r: 1, g: 2, b: 3 };
    await sharp({ create: { width: 300, height: 200, channels: 3, background } }).png()
      .toFile(picture);
    const { code, stdout, stderr } = await runPy([script, picture], {
      folder: here!,
      environment: { FORGE3D_CACHE_DIR: cache!, TMPDIR: temporary! },
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "(300, 200)\nTrue\n");
    assert.deepEqual(readdirSync(here!), ["made, too.txt"]);
    assert.ok(readdirSync(textureFolder(cache!)).some((name) => name.endsWith(".pmtiles")));
    assert.deepEqual(readdirSync(temporary!), [], "temporary files are removed");
    // The control: what only begins like a granted path is not granted.
    const near = join(folder, "here");
    await Deno.mkdir(near);
    const refused = await runPy(["-c", `open(${JSON.stringify(join(near, "x"))}, "w")`], {
      folder: here!,
    });
    assert.equal(refused.code, 1);
    assert.ok(!existsSync(join(near, "x")));
  });
});

const MAKE_WHEEL = `import zipfile
with zipfile.ZipFile("plain-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("plain.py", "")
    info = "plain-1.0.dist-info"
    wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: plain\\nVersion: 1.0\\n")
    wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
    wheel.writestr(info + "/RECORD", "")
`;

Deno.test("a project among temporary files, in an odd path, runs scripts with packages and pictures", async () => {
  await withFolder(async (folder) => {
    const project = join(folder, "a project, copied");
    await Deno.mkdir(project);
    for (const name of ["src", "py", "shaders", "deno.json", "deno.lock"]) {
      await copy(join(projectFolder(), name), join(project, name));
    }
    const here = join(folder, "here");
    await Deno.mkdir(here);
    const background = { r: 1, g: 2, b: 3 };
    await sharp({ create: { width: 300, height: 200, channels: 3, background } }).png()
      .toFile(join(here, "picture.png"));
    const made = await runPy(["-c", MAKE_WHEEL], { folder: here });
    assert.equal(made.code, 0, made.stderr);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "task",
        "--quiet",
        `--config=${join(project, "deno.json")}`,
        "py",
        "--with",
        "./plain-1.0-py3-none-any.whl",
        "-c",
        `import plain\n${LOAD}`,
        "picture.png",
      ],
      cwd: here,
      env: {
        NO_COLOR: "1",
        FORGE3D_CACHE_DIR: join(folder, "cache"),
        DENO_DIR: await denoCacheFolder(),
      },
    }).output();
    assert.equal(new TextDecoder().decode(stdout), "(300, 200)\nTrue\n");
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  });
});

async function copy(from: string, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}
