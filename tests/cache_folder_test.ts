import assert from "node:assert/strict";
import {
  CACHE_FOLDER_VARIABLES,
  CACHE_LIMIT_VARIABLE,
  cacheFolder,
  cacheMaxBytes,
  DEFAULT_CACHE_MAX_BYTES,
  requiredCacheFolder,
  textureFolder,
} from "../src/cache_folder.ts";
import { OutOfRangeError, UnsupportedError } from "../src/errors.ts";
import { TASKS } from "../src/cli/commands.ts";

function from(variables: Record<string, string>): string | null {
  return cacheFolder((name) => variables[name]);
}

Deno.test("the cache lies where the environment says", () => {
  const HOME = "/home/ada";
  const XDG_CACHE_HOME = "/x";
  assert.equal(from({ FORGE3D_CACHE_DIR: "/own", XDG_CACHE_HOME, HOME }), "/own");
  assert.equal(from({ FORGE3D_CACHE_DIR: "", XDG_CACHE_HOME, HOME }), "/x/forge3d");
  assert.equal(from({ XDG_CACHE_HOME: "", HOME }), "/home/ada/.cache/forge3d");
  assert.equal(from({ HOME: "/home/ada/" }), "/home/ada/.cache/forge3d");
  const windows = { LOCALAPPDATA: "C:\\ada\\Local", USERPROFILE: "C:\\ada" };
  assert.equal(from(windows), "C:\\ada\\Local\\forge3d");
  assert.equal(from({ USERPROFILE: "C:\\ada" }), "C:\\ada\\.cache\\forge3d");
  assert.equal(from({}), null);
});

Deno.test("the error for a missing cache folder names the variables", () => {
  assert.equal(
    requiredCacheFolder((name) => name === "HOME" ? "/h" : undefined),
    "/h/.cache/forge3d",
  );
  assert.throws(() => requiredCacheFolder(() => undefined), (error: Error) => {
    assert.ok(error instanceof UnsupportedError);
    for (const name of CACHE_FOLDER_VARIABLES) assert.ok(error.message.includes(name), name);
    return true;
  });
});

Deno.test("no variable is read that is not on the list, and tasks may read all of the list", () => {
  const asked = new Set<string>();
  cacheFolder((name) => void asked.add(name));
  assert.deepEqual([...asked], [...CACHE_FOLDER_VARIABLES]);
  const context = {
    project: "/p",
    working: "/w",
    denoCache: "/d",
    cache: "/c",
    temporary: "/t",
    homes: [],
    deno: "/bin/deno",
    hasLoaderVariables: false,
    decoder: null,
  };
  for (const [task, { permissions }] of Object.entries(TASKS)) {
    const flag = permissions(context, ["a.py"]).find((given) => given.startsWith("--allow-env"))!;
    if (flag === "--allow-env") continue;
    const readable = flag.slice("--allow-env=".length).split(",");
    for (const name of CACHE_FOLDER_VARIABLES) {
      assert.ok(readable.includes(name), `${task} ${name}`);
    }
  }
});

Deno.test("textures lie in a folder of their own in the cache", () => {
  assert.equal(textureFolder("/x/forge3d"), "/x/forge3d/textures");
  assert.equal(textureFolder("C:\\x\\"), "C:\\x\\textures");
});

Deno.test("the limit of the cache is a size in bytes or binary units, 0 for none", () => {
  const sizes: [string | undefined, number][] = [
    [undefined, DEFAULT_CACHE_MAX_BYTES],
    ["", DEFAULT_CACHE_MAX_BYTES],
    [" ", DEFAULT_CACHE_MAX_BYTES],
    ["0", Infinity],
    ["0G", Infinity],
    ["123456", 123456],
    ["500M", 500 * 2 ** 20],
    ["4G", 4 * 2 ** 30],
    ["4 gb", 4 * 2 ** 30],
    ["1.5 GiB", 1.5 * 2 ** 30],
    ["2k", 2048],
    ["1T", 2 ** 40],
    ["10B", 10],
  ];
  for (const [text, bytes] of sizes) assert.equal(cacheMaxBytes(text), bytes, text);
});

Deno.test("a limit that is no size is an error that names the variable", () => {
  for (const text of ["4X", "-1", "1e9", "G", "4GG", "4,5G", "NaN", "0x10", "9".repeat(30), "½G"]) {
    assert.throws(() => cacheMaxBytes(text), (error) => {
      assert.ok(error instanceof OutOfRangeError);
      assert.equal(error.argument, CACHE_LIMIT_VARIABLE);
      assert.match(error.message, /FORGE3D_CACHE_MAX must be a size.*current value is "/);
      return true;
    });
  }
});
