import assert from "node:assert/strict";
import sharp from "sharp";
import { BakeCache, identifySource } from "../../../src/bake/mod.ts";
import { BakeError, FileError, SourceChangedError } from "../../../src/errors.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { bakeOnly } from "./made_pictures.ts";

async function png(value: number): Promise<Uint8Array> {
  const raw = { width: 40, height: 30, channels: 3 } as const;
  return new Uint8Array(
    await sharp(new Uint8Array(40 * 30 * 3).fill(value), { raw }).png().toBuffer(),
  );
}

Deno.test("a second load uses what the first baked; other options bake again", () =>
  withFolder(async (folder) => {
    const input = `${folder}/picture.png`;
    await Deno.writeFile(input, await png(9));
    const cache = new BakeCache(`${folder}/deep/cache`);
    const first = await cache.openPicture(null, input, { tileSize: 16 });
    const second = await cache.openPicture(null, input, { tileSize: 16 });
    const third = await cache.openPicture(null, input, { tileSize: 32 });
    assert.deepEqual([first.wasCached, second.wasCached, third.wasCached], [false, true, false]);
    assert.equal(second.path, first.path);
    assert.notEqual(third.path, first.path);
    assert.deepEqual(await second.store.readTile(0, 1, 1), await first.store.readTile(0, 1, 1));
    assert.deepEqual(namesIn(cache.folder).map((name) => name.slice(41)).sort(), [
      "pmtiles",
      "pmtiles",
      "used",
      "used",
    ]);
    for (const { store } of [first, second, third]) store.close();
  }));

Deno.test("a picture that was changed is baked again", () =>
  withFolder(async (folder) => {
    const input = `${folder}/picture.png`;
    const cache = new BakeCache(`${folder}/cache`);
    await Deno.writeFile(input, await png(10));
    const first = await cache.openPicture(null, input, {});
    await Deno.writeFile(input, await png(200));
    await Deno.utime(input, new Date(), new Date(Date.now() + 5000));
    const second = await cache.openPicture(null, input, {});
    assert.equal(second.wasCached, false);
    assert.deepEqual(
      [(await first.store.readTile(0, 0, 0))[0], (await second.store.readTile(0, 0, 0))[0]],
      [10, 200],
    );
    first.store.close();
    second.store.close();
  }));

Deno.test("bytes are identified by their content", () =>
  withFolder(async (folder) => {
    const cache = new BakeCache(folder);
    const first = await cache.openPicture(null, await png(1), {});
    const again = await cache.openPicture(null, await png(1), {});
    const other = await cache.openPicture(null, await png(2), {});
    assert.deepEqual([first.wasCached, again.wasCached, other.wasCached], [false, true, false]);
    for (const { store } of [first, again, other]) store.close();
  }));

Deno.test("a damaged store and one of another source are replaced", () =>
  withFolder(async (folder) => {
    const cache = new BakeCache(folder);
    const input = await png(1);
    const first = await cache.openPicture(null, input, {});
    first.store.close();
    const whole = await Deno.readFile(first.path);
    await Deno.writeFile(first.path, whole.subarray(0, 300));
    const second = await cache.openPicture(null, input, {});
    assert.equal(second.wasCached, false);
    second.store.close();
    const other = await cache.openPicture(null, await png(2), {});
    other.store.close();
    await Deno.copyFile(other.path, first.path);
    const third = await cache.openPicture(null, input, {});
    assert.equal(third.wasCached, false);
    assert.equal((await third.store.readTile(0, 0, 0))[0], 1);
    third.store.close();
  }));

Deno.test("a source that changes while it is baked is an error, and nothing is kept", () =>
  withFolder(async (folder) => {
    const input = `${folder}/picture.png`;
    await Deno.writeFile(input, await png(1));
    const cache = new BakeCache(`${folder}/cache`);
    let isChanged = false;
    const work = cache.openPicture(null, input, {
      onProgress: ({ phase }) => {
        if (phase !== "write" || isChanged) return;
        isChanged = true;
        Deno.writeFileSync(input, new Uint8Array(7));
      },
    });
    await assert.rejects(work, SourceChangedError);
    assert.deepEqual(namesIn(cache.folder), []);
  }));

Deno.test("files left by a killed process are removed, those in use are not", () =>
  withFolder(async (folder) => {
    const old = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    const hash = "0123456789".repeat(4);
    const left = [`${hash}.pmtiles.abc.tmp`, "picture.y.tmp.v", `${hash}.lock`, `${hash}.used`];
    const others = ["keep.pmtiles", "a.tmp", "a.lock", `${hash}.txt`, "scratch.abcd.forge3d-tmp.v"];
    for (const name of [...left, ...others]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
      await Deno.utime(`${folder}/${name}`, old, old);
    }
    const recent = `${hash}.pmtiles.xyz.tmp`;
    await Deno.writeTextFile(`${folder}/${recent}`, "");
    await Deno.writeTextFile(`${folder}/${hash}.pmtiles.abcd.forge3d-tmp`, "");
    await Deno.mkdir(`${folder}/scratch.abcd.forge3d-tmp/deep`, { recursive: true });
    const { store, path } = await new BakeCache(folder).openPicture(null, await png(1), {});
    store.close();
    const made = path.slice(folder.length + 1, -"pmtiles".length);
    assert.deepEqual(
      namesIn(folder),
      [...others, recent, `${made}pmtiles`, `${made}used`].sort(),
    );
  }));

Deno.test("links to a file identify the same source, and a missing file is an error", () =>
  withFolder(async (folder) => {
    const input = `${folder}/picture.png`;
    await Deno.writeFile(input, await png(1));
    await Deno.symlink(input, `${folder}/link.png`);
    assert.deepEqual(
      await identifySource(`${folder}/link.png`, { tileSize: 8 }),
      await identifySource(input, { tileSize: 8 }),
    );
    await assert.rejects(() => identifySource(`${folder}/none`, {}), FileError);
    const cache = new BakeCache(folder);
    await assert.rejects(() => cache.openPicture(null, `${folder}/none.png`, {}), FileError);
  }));

Deno.test("a cache folder that cannot be made is an error that names the remedy", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const cache = new BakeCache(`${folder}/file/cache`);
    await assert.rejects(() => cache.openPicture(null, new Uint8Array(4), {}), Error);
    const input = await png(1);
    await assert.rejects(() => cache.openPicture(null, input, {}), (error) => {
      assert.ok(error instanceof BakeError);
      assert.match(error.message, /Set FORGE3D_CACHE_DIR/);
      return true;
    });
  }));

Deno.test("a texture that cannot be written is an error that names the picture", () =>
  withFolder(async (folder) => {
    const input = `${folder}/picture.png`;
    await Deno.writeFile(input, await png(1));
    const { path } = await bakeOnly(new BakeCache(`${folder}/cache`), input);
    await Deno.remove(path);
    await Deno.mkdir(path);
    await assert.rejects(
      () => new BakeCache(`${folder}/cache`).openPicture(null, input),
      (error) => {
        assert.ok(error instanceof BakeError);
        assert.match(error.message, /^Cannot bake .*picture\.png: Cannot write .* it is a folder/);
        return true;
      },
    );
  }));
