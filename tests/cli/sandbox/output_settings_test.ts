import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findSettings, removeNewSettings } from "../../../src/cli/sandbox/output_settings.ts";
import { isSetting } from "../../../src/cli/sandbox/setting_names.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { hasOtherUser, runWithoutRoot } from "./run_without_root.ts";

Deno.test("settings of many tools are known, in any case, and usual output is none", () => {
  const files = [
    ..."deno.json deno.jsonc jsr.json package.json bunfig.toml tsconfig.json .npmrc".split(" "),
    ..."pyproject.toml setup.cfg tox.ini conftest.py sitecustomize.py Makefile makefile".split(" "),
    ..."GNUmakefile justfile Taskfile.yml mise.toml .mise.toml .tool-versions .envrc".split(" "),
    ..."DENO.JSON .pre-commit-config.yaml .gitmodules eslint.config.js vite.config.mts".split(" "),
    ..."node_modules .git .env.local .eslintrc.json x.code-workspace .hidden .Rprofile".split(" "),
    ..."Directory.Build.props nuget.config App.csproj build.sbt mix.exs Rakefile.rb".split(" "),
    ..."config.ru Package.swift Podfile magefile.go Snakefile Tiltfile Earthfile BUILD".split(" "),
    ..."BUILD.bazel WORKSPACE MODULE.bazel Jenkinsfile premake5.lua xmake.lua main.tf".split(" "),
    ..."jupyter_notebook_config.py jupyter_config.json ipython_config.py ansible.cfg".split(" "),
    ..."CLAUDE.md AGENTS.md _vimrc http.py json.cpython-313.so git.exe Dockerfile.dev".split(" "),
    ..."karma.conf.js gulpfile.babel.js".split(" "),
  ];
  for (const name of files) assert.ok(isSetting({ name, isDirectory: false }, []), name);
  for (const name of [".vscode", ".idea", ".cargo", "node_modules", ".GIT"]) {
    assert.ok(isSetting({ name, isDirectory: true }, []), name);
  }
  const output =
    "view.png report.html report.json data.csv model.pth x.pmtiles config.js notes.md " +
    "earth.ktx2 x.npy x.npz log.txt x.log a.jpg a.webp a.tiff a.exr a.svg a.pdf a.gltf a.glb a.bin " +
    "a.wgsl a.zip a.yaml a.toml a.xml a.mp4 a.db a.sqlite a.parquet a.geojson result out view.png.tmp";
  for (const name of [...output.split(" "), "makefile.txt", "HEAD", "objects"]) {
    assert.ok(!isSetting({ name, isDirectory: false }, []), name);
  }
  for (const name of ["build", "demo", "fuzz", "objects", "config", "a.py", "workspace"]) {
    assert.ok(!isSetting({ name, isDirectory: true }, []), name);
  }
});

Deno.test("a folder is no repository of Git once a script has ended", async () => {
  await withFolder(async (folder) => {
    const before = findSettings(folder);
    for (const [name, other] of [["bare", "objects"], ["tree", "commondir"]] as const) {
      await Deno.mkdir(join(folder, name, other), { recursive: true });
      await Deno.writeTextFile(join(folder, name, "HEAD"), "ref: refs/heads/main\n");
    }
    await Deno.writeTextFile(join(folder, "HEAD"), "");
    const { removed, left } = removeNewSettings(folder, before);
    assert.deepEqual(
      [...removed].sort(),
      ["bare", "tree"].map((name) => join(folder, name, "HEAD")),
    );
    assert.deepEqual(left, []);
    assert.ok(existsSync(join(folder, "HEAD")));
  });
});

Deno.test("settings that were there are removed if anything in them has changed", async () => {
  await withFolder(async (folder) => {
    const names = ["a", "b", "c"].map((name) => join(folder, name));
    for (const name of names) {
      await Deno.mkdir(join(name, ".git", "hooks"), { recursive: true });
      await Deno.writeTextFile(join(name, "deno.json"), "{}");
    }
    const before = findSettings(folder);
    await Deno.writeTextFile(join(names[0]!, ".git", "hooks", "post-checkout"), "");
    const changed = join(names[1]!, "deno.json");
    const { atime, mtime } = await Deno.stat(changed);
    await Deno.writeTextFile(changed, "[]");
    await Deno.utime(changed, atime!, mtime!);
    const { removed } = removeNewSettings(folder, before);
    assert.deepEqual([...removed].sort(), [join(names[0]!, ".git"), changed]);
  });
});

const SHUT = `
import { findSettings, removeNewSettings } from "./sandbox/output_settings.ts";
Deno.mkdirSync("out");
for (const mode of [0o755, 0o555, 0o333, 0o311, 0o111, 0o000]) {
  const before = findSettings("out");
  Deno.mkdirSync("out/shut/.git/hooks", { recursive: true });
  Deno.writeTextFileSync("out/shut/deno.json", "{}");
  Deno.writeTextFileSync("out/shut/data.json", "{}");
  Deno.chmodSync("out/shut/.git/hooks", 0);
  Deno.chmodSync("out/shut/.git", 0o555);
  Deno.chmodSync("out/shut", mode);
  const { removed, left } = removeNewSettings("out", before);
  Deno.chmodSync("out/shut", 0o700);
  const names = [...Deno.readDirSync("out/shut")].map(({ name }) => name);
  console.log(mode.toString(8), removed.length, left.length, names.join());
  Deno.removeSync("out/shut", { recursive: true });
}
`;

Deno.test({
  name: "no mode of a folder keeps settings (needs POSIX)",
  ignore: !hasOtherUser,
  fn: async () => {
    await withFolder(async (folder) => {
      const own = join(folder, "own");
      await Deno.mkdir(own);
      const modes = ["755", "555", "333", "311", "111", "0"];
      const expected = modes.map((mode) => `${mode} 2 0 data.json\n`).join("");
      assert.equal(await runWithoutRoot(own, SHUT), expected);
    });
  },
});

const OTHERS = `
import { findSettings, removeNewSettings } from "./sandbox/output_settings.ts";
const { removed, left } = removeNewSettings("out", findSettings("none"));
console.log(removed.join(), left.join());
`;

Deno.test({
  name: "settings that cannot be removed are named (needs root)",
  ignore: !hasOtherUser || Deno.uid() !== 0,
  fn: async () => {
    await withFolder(async (folder) => {
      const out = join(folder, "own", "out");
      await Deno.mkdir(join(out, "shut"), { recursive: true });
      await Deno.chmod(join(out, "shut"), 0o700);
      await Deno.writeTextFile(join(out, "deno.json"), "{}");
      await Deno.chmod(out, 0o755);
      assert.equal(await runWithoutRoot(join(folder, "own"), OTHERS), " out/deno.json,out/shut\n");
    });
  },
});
