import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { resultBreach } from "./result_breach.ts";
import { benchPythonComponents, checkSameWork } from "./rvt_python_bench.ts";

Deno.test("Python's own part is that of its calls, and less than frames take from Python", async () => {
  using device = await requestDevice();
  const result = await benchPythonComponents(device, {
    components: 300,
    moved: [3, 300],
    rounds: 1,
    repeats: 3,
  });
  assert.equal(resultBreach(result), "");
  const median = (name: string) => result.metrics[name]!.median;
  for (const frames of ["3_of_300_moved", "300_of_300_moved"]) {
    assert.ok(median(`${frames}_pythons_own_part`) < median(`${frames}_from_python`), frames);
    assert.ok(median(`${frames}_from_python_vs_typescript`) > 0, frames);
  }
  const [few, all] = [3, 300].map((moved) => median(`${moved}_of_300_moved_pythons_own_part`));
  assert.ok(all! > 3 * few!, `negative control: of more calls it is larger: ${few} and ${all} ms`);
});

Deno.test("negative control: frames that do other work are not compared", () => {
  const frame = { elapsedMs: 1, tilesWanted: 20, tilesLoaded: 8, firstX: 0.5 };
  checkSameWork({ ...frame, elapsedMs: 2 }, frame);
  for (const other of [{ tilesWanted: 21 }, { tilesLoaded: 7 }, { firstX: 0 }]) {
    assert.throws(() => checkSameWork({ ...frame, ...other }, frame), /must be equal/);
  }
});
