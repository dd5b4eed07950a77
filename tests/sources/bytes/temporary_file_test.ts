import assert from "node:assert/strict";
import { tryLockFile } from "../../../src/sources/bytes/file_lock.ts";
import {
  forgetTemporary,
  makeTemporaryFile,
  makeTemporaryFolder,
  removeOwnTemporaries,
  sweepTemporaries,
} from "../../../src/sources/bytes/temporary_file.ts";
import { openFileSink } from "../../../src/sources/mod.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";

Deno.test("temporary files and folders in use are not swept, those of ended processes are", () =>
  withFolder(async (folder) => {
    const file = await makeTemporaryFile(`${folder}/a`);
    const own = await makeTemporaryFolder(`${folder}/b`);
    const inUse = namesIn(folder);
    assert.equal(inUse.length, 2);
    await Deno.writeTextFile(`${folder}/c.1234.forge3d-tmp`, "left");
    await Deno.mkdir(`${folder}/d.1234.forge3d-tmp/deep`, { recursive: true });
    await Deno.writeTextFile(`${folder}/d.1234.forge3d-tmp/lock`, "");
    const others = ["e.forge3d-tmp", "e.1234.forge3d-tmp.v", "e.1234.tmp"];
    for (const name of others) await Deno.writeTextFile(`${folder}/${name}`, "not ours");
    await sweepTemporaries(folder);
    assert.deepEqual(namesIn(folder), [...inUse, ...others].sort());
    // Closing ends the lock, as the end of a process does.
    file.file.close();
    await sweepTemporaries(folder);
    assert.deepEqual(namesIn(folder).length, inUse.length - 1 + others.length);
    forgetTemporary(file.path);
    await Deno.writeTextFile(`${own.path}/decoded`, "x");
    await own.remove();
    assert.deepEqual(namesIn(folder), others.sort());
    await sweepTemporaries(`${folder}/none`);
  }));

Deno.test("making and sweeping at the same time never removes what is in use", () =>
  withFolder(async (folder) => {
    let isOver = false;
    const sweeping = (async () => {
      while (!isOver) await sweepTemporaries(folder);
    })();
    for (let i = 0; i < 60; i++) {
      const sink = await openFileSink(`${folder}/made.bin`);
      const own = await makeTemporaryFolder(`${folder}/b`);
      await Deno.writeTextFile(`${own.path}/decoded`, "x");
      await sink.write(0, Uint8Array.of(i));
      assert.equal(await Deno.readTextFile(`${own.path}/decoded`), "x");
      await sink.commit();
      await own.remove();
      assert.deepEqual([...await Deno.readFile(`${folder}/made.bin`)], [i]);
    }
    isOver = true;
    await sweeping;
    assert.deepEqual(namesIn(folder), ["made.bin"]);
  }));

Deno.test("a process that ends before its work removes its temporary files", () =>
  withFolder(async (folder) => {
    const file = await makeTemporaryFile(`${folder}/a`);
    const own = await makeTemporaryFolder(`${folder}/b`);
    removeOwnTemporaries();
    assert.deepEqual(namesIn(folder), []);
    file.file.close();
    await own.remove();
  }));

Deno.test("a lock has one holder at a time, and leaves no file", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.lock`;
    let holders = 0;
    let held = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let taken = 0; taken < 5;) {
        const lock = await tryLockFile(path);
        if (lock === null) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          continue;
        }
        assert.equal(++holders, 1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        holders--;
        held++;
        await lock.release();
        taken++;
      }
    }));
    assert.equal(held, 40);
    assert.deepEqual(namesIn(folder), []);
  }));
