import assert from "node:assert/strict";
import {
  DisposedError,
  FileError,
  OutOfRangeError,
  SourceChangedError,
  SourceReadError,
} from "../../../src/errors.ts";
import { openFileSource } from "../../../src/sources/mod.ts";
import { randomBytes } from "../../helpers/random.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

const MODULE = new URL("../../../src/sources/bytes/file_source.ts", import.meta.url).href;

/** Runs with a file of random bytes and its source. */
async function withFile(
  run: (
    file: { path: string; bytes: Uint8Array; source: Awaited<ReturnType<typeof openFileSource>> },
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = `${folder}/data.bin`;
    const bytes = randomBytes(200_000, 1);
    await Deno.writeFile(path, bytes);
    const source = await openFileSource(path);
    try {
      await run({ path, bytes, source });
    } finally {
      source.close();
    }
  });
}

async function fileError(path: string, code: FileError["code"]): Promise<void> {
  await assert.rejects(openFileSource(path), (error) => {
    assert.ok(error instanceof FileError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.path, path);
    assert.match(error.message, /^Cannot open /);
    return true;
  });
}

Deno.test("a file is read by range, also where many reads overlap in time", async () => {
  await withFile(async ({ path, bytes, source }) => {
    assert.equal(source.name, path);
    assert.equal(await source.size(), bytes.length);
    const reads = Array.from({ length: 200 }, async (_, index) => {
      const offset = (index * 7919) % 190_000;
      const length = (index * 613) % 10_000;
      const read = await source.read(offset, length);
      assert.deepEqual(read, bytes.slice(offset, offset + length));
    });
    await Promise.all(reads);
  });
});

Deno.test("paths that cannot be opened are file errors with their code", async () => {
  await withFolder(async (folder) => {
    await fileError(`${folder}/missing`, "file-not-found");
    await fileError(`${folder}/missing/deeper`, "file-not-found");
    await fileError("", "file-not-found");
    await fileError(folder, "file-unreadable");
    await fileError(`${folder}/a\0b`, "file-unreadable");
    await fileError(`${folder}/${"long".repeat(100)}`, "file-unreadable");
    await fileError("/dev/zero", "file-unreadable");
    await Deno.writeTextFile(`${folder}/file`, "");
    await fileError(`${folder}/file/inside`, "file-unreadable");
  });
});

Deno.test({
  name: "a file without permission to read is unreadable (needs a user other than root)",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  async fn() {
    await withFolder(async (folder) => {
      const path = `${folder}/secret`;
      await Deno.writeTextFile(path, "x");
      await Deno.chmod(path, 0o000);
      await fileError(path, "file-unreadable");
    });
  },
});

Deno.test({
  name: "what the program has no permission for is unreadable",
  permissions: { read: false },
  async fn() {
    await fileError("/etc/hostname", "file-unreadable");
  },
});

Deno.test("an empty file opens and has no bytes", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/empty`, new Uint8Array(0));
    const source = await openFileSource(`${folder}/empty`);
    assert.equal(await source.size(), 0);
    await assert.rejects(source.read(0, 1), SourceReadError);
    source.close();
  });
});

Deno.test("reads past the end name the bytes that exist, and allocate nothing", async () => {
  await withFile(async ({ source }) => {
    await assert.rejects(source.read(199_999, 2), /only 1 are there/);
    await assert.rejects(source.read(0, 2 ** 52), SourceReadError);
    await assert.rejects(source.read(2 ** 52, 1), SourceReadError);
    await assert.rejects(source.read(-1, 1), OutOfRangeError);
  });
});

Deno.test("a file that grows, shrinks or is written to is noticed", async () => {
  await withFile(async ({ path, source }) => {
    await Deno.truncate(path, 100_000);
    await assert.rejects(source.read(0, 10), SourceChangedError);
    await assert.rejects(source.read(150_000, 10), SourceChangedError);
  });
  await withFile(async ({ path, source }) => {
    await Deno.writeFile(path, Uint8Array.of(1), { append: true });
    await assert.rejects(source.read(0, 10), /its size went from 200000 to 200001 bytes/);
  });
  await withFile(async ({ path, bytes, source }) => {
    await Deno.writeFile(path, bytes);
    await Deno.utime(path, new Date(), new Date(Date.now() + 5000));
    await assert.rejects(source.read(0, 10), /it was written to/);
  });
});

Deno.test("a file that replaces the opened one is noticed", async () => {
  await withFile(async ({ path, bytes, source }) => {
    assert.equal((await source.read(0, 10)).length, 10);
    const { mtime } = await Deno.stat(path);
    await Deno.writeFile(`${path}.new`, bytes);
    await Deno.utime(`${path}.new`, mtime!, mtime!);
    await Deno.rename(`${path}.new`, path);
    await assert.rejects(source.read(0, 10), (error) => {
      assert.ok(error instanceof SourceChangedError);
      assert.equal(error.source, path);
      assert.match(error.message, /another file has taken its place.*load it again/);
      return true;
    });
  });
});

Deno.test("a file that is only deleted stays readable", async () => {
  await withFile(async ({ path, bytes, source }) => {
    await Deno.remove(path);
    assert.deepEqual(await source.read(100, 10), bytes.slice(100, 110));
  });
});

Deno.test("a new working folder does not change what a relative path meant", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/inside`);
    await Deno.writeTextFile(`${folder}/data`, "outside");
    await Deno.writeTextFile(`${folder}/inside/data`, "inside");
    // The working folder is the whole process's, so another one changes it.
    const script = `
      const { openFileSource } = await import(${JSON.stringify(MODULE)});
      const source = await openFileSource("data");
      Deno.chdir("inside");
      console.log(new TextDecoder().decode(await source.read(0, 7)));
    `;
    await Deno.writeTextFile(`${folder}/script.ts`, script);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--allow-read", `${folder}/script.ts`],
      cwd: folder,
    }).output();
    const decoder = new TextDecoder();
    assert.equal(decoder.decode(stdout).trim(), "outside", decoder.decode(stderr));
  });
});

Deno.test("reads can be cancelled one by one", async () => {
  await withFile(async ({ bytes, source }) => {
    const giveUp = new AbortController();
    const reason = new Error("enough");
    const first = source.read(0, 10, { signal: giveUp.signal });
    const second = source.read(10, 10);
    giveUp.abort(reason);
    await assert.rejects(first, reason);
    assert.deepEqual(await second, bytes.slice(10, 20));
  });
});

Deno.test("a closed file cannot be read, and waiting reads are rejected", async () => {
  await withFile(async ({ source }) => {
    const waiting = source.read(0, 100_000);
    source.close();
    await assert.rejects(waiting, DisposedError);
    await assert.rejects(source.read(0, 1), DisposedError);
    source.close();
  });
});
