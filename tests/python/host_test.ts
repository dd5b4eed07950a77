import assert from "node:assert/strict";
import { withHost } from "./shared_host.ts";

Deno.test("importing the package loads no engine, and says how to run it elsewhere", async () => {
  await withHost(async ({ host, printed }) => {
    const run = (target: string) => host.runProgram({ kind: "code", target, args: [] });
    const imports = `import sys, forge3d.streaming, forge3d.camera, _forge3d_core
print("numpy" in sys.modules, _forge3d_core.device_alive(1))`;
    assert.equal(await run(imports), 0);
    assert.equal(printed(), "False False\n");

    assert.equal(await run("import forge3d; forge3d.get_virtual_texture_stats(1)"), 1);
    assert.match(printed(), /DisposedError: .*call get_device first\n$/);

    const elsewhere = `import sys
for name in [*sys.modules]:
    if name.startswith("forge3d"): del sys.modules[name]
sys.modules["_forge3d_core"] = None
import forge3d.streaming`;
    assert.equal(await run(elsewhere), 1);
    assert.match(printed(), /\nImportError: .*not in this Python: .*'deno task py SCRIPT'/);
  });
});
