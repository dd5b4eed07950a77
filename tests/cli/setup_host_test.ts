import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { projectFolder } from "../../src/cli/folders.ts";
import { withFolder } from "../helpers/temporary_folder.ts";

/** What a launcher sets as the folder for sockets. */
const PRINT = `
import { prepareAdapterEnvironment } from "./src/cli/setup_host.ts";
prepareAdapterEnvironment();
const folder = Deno.env.get("XDG_RUNTIME_DIR");
const { isDirectory, mode, uid } = Deno.lstatSync(folder);
console.log(JSON.stringify([folder, isDirectory && uid === Deno.uid(), mode & 0o777]));
Deno.exit(0);
`;

async function runtimeFolder(temporary: string): Promise<[string, boolean, number]> {
  const script = join(temporary, "print.ts");
  const root = `file://${projectFolder()}/`;
  await Deno.writeTextFile(script, PRINT.replace("./", root));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", script],
    env: { TMPDIR: temporary, XDG_RUNTIME_DIR: join(temporary, "none") },
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name: "the folder for sockets is the user's alone, whatever has its name (needs Linux)",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const name = `forge3d-runtime-${Deno.uid()}`;
    const makers: Record<string, (path: string) => Promise<void>> = {
      "a folder that others may write": async (path) => {
        await Deno.mkdir(path);
        await Deno.chmod(path, 0o777);
      },
      "a folder that others may enter": async (path) => {
        await Deno.mkdir(path);
        await Deno.chmod(path, 0o711);
      },
      "a link": async (path) => {
        await Deno.mkdir(join(dirname(path), "other"), { mode: 0o700 });
        await Deno.symlink("other", path);
      },
      "a file": (path) => Deno.writeTextFile(path, ""),
      "a link to nothing": (path) => Deno.symlink("none", path),
    };
    if (Deno.uid() === 0) {
      makers["another user's folder"] = async (path) => {
        await Deno.mkdir(path, { mode: 0o700 });
        await Deno.chown(path, 65534, 65534);
      };
    }
    for (const [what, make] of Object.entries(makers)) {
      await withFolder(async (folder) => {
        await make(join(folder, name));
        const [path, isOwn, mode] = await runtimeFolder(folder);
        assert.match(basename(path), new RegExp(`^${name}-\\w+$`), what);
        assert.deepEqual([dirname(path), isOwn, mode], [folder, true, 0o700], what);
        assert.ok(!existsSync(path), "it is removed at exit");
      });
    }
    await withFolder(async (folder) => {
      for (const _ of [1, 2]) {
        assert.deepEqual(await runtimeFolder(folder), [join(folder, name), true, 0o700]);
      }
      assert.ok(existsSync(join(folder, name)), "it is kept for the next run");
    });
  },
});
