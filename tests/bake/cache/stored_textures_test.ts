import assert from "node:assert/strict";
import {
  listStoredTextures,
  pruneTextures,
  removeFormerTextures,
  sourceNameOf,
} from "../../../src/bake/mod.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { bakeOnly, loggedCache, noisePng } from "./made_pictures.ts";

Deno.test("textures are listed least recently used first, with their sources", () =>
  withFolder(async (folder) => {
    const { cache } = loggedCache(`${folder}/cache`);
    assert.deepEqual(await listStoredTextures(cache.folder), []);
    for (const name of ["a.png", "b.png", "c.png"]) {
      await Deno.writeFile(`${folder}/${name}`, await noisePng(name.charCodeAt(0), 20));
      await bakeOnly(cache, `${folder}/${name}`);
    }
    await bakeOnly(cache, `${folder}/a.png`);
    const textures = await listStoredTextures(cache.folder);
    const sources = await Promise.all(textures.map(sourceNameOf));
    assert.deepEqual(sources, ["b", "c", "a"].map((name) => `${folder}/${name}.png`));
    for (const { path, byteLength, usedMs } of textures) {
      assert.equal(byteLength, (await Deno.stat(path)).size);
      assert.ok(Math.abs(usedMs - Date.now()) < 60_000);
      // Reading a store by other means is no use of it.
      await Deno.readFile(path);
    }
    assert.deepEqual(await listStoredTextures(cache.folder), textures);
  }));

Deno.test("after a bake the least recently used textures make room, never the new one", () =>
  withFolder(async (folder) => {
    const pictures = await Promise.all([1, 2, 3, 4].map((seed) => noisePng(seed, 60)));
    const one = (await bakeOnly(loggedCache(`${folder}/one`).cache, pictures[0]!)).path;
    const size = (await Deno.stat(one)).size;
    const { cache, infos } = loggedCache(`${folder}/cache`, { maxBytes: 2.5 * size });
    const [first, second] = [
      await bakeOnly(cache, pictures[0]!),
      await bakeOnly(cache, pictures[1]!),
    ];
    assert.equal((await bakeOnly(cache, pictures[0]!)).wasCached, true);
    const third = await bakeOnly(cache, pictures[2]!);
    const left = (await listStoredTextures(cache.folder)).map(({ path }) => path);
    assert.deepEqual(left, [first.path, third.path], "the second was used least recently");
    assert.match(infos[0]!, /Removed 1 texture/);
    assert.equal((await bakeOnly(cache, pictures[1]!)).wasCached, false);
    assert.equal(second.path !== third.path, true);
    const tiny = loggedCache(`${folder}/tiny`, { maxBytes: 1 }).cache;
    for (const picture of pictures) {
      const { path } = await bakeOnly(tiny, picture);
      assert.deepEqual((await listStoredTextures(tiny.folder)).map((one) => one.path), [path]);
    }
  }));

Deno.test("a texture that is open when it is removed stays readable", () =>
  withFolder(async (folder) => {
    const { cache } = loggedCache(folder);
    const { store } = await cache.openPicture(null, await noisePng(1, 60), { tileSize: 16 });
    const removed = await pruneTextures(folder, { maxBytes: 0 });
    assert.equal(removed.length, 1);
    assert.deepEqual(namesIn(folder), []);
    await store.readTile(0, 1, 1);
    store.close();
  }));

Deno.test("only what the cache made is removed", () =>
  withFolder(async (folder) => {
    const { cache } = loggedCache(folder);
    await bakeOnly(cache, await noisePng(1, 20));
    const hash = "ab".repeat(20);
    const others = ["a.pmtiles", `${hash}.png`, `${hash}a.pmtiles`, "notes.used", "x.forge3d-tmp"];
    for (const name of others) await Deno.writeTextFile(`${folder}/${name}`, "mine");
    await Deno.mkdir(`${folder}/${hash}.pmtiles`);
    await pruneTextures(folder, { maxBytes: 0 });
    await removeFormerTextures(folder);
    assert.deepEqual(namesIn(folder), [...others, `${hash}.pmtiles`].sort());
  }));

Deno.test("textures of the folder of earlier versions are removed by the next bake", () =>
  withFolder(async (folder) => {
    const former = `${"cd".repeat(20)}.pmtiles`;
    await Deno.writeTextFile(`${folder}/${former}`, "old");
    await Deno.writeTextFile(`${folder}/python.snapshot`, "stays");
    const { cache } = loggedCache(`${folder}/textures`, { formerFolder: folder });
    await bakeOnly(cache, await noisePng(1, 20));
    assert.deepEqual(namesIn(folder), ["python.snapshot", "textures"]);
  }));
