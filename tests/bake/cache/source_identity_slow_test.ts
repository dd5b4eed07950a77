import assert from "node:assert/strict";
import { identifySource, WHOLE_HASH_BYTES } from "../../../src/bake/mod.ts";
import { waitForChangeTime } from "../../../src/bake/cache/source_identity.ts";
import { FileError } from "../../../src/errors.ts";
import { seededRandom } from "../../helpers/random.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { allTiles, bakeOnly, flatPng, loggedCache } from "./made_pictures.ts";

/** Changes one byte of a file and sets its time of modification back. */
async function changeByte(path: string, offset: number): Promise<void> {
  const { atime, mtime } = await Deno.stat(path);
  {
    using file = await Deno.open(path, { read: true, write: true });
    const byte = new Uint8Array(1);
    await file.seek(offset, Deno.SeekMode.Start);
    await file.read(byte);
    await file.seek(offset, Deno.SeekMode.Start);
    await file.write(Uint8Array.of(byte[0]! ^ 1));
  }
  await Deno.utime(path, atime!, mtime!);
}

Deno.test("a file of up to 8 MiB is another one if any byte differs, whatever its times say", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.bin`;
    await Deno.writeFile(path, new Uint8Array(WHOLE_HASH_BYTES));
    const first = await identifySource(path, {});
    const random = seededRandom(1);
    for (let i = 0; i < 5; i++) {
      const offset = Math.floor(random() * WHOLE_HASH_BYTES);
      await changeByte(path, offset);
      assert.notDeepEqual(await identifySource(path, {}), first);
      await changeByte(path, offset);
      assert.deepEqual(await identifySource(path, {}), first, "negative control: the same bytes");
    }
    await Deno.utime(path, new Date(0), new Date(0));
    await Deno.mkdir(`${folder}/moved`);
    await Deno.rename(path, `${folder}/moved/a.bin`);
    assert.deepEqual(await identifySource(`${folder}/moved/a.bin`, {}), first, "moved and touched");
  }));

Deno.test("a larger file is another one if any byte differs, once the time has moved on", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.bin`;
    const size = 5 * WHOLE_HASH_BYTES;
    await Deno.writeFile(path, new Uint8Array(size));
    await waitForChangeTime(path);
    const first = await identifySource(path, {});
    assert.deepEqual(await identifySource(path, {}), first, "negative control: nothing changed");
    await changeByte(path, Math.floor(seededRandom(2)() * size));
    const second = await identifySource(path, {});
    assert.notDeepEqual(second, first);
    // A sample has the change as well where it lies in one: at the ends, among others.
    await changeByte(path, size - 1);
    const third = await identifySource(path, {});
    assert.notEqual(third.samples, second.samples);
    assert.equal(third.modifiedMs, first.modifiedMs);
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
    assert.notEqual((await identifySource(path, {})).inode, first.inode);
  }));

Deno.test("identifying a large file reads a small part of it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.bin`;
    {
      using file = await Deno.open(path, { create: true, write: true });
      await file.truncate(400 * 2 ** 20);
    }
    await identifySource(path, {});
    const startMs = performance.now();
    await identifySource(path, {});
    const sampledMs = performance.now() - startMs;
    const wholeMs = performance.now();
    await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
    const ratio = sampledMs / (performance.now() - wholeMs);
    assert.ok(ratio < 0.2, `${ratio}`);
  }));

Deno.test("a picture with other content, the same size and time is baked again", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.png`;
    const time = new Date(1e12);
    const pictures = [await flatPng(10), await flatPng(11)];
    assert.equal(pictures[0]!.length, pictures[1]!.length);
    const { cache } = loggedCache(`${folder}/cache`);
    for (const [index, picture] of pictures.entries()) {
      await Deno.writeFile(path, picture);
      await Deno.utime(path, time, time);
      const { store, wasCached } = await cache.openPicture(null, path, {});
      assert.equal(wasCached, false);
      assert.equal((await allTiles(store))[0]![0], 10 + index);
      store.close();
    }
    await Deno.utime(path, new Date(), new Date());
    assert.equal((await bakeOnly(cache, path)).wasCached, true, "touching it changes nothing");
  }));

Deno.test("waiting for a file's time ends within a second, and with the signal", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.bin`;
    await Deno.writeFile(path, new Uint8Array(WHOLE_HASH_BYTES + 1));
    const startMs = performance.now();
    await waitForChangeTime(path);
    assert.ok(performance.now() - startMs < 1500);
    await waitForChangeTime(path);
    await waitForChangeTime(new Uint8Array(3));
    await Deno.writeFile(path, new Uint8Array(WHOLE_HASH_BYTES + 2));
    await assert.rejects(waitForChangeTime(path, AbortSignal.abort()), { name: "AbortError" });
    await assert.rejects(waitForChangeTime(`${folder}/none`), FileError);
  }));
