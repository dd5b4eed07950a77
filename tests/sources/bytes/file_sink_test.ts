import assert from "node:assert/strict";
import { BakeError, DisposedError } from "../../../src/errors.ts";
import { MemorySink, openFileSink } from "../../../src/sources/mod.ts";
import { openScratchFile } from "../../../src/sources/bytes/scratch_file.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";

Deno.test("a file appears only when it is committed, whole", () =>
  withFolder(async (folder) => {
    const path = `${folder}/made.bin`;
    await Deno.writeTextFile(path, "old");
    const sink = await openFileSink(path);
    await sink.write(4, Uint8Array.of(5, 6));
    await sink.write(0, Uint8Array.of(1, 2));
    assert.equal(await Deno.readTextFile(path), "old");
    await sink.commit();
    assert.deepEqual([...await Deno.readFile(path)], [1, 2, 0, 0, 5, 6]);
    assert.deepEqual(namesIn(folder), ["made.bin"]);
  }));

Deno.test("an aborted file leaves nothing, and the old file stays", () =>
  withFolder(async (folder) => {
    const path = `${folder}/made.bin`;
    await Deno.writeTextFile(path, "old");
    const sink = await openFileSink(path);
    await sink.write(0, new Uint8Array(100));
    await sink.abort();
    await sink.abort();
    assert.deepEqual(namesIn(folder), ["made.bin"]);
    assert.equal(await Deno.readTextFile(path), "old");
    await assert.rejects(() => sink.write(0, new Uint8Array(1)), DisposedError);
  }));

Deno.test("scratch files have no name while they are used, and none after", () =>
  withFolder(async (folder) => {
    const sink = await openFileSink(`${folder}/made.bin`);
    const scratch = await sink.openScratch();
    const before = namesIn(folder);
    assert.equal(before.length, Deno.build.os === "windows" ? 2 : 1);
    assert.equal(await scratch.append(Uint8Array.of(1, 2)), 0);
    assert.equal(await scratch.append(Uint8Array.of(3)), 2);
    assert.deepEqual([...await scratch.read(1, 2)], [2, 3]);
    await assert.rejects(() => scratch.read(1, 3), /only 2 are there/);
    await scratch.close();
    await scratch.close();
    await sink.abort();
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("a file that cannot be written is a BakeError that names it", () =>
  withFolder(async (folder) => {
    const reasons: [path: string, reason: string][] = [
      [`${folder}/none/made.bin`, `there is no folder ${folder}/none`],
      [`${folder}/file/made.bin`, `${folder}/file is not a folder`],
    ];
    await Deno.writeTextFile(`${folder}/file`, "");
    for (const [name, reason] of reasons) {
      await assert.rejects(() => openFileSink(name), (error) => {
        assert.ok(error instanceof BakeError);
        assert.equal(error.message, `Cannot write ${name}: ${reason}`);
        return true;
      });
      // Of the system's own message, without the name of the temporary file.
      await assert.rejects(
        () => openScratchFile(name),
        (error) => error instanceof BakeError && /\(os error \d+\)$/.test(error.message),
      );
    }
    await Deno.remove(`${folder}/file`);
    await assert.rejects(() => openFileSink(folder), /Cannot write .* it is a folder/);
    const path = `${folder}/made.bin`;
    const sink = await openFileSink(path);
    // A folder takes the name meanwhile, so that the rename must fail.
    await Deno.mkdir(path);
    await Deno.writeTextFile(`${path}/x`, "");
    await assert.rejects(() => sink.commit(), BakeError);
    assert.deepEqual(namesIn(folder), ["made.bin"]);
  }));

Deno.test("memory sinks hold the committed bytes, and scratch of any size", async () => {
  const sink = new MemorySink("made");
  await sink.write(3000, Uint8Array.of(9));
  assert.equal(sink.bytes, null);
  const scratch = await sink.openScratch();
  for (let i = 0; i < 100; i++) await scratch.append(new Uint8Array(77).fill(i));
  assert.deepEqual([...await scratch.read(77 * 50 - 1, 2)], [49, 50]);
  await assert.rejects(() => scratch.read(7699, 2), RangeError);
  await scratch.close();
  await assert.rejects(() => scratch.read(0, 1), DisposedError);
  await sink.commit();
  assert.equal(sink.bytes!.byteLength, 3001);
  assert.equal(sink.bytes![3000], 9);
  await assert.rejects(() => sink.write(0, Uint8Array.of(1)), DisposedError);
});
