import assert from "node:assert/strict";
import { join } from "node:path";
import { PackageError } from "../../src/errors.ts";
import { withFolder } from "../helpers/temporary_folder.ts";
import { type TestHost, withHost } from "./shared_host.ts";

/** Nothing listens on the discard port. */
const NO_INDEX = "http://127.0.0.1:9/simple";

/** Makes a wheel with one module and the given requirements. */
async function makeWheel(
  { host }: TestHost,
  folder: string,
  { name, requires = [], tag = "py3-none-any" }: {
    name: string;
    requires?: string[];
    tag?: string;
  },
): Promise<string> {
  const target = `
import sys, zipfile
folder, name, tag, *requires = sys.argv[1:]
info = f"{name}-1.0.dist-info"
lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
lines += [f"Requires-Dist: {one}" for one in requires]
with zipfile.ZipFile(f"{folder}/{name}-1.0-{tag}.whl", "w") as wheel:
    wheel.writestr(f"{name}.py", "VALUE = 42\\n")
    wheel.writestr(f"{info}/METADATA", "\\n".join(lines) + "\\n")
    wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: {tag}\\n")
    wheel.writestr(f"{info}/RECORD", "")
`;
  assert.equal(
    await host.runProgram({ kind: "code", target, args: [folder, name, tag, ...requires] }),
    0,
  );
  return `./${name}-1.0-${tag}.whl`;
}

function addTo({ host }: TestHost, folder: string, ...names: string[]): Promise<void> {
  return host.addPackages(names, { folder, cacheFolder: null, indexUrl: NO_INDEX });
}

async function runs({ host, printed }: TestHost, code: string): Promise<string> {
  const exit = await host.runProgram({ kind: "code", target: code, args: [] });
  const text = printed();
  assert.equal(exit, 0, text);
  return text;
}

Deno.test("a wheel from disk is importable, and adding it changes nothing in its folder", async () => {
  await withFolder(async (folder) => {
    await withHost(async (test) => {
      const wheel = await makeWheel(test, folder, {
        name: "made_pkg",
        requires: ["other_pkg", "never ; extra == 'test'"],
      });
      const other = await makeWheel(test, folder, { name: "other_pkg" });
      await addTo(test, folder, other, wheel);
      const code = "import made_pkg, other_pkg, importlib.metadata as m\n" +
        "print(made_pkg.VALUE + other_pkg.VALUE, m.version('made_pkg'))";
      assert.equal(await runs(test, code), "84 1.0\n");
      assert.equal([...Deno.readDirSync(folder)].length, 2);
    });
  });
});

Deno.test("a wheel may have any file name, as its metadata identifies it", async () => {
  await withFolder(async (folder) => {
    await withHost(async (test) => {
      const wheel = await makeWheel(test, folder, { name: "renamed_pkg" });
      await Deno.rename(join(folder, wheel), join(folder, "x.whl"));
      await addTo(test, folder, "./x.whl");
      assert.equal(await runs(test, "import renamed_pkg; print(renamed_pkg.VALUE)"), "42\n");
    });
  });
});

Deno.test("a package that cannot be found is a PackageError that names it and changes nothing", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "bad-1.0-py3-none-any.whl"), "no archive");
    await withHost(async (test) => {
      const needy = await makeWheel(test, folder, {
        name: "needy_pkg",
        requires: ["forge3d-no-such-package>=3"],
      });
      const foreign = await makeWheel(test, folder, {
        name: "foreign_pkg",
        tag: "cp314-cp314-manylinux_2_28_x86_64",
      });
      const cases: [string, RegExp][] = [
        ["./none-1.0-py3-none-any.whl", /Cannot add wheel \.\/none-1.*cannot be read/],
        ["./bad-1.0-py3-none-any.whl", /Cannot add wheel \.\/bad-1/],
        [foreign, /it is for manylinux_2_28_x86_64$/],
        ["x.whl", /cannot be read/],
        ["forge3d-no-such-package", /Cannot add forge3d-no-such-package from .*index/],
        [needy, /Cannot add forge3d-no-such-package>=3 from/],
      ];
      for (const [name, message] of cases) {
        await assert.rejects(addTo(test, folder, name), (error: Error) => {
          assert.ok(error instanceof PackageError, error.message);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /Traceback|\n/);
          return true;
        });
      }
      assert.equal(await runs(test, "print('still here')"), "still here\n");
    });
  });
});

Deno.test("fetching runs and unpacks nothing of a wheel, and counts it as present for others", async () => {
  await withFolder(async (folder) => {
    await withHost(async (test) => {
      const first = await makeWheel(test, folder, { name: "first_pkg" });
      const second = await makeWheel(test, folder, { name: "second_pkg", requires: ["First.Pkg"] });
      const options = { folder, cacheFolder: null, indexUrl: NO_INDEX, mode: "fetch" as const };
      await test.host.addPackages([first, second], options);
      const found = "import importlib.util as u\nprint(u.find_spec('first_pkg'))";
      assert.equal(await runs(test, found), "None\n");
      await test.host.addPackages([first, second], { ...options, mode: "offline" });
      assert.match(await runs(test, found), /^ModuleSpec/);
    });
  });
});
