/**
 * A program that opens pictures from a cache and prints what happens, one JSON object a line:
 * `deno run bake_in_process.ts CACHE PICTURE [COUNT]`. It then waits for its input to end, and reads
 * every tile.
 *
 * @module
 */

import { allTiles, loggedCache } from "./made_pictures.ts";

const [folder = "", picture = "", count = "1"] = Deno.args;
const { cache, infos, warnings } = loggedCache(folder);
const phases = new Set<string>();
let mostWaited = 0;
try {
  const opened = await Promise.all(
    Array.from({ length: Number(count) }, () =>
      cache.openPicture(null, picture, {
        tileSize: 64,
        onProgress: ({ phase, fraction }) => {
          if (!phases.has(phase)) console.log(JSON.stringify({ phase }));
          phases.add(phase);
          if (phase === "wait") mostWaited = Math.max(mostWaited, fraction);
        },
      })),
  );
  console.log(JSON.stringify({ opened: opened.map(({ wasCached }) => wasCached), mostWaited }));
  for await (const _ of Deno.stdin.readable);
  let tiles = 0;
  for (const { store } of opened) {
    tiles += (await allTiles(store)).length;
    store.close();
  }
  console.log(JSON.stringify({ tiles, infos, warnings }));
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
  Deno.exit(1);
}
