import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";

async function decodeWhileChanging(kind: string, by: "library" | "decoder", folder: string) {
  const program = fileURLToPath(new URL("changing_program.ts", import.meta.url));
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", program, kind, by, folder],
    stderr: "null",
  }).output();
  return success ? JSON.parse(new TextDecoder().decode(stdout)) : null;
}

Deno.test("a picture that is cut off or overwritten while it is decoded is at worst refused", () =>
  withFolder(async (folder) => {
    for (const kind of ["jpeg", "webp"]) {
      const outcome = await decodeWhileChanging(kind, "library", folder);
      assert.ok(outcome !== null, `${kind} ended the process`);
      assert.equal(outcome.decoded + outcome.refused.length, 8);
      for (const code of outcome.refused) {
        assert.ok(["source-changed", "source-read", "malformed-file"].includes(code), code);
      }
      assert.deepEqual(namesIn(folder).filter((name) => name.includes("tmp")), []);
    }
  }));

Deno.test({
  name: "negative control: such a picture ends a process that decodes the file (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      assert.equal(await decodeWhileChanging("jpeg", "decoder", folder), null);
    }),
});
