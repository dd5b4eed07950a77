import assert from "node:assert/strict";
import { join } from "node:path";
import { EMPTY_INPUT, PythonHost } from "../../src/python/mod.ts";
import { withFolder } from "../helpers/temporary_folder.ts";

const SILENT = { isatty: false, write: (bytes: Uint8Array) => bytes.length };

/** Starts an interpreter with a cache folder, evaluates an expression, and closes it. */
async function evaluate(cache: string | null, expression: string): Promise<unknown> {
  const host = await PythonHost.start({
    streams: { stdin: EMPTY_INPUT, stdout: SILENT, stderr: SILENT },
    folder: "/",
    cacheFolder: cache,
  });
  try {
    return host.pyodide.runPython(expression);
  } finally {
    await host.close();
  }
}

Deno.test("an interpreter that starts from a snapshot is a fresh one, and starts faster", async () => {
  await withFolder(async (folder) => {
    const cache = join(folder, "cache");
    await Deno.mkdir(cache);
    await Deno.writeTextFile(join(cache, "python-0.0.1-old.snapshot"), "of an older version");
    const random = "import random; random.random()";
    const values = new Set([await evaluate(cache, random)]);
    const [snapshot, ...more] = [...Deno.readDirSync(cache)].map(({ name }) => name)
      .filter((name) => name.startsWith("python-"));
    assert.match(snapshot!, /\.snapshot$/);
    assert.deepEqual(more, []);

    const start = performance.now();
    values.add(await evaluate(cache, random));
    const warmMs = performance.now() - start;
    values.add(await evaluate(cache, random));
    assert.equal(values.size, 3, "the random state is not that of the snapshot");
    const modified = Deno.statSync(join(cache, snapshot!)).mtime!;
    assert.equal(await evaluate(cache, "import __main__; hasattr(__main__, 'random')"), false);
    assert.deepEqual(Deno.statSync(join(cache, snapshot!)).mtime, modified);

    // A truncated snapshot is ignored and made again.
    await Deno.truncate(join(cache, snapshot!), 1000);
    const cold = performance.now();
    assert.equal(await evaluate(cache, "1 + 1"), 2);
    const coldMs = performance.now() - cold;
    assert.ok(Deno.statSync(join(cache, snapshot!)).size > 1e6);
    assert.ok(warmMs < coldMs, `${warmMs} ms with, ${coldMs} ms without`);
  });
});

Deno.test("an interpreter starts without a cache folder that it can write", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    assert.equal(await evaluate(join(file, "cache"), "2 + 2"), 4);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["file"]);
  });
});
