import assert from "node:assert/strict";
import { join } from "node:path";
import { makePrivateFolder } from "../../../src/cli/decoder/private_folder.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

Deno.test("a decoder's folder is made anew, with those above it, or not at all", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "decoded", "0");
    await makePrivateFolder(path);
    await assert.rejects(() => makePrivateFolder(path), Deno.errors.AlreadyExists);
    if (Deno.build.os === "windows") return;
    for (const made of [path, join(folder, "decoded")]) {
      assert.equal(Deno.statSync(made).mode! & 0o777, 0o700);
    }
  });
});
