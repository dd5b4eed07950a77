import assert from "node:assert/strict";
import { type BakeWork, shareBake } from "../../../src/bake/cache/shared_bakes.ts";
import { BakeError, DeviceError } from "../../../src/errors.ts";
import { BakeCache } from "../../../src/bake/mod.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { allTiles, loggedCache, noisePng } from "./made_pictures.ts";

/** A bake that the test ends, and what it was given. */
function heldBake() {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const works: BakeWork[] = [];
  const bake = (work: BakeWork) => {
    works.push(work);
    work.signal.addEventListener("abort", () => reject(work.signal.reason));
    return promise;
  };
  return { bake, works, resolve, reject };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("callers of one file share a bake and its progress, also those who come later", async () => {
  const { bake, works, resolve } = heldBake();
  const fractions: number[][] = [[], [], []];
  const callers = fractions.map((list) => ({
    onProgress: ({ fraction }: { fraction: number }) => void list.push(fraction),
  }));
  const first = [shareBake("a", bake, callers[0]!), shareBake("a", bake, callers[1]!)];
  await turn();
  works[0]!.onProgress({ phase: "bake", fraction: 0.25 });
  const late = shareBake("a", bake, callers[2]!);
  await turn();
  works[0]!.onProgress({ phase: "bake", fraction: 0.5 });
  resolve(true);
  assert.deepEqual(await Promise.all([...first, late]), [true, true, true]);
  assert.equal(works.length, 1);
  assert.deepEqual(fractions, [[0.25, 0.5], [0.25, 0.5], [0.25, 0.5]]);
  const next = heldBake();
  next.resolve(false);
  assert.equal(await shareBake("a", next.bake, {}), false, "an ended bake is not shared");
  assert.equal(next.works.length, 1);
});

Deno.test("a caller that is aborted leaves the bake to the others; the last one ends it", async () => {
  const { bake, works } = heldBake();
  const aborts = [new AbortController(), new AbortController(), new AbortController()];
  const calls = aborts.map(({ signal }) => shareBake("a", bake, { signal }));
  await turn();
  for (const [index, abort] of aborts.entries()) {
    assert.equal(works[0]!.signal.aborted, false);
    abort.abort(new Error(`reason ${index}`));
    await assert.rejects(calls[index]!, { message: `reason ${index}` });
  }
  assert.equal(works[0]!.signal.aborted, true);
  await assert.rejects(shareBake("a", bake, { signal: aborts[0]!.signal }), /reason 0/);
  assert.equal(works.length, 1, "an aborted caller begins nothing");
});

Deno.test("a bake that fails fails for all; with the device of one, the next caller bakes", async () => {
  for (
    const [error, begun] of [[new BakeError("a", "full"), 1], [
      new DeviceError("device-failed", "lost"),
      2,
    ]] as const
  ) {
    const works: BakeWork[] = [];
    const bake = async (work: BakeWork) => {
      works.push(work);
      await turn();
      if (works.length === 1) throw error;
      return true;
    };
    const results = await Promise.allSettled([0, 1, 2].map(() => shareBake("a", bake, {})));
    const failed = results.filter(({ status }) => status === "rejected").length;
    assert.deepEqual([works.length, failed], [begun, begun === 1 ? 3 : 1]);
  }
});

Deno.test("if the bake fails once the caller who began it has left, another begins it anew", async () => {
  const abort = new AbortController();
  const begun: string[] = [];
  const { bake, reject } = heldBake();
  const leader = shareBake("a", bake, { signal: abort.signal });
  const other = shareBake("a", () => {
    begun.push("other");
    return Promise.resolve(true);
  }, {});
  await turn();
  abort.abort();
  await assert.rejects(leader, { name: "AbortError" });
  reject(new BakeError("a", "what the first caller used is gone"));
  assert.equal(await other, true);
  assert.deepEqual(begun, ["other"]);
});

Deno.test("a listener that throws fails its own caller alone", async () => {
  const { bake, works, resolve } = heldBake();
  const good = shareBake("a", bake, {});
  const bad = shareBake("a", bake, {
    onProgress: () => {
      throw new RangeError("listener");
    },
  });
  await turn();
  works[0]!.onProgress({ phase: "bake", fraction: 0.5 });
  await assert.rejects(bad, RangeError);
  resolve(true);
  assert.equal(await good, true);
});

Deno.test("several loads of one picture bake it once, and each has a store of its own", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.png`;
    await Deno.writeFile(path, await noisePng(1, 200));
    const cache = new BakeCache(`${folder}/cache`);
    let bakes = 0;
    const seen = new Set<string>();
    const load = (signal?: AbortSignal) => {
      let last = "";
      return cache.openPicture(null, path, {
        tileSize: 64,
        ...(signal ? { signal } : {}),
        onProgress: ({ phase }) => {
          if (phase === "write" && last !== "write" && !seen.has(phase)) bakes++;
          seen.add(phase);
          last = phase;
        },
      });
    };
    const opened = await Promise.all([load(), load(), load(), load()]);
    assert.equal(bakes, 1);
    assert.deepEqual(opened.map(({ wasCached }) => wasCached), [false, false, false, false]);
    const tiles = await Promise.all(opened.map(({ store }) => allTiles(store)));
    for (const other of tiles) assert.deepEqual(other, tiles[0]);
    for (const { store } of opened) store.close();
    assert.deepEqual(namesIn(cache.folder).map((name) => name.slice(41)), ["pmtiles", "used"]);
  }));

Deno.test("of several loads all but one are aborted, the one that began the bake first", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.png`;
    await Deno.writeFile(path, await noisePng(2, 300));
    const { cache } = loggedCache(`${folder}/cache`);
    const aborts = [0, 1, 2].map(() => new AbortController());
    let decodes = 0;
    const calls = [...aborts.map(({ signal }) => signal), undefined].map((signal, index) =>
      cache.openPicture(null, path, {
        tileSize: 64,
        ...(signal ? { signal } : {}),
        onProgress: ({ phase }) => {
          if (phase === "bake") aborts[index]?.abort();
          if (phase === "decode" && index === 3) decodes++;
        },
      })
    );
    const results = await Promise.allSettled(calls);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "rejected", "rejected", "fulfilled"],
    );
    assert.ok(decodes > 0);
    const { store } = await calls[3]!;
    assert.equal((await allTiles(store)).length, store.grid.tileCount);
    store.close();
  }));

Deno.test("when the only load is aborted, nothing is left once it is rejected", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.png`;
    await Deno.writeFile(path, await noisePng(3, 300));
    const { cache } = loggedCache(`${folder}/cache`);
    for (const at of ["decode", "bake", "write"]) {
      const abort = new AbortController();
      const call = cache.openPicture(null, path, {
        tileSize: 64,
        signal: abort.signal,
        onProgress: ({ phase }) => phase === at && abort.abort(),
      });
      await assert.rejects(call, { name: "AbortError" });
      assert.deepEqual(namesIn(cache.folder), []);
    }
  }));
