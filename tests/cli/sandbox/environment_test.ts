import assert from "node:assert/strict";
import { join } from "node:path";
import { SCRIPT_ENVIRONMENT } from "../../../src/cli/sandbox/script_grants.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";

const HOME = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";

/** Variables that say where native code finds libraries, or writes. */
const NATIVE = "HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_CONFIG_HOME VK_DRIVER_FILES LD_LIBRARY_PATH";

Deno.test("a script sees its environment in Python, and sets nothing that native code reads", async () => {
  const names = [...new Set([...SCRIPT_ENVIRONMENT, ...NATIVE.split(" "), "FORGE3D_TEST_SEEN"])];
  const code = `import js, json, os, sys
state = js.Function("variable", "return Deno.permissions.querySync({ name: 'env', variable }).state")
print(json.dumps([[name for name in sys.argv[1:] if state(name) == "granted"],
                  os.environ["FORGE3D_TEST_SEEN"], os.environ["${HOME}"], os.path.expanduser("~"),
                  "FORGE3D_TEST_HIDDEN" in os.environ]))
`;
  await withFolder(async (folder) => {
    const given = ["--allow-env", "FORGE3D_TEST_SEEN", "--allow-env", NATIVE.replaceAll(" ", ",")];
    const { stdout, stderr } = await runPy([...given, "-c", code, ...names], {
      folder,
      environment: { FORGE3D_TEST_SEEN: "seen", FORGE3D_TEST_HIDDEN: "hidden" },
    });
    const [settable, seen, home, expanded, hidden] = JSON.parse(stdout || stderr);
    const others = Deno.build.os === "windows" ? ["TEMP", "TMP"] : [];
    const isOwn = (name: string) => /^FORGE3D_(CACHE|MAX|PICTURE)/.test(name);
    assert.deepEqual(
      settable.filter((name: string) => !isOwn(name) && !others.includes(name)),
      [],
    );
    assert.deepEqual([seen, hidden], ["seen", false]);
    assert.deepEqual([home, expanded], [Deno.env.get(HOME), Deno.env.get(HOME)]);
  });
});

/** The loader looks nowhere else then. */
const namesDrivers = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].some((name) => Deno.env.has(name));

/** Names a folder as the home folder, for native code too, and looks for an adapter. */
function lookInHome(folder: string): string {
  return `for (const set of [Deno.env.set, (name, value) => process.env[name] = value]) {
  try { set("HOME", ${JSON.stringify(folder)}); } catch { /* It is refused. */ }
}
await navigator.gpu.requestAdapter();
`;
}

Deno.test({
  name: "the loader of drivers does not look where a script says that home is (needs Linux)",
  ignore: Deno.build.os !== "linux" || namesDrivers,
  fn: async () => {
    await withFolder(async (folder) => {
      const drivers = join(folder, ".local", "share", "vulkan", "icd.d");
      await Deno.mkdir(drivers, { recursive: true });
      const library = join(folder, "none.so");
      await Deno.writeTextFile(
        join(drivers, "planted.json"),
        JSON.stringify({
          file_format_version: "1.0.0",
          ICD: { library_path: library, api_version: "1.3.0" },
        }),
      );
      await Deno.writeTextFile(join(folder, "look.mjs"), lookInHome(folder));
      const environment = { VK_LOADER_DEBUG: "all", DENO_WEBGPU_BACKEND: "vulkan" };
      const { stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-config", "--allow-env", join(folder, "look.mjs")],
        env: environment,
      }).output();
      const control = new TextDecoder().decode(stderr);
      assert.ok(control.includes(library), `the control: ${control.slice(-2000)}`);

      const code = `import js
from pyodide.ffi import run_sync
run_sync(js.eval("url => import(url)")("file://${folder}/look.mjs"))
print("looked")
`;
      const outcome = await runPy(["-c", code], { folder, environment });
      assert.equal(outcome.stdout, "looked\n", outcome.stderr.slice(-2000));
      assert.ok(!outcome.stderr.includes(library));
      assert.ok(!outcome.stderr.includes(drivers));
    });
  },
});
