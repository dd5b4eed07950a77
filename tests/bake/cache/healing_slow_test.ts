import assert from "node:assert/strict";
import { FileError, SourceChangedError } from "../../../src/errors.ts";
import { openFileSource, openTileStore, type TileStore } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { allTiles, bakeOnly, loggedCache, noisePng } from "./made_pictures.ts";

const OPTIONS = { tileSize: 32 } as const;

/** Ways in which a file is spoilt while it is open. */
const DAMAGES: Record<string, (path: string, random: () => number) => Promise<void>> = {
  async "bytes overwritten"(path, random) {
    const { size } = await Deno.stat(path);
    using file = await Deno.open(path, { write: true });
    for (let i = 0; i < 40; i++) {
      await file.seek(Math.floor(random() * size), Deno.SeekMode.Start);
      await file.write(Uint8Array.of(Math.floor(random() * 256)));
    }
  },
  async "cut off"(path, random) {
    await Deno.truncate(path, Math.floor(random() * (await Deno.stat(path)).size));
  },
  async "another file in its place"(path) {
    await Deno.writeTextFile(`${path}.new`, "no tile store");
    await Deno.rename(`${path}.new`, path);
  },
  async "deleted and made again, empty"(path) {
    await Deno.remove(path);
    await Deno.writeTextFile(path, "");
  },
};

/** Reads every tile in random order, several at a time. */
async function streamTiles(
  store: TileStore,
  random: () => number,
  onTile: (count: number) => Promise<void> = () => Promise.resolve(),
): Promise<Uint8Array[]> {
  const { grid } = store;
  const tiles: Uint8Array[] = [];
  const order = Array.from({ length: grid.tileCount }, (_, tile) => tile)
    .map((tile) => ({ tile, key: random() })).sort((a, b) => a.key - b.key);
  let count = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let next = order.pop(); next !== undefined; next = order.pop()) {
      const { level, x, y } = grid.addressOf(next.tile);
      tiles[next.tile] = await store.readTile(level, x, y);
      await onTile(++count);
    }
  }));
  return tiles;
}

for (const [damage, spoil] of Object.entries(DAMAGES)) {
  Deno.test(`a store that is damaged while it streams heals, once: ${damage}`, () =>
    withFolder(async (folder) => {
      const picture = `${folder}/a.png`;
      await Deno.writeFile(picture, await noisePng(1, 200, 150));
      for (let seed = 0; seed < 6; seed++) {
        const random = seededRandom(seed);
        const { cache, warnings } = loggedCache(`${folder}/cache`);
        const { store, path } = await cache.openPicture(null, picture, OPTIONS);
        const whole = await allTiles(store);
        const at = 1 + Math.floor(random() * (whole.length - 8));
        let spoiling: Promise<void> | undefined;
        const tiles = await streamTiles(store, random, (count) => {
          if (count >= at) spoiling ??= spoil(path, random);
          return spoiling ?? Promise.resolve();
        });
        assert.deepEqual(tiles, whole);
        assert.equal(warnings.length, 1, warnings.join("\n"));
        assert.match(warnings[0]!, /Baking .*a\.png again as its baked form is damaged: Cannot/);
        assert.equal(store.counters.bytesUsed >= 2 * whole.length * whole[0]!.length, true);
        store.close();
        const again = await cache.openPicture(null, picture, OPTIONS);
        assert.deepEqual([again.wasCached, warnings.length], [true, 1], "and stays whole");
        again.store.close();
      }
    }));

  Deno.test(`a store that is found to be damaged at load is baked anew, once: ${damage}`, () =>
    withFolder(async (folder) => {
      const { cache, warnings } = loggedCache(`${folder}/cache`);
      const picture = await noisePng(1, 200, 150);
      const { path, store } = await cache.openPicture(null, picture, OPTIONS);
      const whole = await allTiles(store);
      store.close();
      for (let seed = 0; seed < 6; seed++) {
        const before = warnings.length;
        await spoil(path, seededRandom(seed));
        const again = await cache.openPicture(null, picture, OPTIONS);
        assert.deepEqual(await allTiles(again.store), whole);
        again.store.close();
        assert.equal(warnings.length, before + 1, warnings.slice(before).join("\n"));
        assert.match(warnings.at(-1)!, /Baking bytes again/);
      }
    }));

  Deno.test(`negative control: a plain store does not heal: ${damage}`, () =>
    withFolder(async (folder) => {
      const { cache } = loggedCache(`${folder}/cache`);
      const { path } = await bakeOnly(cache, await noisePng(1, 200, 150), OPTIONS);
      const plain = await openTileStore(await openFileSource(path));
      await spoil(path, seededRandom(0));
      await assert.rejects(() => allTiles(plain));
      plain.close();
    }));
}

