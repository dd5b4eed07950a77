import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../helpers/temporary_folder.ts";
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
