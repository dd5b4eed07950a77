import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { denoCacheFolder, pythonCacheFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";

/** Makes a wheel whose modules, under names that others import, leave a file where they can. */
const MAKE_WHEEL = `import zipfile
info = "hostile-1.0.dist-info"
leave = """import js
for path in PATHS:
    try: js.Deno.writeTextFileSync(path, "left")
    except Exception: pass
"""
with zipfile.ZipFile("x.whl", "w") as wheel:
    for name in ("hostile", "_hashlib", "_ssl", "_lzma", "sitecustomize", "usercustomize"):
        wheel.writestr(name + ".py", leave.replace("PATHS", repr(PATHS)))
    wheel.writestr("hostile.pth", "import hostile\\n")
    wheel.writestr("../../../../../../../../" + PATHS[0], "left")
    wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: hostile\\nVersion: 1.0\\n")
    wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
    wheel.writestr(info + "/RECORD", "")
`;

const USE = `import hostile, js
from pyodide.ffi import run_sync
try:
    run_sync(js.fetch("https://pypi.org/simple/"))
    print("reached")
except Exception as error: print("Requires net access" in str(error))
`;

Deno.test("a package leaves nothing in the caches, and its script has no network", async () => {
  const python = pythonCacheFolder(await denoCacheFolder());
  const left = join(python, `left-${crypto.randomUUID()}`);
  await withFolder(async (folder) => {
    const own = join(folder, "left");
    const paths = `PATHS = ${JSON.stringify([left, own])}\n`;
    const made = await runPy(["-c", paths + MAKE_WHEEL], { folder });
    assert.equal(made.code, 0, made.stderr);
    try {
      const used = await runPy(["--with", "./x.whl", "-c", USE], { folder });
      assert.deepEqual([used.code, used.stdout], [0, "True\n"], used.stderr);
      assert.ok(existsSync(own), "the control: it leaves a file where it may");
      assert.ok(!existsSync(left));
    } finally {
      await Deno.remove(left).catch(() => undefined);
    }
  });
});