Deno.test("a store that is deleted stays readable, and is baked again by the next load", () =>
  withFolder(async (folder) => {
    const { cache, warnings } = loggedCache(`${folder}/cache`);
    const picture = await noisePng(1, 100);
    const { path, store } = await cache.openPicture(null, picture, OPTIONS);
    await Deno.remove(path);
    assert.equal((await allTiles(store)).length, store.grid.tileCount);
    store.close();
    assert.equal((await bakeOnly(cache, picture, OPTIONS)).wasCached, false);
    assert.deepEqual(warnings, []);
  }));

Deno.test("a store that was only touched, or replaced by an equal one, is not baked again", () =>
  withFolder(async (folder) => {
    const { cache, warnings } = loggedCache(`${folder}/cache`);
    const { path, store } = await cache.openPicture(null, await noisePng(1, 100), OPTIONS);
    const whole = await allTiles(store);
    await Deno.utime(path, new Date(0), new Date(0));
    assert.deepEqual(await allTiles(store), whole);
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
    assert.deepEqual(await allTiles(store), whole);
    assert.deepEqual(warnings, []);
    store.close();
  }));

Deno.test("two stores of one picture that is damaged share one bake", () =>
  withFolder(async (folder) => {
    const { cache, warnings } = loggedCache(`${folder}/cache`);
    const picture = await noisePng(1, 200);
    const opened = [
      await cache.openPicture(null, picture, OPTIONS),
      await cache.openPicture(null, picture, OPTIONS),
    ];
    const whole = await allTiles(opened[0]!.store);
    await DAMAGES["cut off"]!(opened[0]!.path, seededRandom(1));
    const both = await Promise.all(
      opened.map(({ store }, seed) => streamTiles(store, seededRandom(seed))),
    );
    assert.deepEqual(both, [whole, whole]);
    assert.equal(warnings.length, 1, warnings.join("\n"));
    for (const { store } of opened) store.close();
  }));

Deno.test("a damaged store whose picture is gone or has changed is a typed error that says so", () =>
  withFolder(async (folder) => {
    const picture = `${folder}/a.png`;
    const whole = await noisePng(1, 100);
    const { cache, warnings } = loggedCache(`${folder}/cache`);
    for (
      const [spoilPicture, kind, says] of [
        [() => Deno.remove(picture), FileError, /a\.png.*is damaged and cannot be made:.*no such/],
        [() => Deno.writeTextFile(picture, "x"), SourceChangedError, /a\.png.*damaged and it has/],
      ] as const
    ) {
      await Deno.writeFile(picture, whole);
      const { path, store } = await cache.openPicture(null, picture, OPTIONS);
      await Deno.truncate(path, 1000);
      await spoilPicture();
      for (let i = 0; i < 3; i++) {
        await assert.rejects(() => store.readTile(0, 0, 0), (error: Error) => {
          assert.ok(error instanceof kind, String(error));
          assert.match(error.message, says);
          return true;
        });
      }
      store.close();
      await Deno.remove(path);
    }
    assert.deepEqual(warnings, []);
  }));

Deno.test("a read that is aborted does not end the bake of the others; closing does", () =>
  withFolder(async (folder) => {
    const { cache } = loggedCache(`${folder}/cache`);
    const picture = await noisePng(1, 600);
    const { path, store } = await cache.openPicture(null, picture, OPTIONS);
    const tile = await store.readTile(0, 0, 0);
    await Deno.truncate(path, 1000);
    const abort = new AbortController();
    const aborted = store.readTile(0, 0, 0, { signal: abort.signal });
    const other = store.readTile(0, 0, 0);
    setTimeout(() => abort.abort(), 5);
    await assert.rejects(aborted, { name: "AbortError" });
    assert.deepEqual(await other, tile);
    await Deno.truncate(path, 1000);
    const closed = store.readTile(0, 0, 0);
    setTimeout(() => store.close(), 5);
    await assert.rejects(closed, { name: "DisposedError" });
    await assert.rejects(() => store.readTile(0, 0, 0), { name: "DisposedError" });
    // The bake that was abandoned removes its files.
    for (let i = 0; i < 100 && Array.from(Deno.readDirSync(cache.folder)).length > 2; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(Array.from(Deno.readDirSync(cache.folder)).length, 2);
  }));
