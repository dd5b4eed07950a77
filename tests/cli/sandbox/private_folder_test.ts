import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { canBind } from "../../../src/cli/sandbox/bound_program.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { startPy } from "../../python/run_py.ts";
import { hasOtherUser, runWithoutRoot } from "./run_without_root.ts";

/** Makes folders of processes that have ended and of some that have not, and then one of its own. */
const SWEEP = `
import * as folders from "./sandbox/private_folder.ts";
const { pid: gone } = await (async () => {
  const child = new Deno.Command("true").spawn();
  await child.status;
  return child;
})();
const made = (name) => {
  const folder = \`forge3d-py-\${gone}-\${name}\`;
  Deno.mkdirSync(folder);
  return { folder, temporary: folders.makeTemporary(folder) };
};
const shut = made("shut");
Deno.mkdirSync(shut.temporary + "/a/b", { recursive: true });
Deno.writeTextFileSync(shut.temporary + "/a/b/file", "");
for (const name of ["/a/b", "/a", ""]) Deno.chmodSync(shut.temporary + name, 0);
folders.keepWhileRunning(made("used").folder, Deno.pid);
folders.keepWhileRunning(made("left").folder, gone);
folders.makePrivateFolder();
const kinds = [...Deno.readDirSync(".")].map(({ name }) => name.replace(/.*-/, ""));
console.log(kinds.filter((name) => /^(shut|used|left)$/.test(name)).join());
`;

Deno.test({
  name:
    "folders of ended runs are removed, whatever their modes, and those in use stay (needs POSIX)",
  ignore: !hasOtherUser,
  fn: async () => {
    await withFolder(async (folder) => {
      const own = join(folder, "own");
      await Deno.mkdir(own);
      assert.equal(await runWithoutRoot(own, SWEEP), "used\n");
    });
  },
});

Deno.test({
  name: "a script ends when its launcher is killed (needs Linux with util-linux)",
  ignore: !canBind(),
  fn: async () => {
    await withFolder(async (folder) => {
      const code = "import os, time\nprint(os.environ['TMPDIR'], flush=True)\ntime.sleep(30)";
      const launcher = startPy(["-c", code], { folder });
      const reader = launcher.stdout.getReader();
      const temporary = new TextDecoder().decode((await reader.read()).value).trim();
      assert.ok(existsSync(temporary));
      const start = performance.now();
      launcher.kill("SIGKILL");
      // The script holds the other end, so that it has ended when this does.
      assert.equal((await reader.read()).done, true);
      assert.ok(performance.now() - start < 20_000, "before it ends by itself");
      await launcher.stderr.cancel();
      await launcher.status;
      await Deno.remove(join(temporary, ".."), { recursive: true });
    });
  },
});
