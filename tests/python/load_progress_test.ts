import assert from "node:assert/strict";
import { withLoadProgress } from "../../src/python/load_progress.ts";
import type { LoadTextureOptions } from "../../src/streaming/mod.ts";

/** Loads twice reporting progress, the second time failing; returns what was shown. */
async function shownOf(input: unknown, options: LoadTextureOptions = {}): Promise<string[]> {
  const shown: string[] = [];
  const show = (name: string) => ({
    update: (fraction: number, phase: string) => void shown.push(`${name} ${phase} ${fraction}`),
    abandon: () => void shown.push("end"),
  });
  const load = ({ onProgress, quality }: LoadTextureOptions) => {
    onProgress?.({ phase: "bake", fraction: 0.5 });
    return Promise.resolve(quality);
  };
  assert.equal(await withLoadProgress(show, { input, options }, load), options.quality);
  const broken = () => Promise.reject(new Error("broken"));
  await assert.rejects(withLoadProgress(show, { input, options }, broken), /broken/);
  return shown;
}

Deno.test("loads show their progress and remove it, also where they fail", async () => {
  const options = { quality: "high", onProgress: null as never } as const;
  assert.deepEqual(await shownOf("/a/b.png", options), ["/a/b.png bake 0.5", "end", "end"]);
  assert.deepEqual(await shownOf(new Uint8Array(3)), ["bytes bake 0.5", "end", "end"]);
});

Deno.test("a caller that follows a load is told instead", async () => {
  const told: number[] = [];
  const onProgress = ({ fraction }: { fraction: number }) => void told.push(fraction);
  assert.deepEqual(await shownOf("a.png", { onProgress }), []);
  assert.deepEqual(told, [0.5]);
});
