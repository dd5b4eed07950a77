import assert from "node:assert/strict";
import { join } from "node:path";
import { projectFolder } from "../../../src/cli/folders.ts";

/**
 * Deno grants sockets of the file system by their paths alone, which are new in every run. So these
 * tests run in a process that may reach every one.
 */
for (const cases of ["decoder_host_cases.ts", "decoder_rights_cases.ts"]) {
  Deno.test(`${cases} passes where all sockets may be reached`, async () => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--allow-all",
        "--quiet",
        "--no-check",
        "--sanitize-ops",
        "--sanitize-resources",
        `--config=${join(projectFolder(), "deno.json")}`,
        `--preload=${join(projectFolder(), "tests", "helpers", "finish_calls.ts")}`,
        join(import.meta.dirname!, cases),
      ],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    const output = decoder.decode(stdout) + decoder.decode(stderr);
    assert.ok(success, output);
    assert.match(output, /ok \| [1-9]\d* passed/);
  });
}
