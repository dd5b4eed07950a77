import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "../../src/cli/bench/benchmark.ts";
import { memorySystemOf, requestDevice } from "../../src/gpu/mod.ts";
import { PROJECT } from "../house/project.ts";
import { benchColdStart } from "./cold_start_bench.ts";
import { benchLanding } from "./landing_bench.ts";
import { benchLoads } from "./load_bench.ts";
import { loadBreach } from "./load_bounds.ts";
import { benchPageTable } from "./page_table_bench.ts";
import { resultBreach } from "./result_breach.ts";
import { benchUpdates } from "./update_bench.ts";
import { benchUploads } from "./upload_bench.ts";

Deno.test("every benchmark has a unique name, a description and a function to run", async () => {
  const files = readdirSync(join(PROJECT, "tests", "bench"))
    .filter((file) => file.endsWith("_bench.ts"));
  const names = new Set<string>();
  for (const file of files) {
    const { bench } = await import(`./${file}`) as { bench: Benchmark };
    assert.equal(bench.name, file.slice(0, -"_bench.ts".length));
    assert.ok(bench.description.length > 10, file);
    assert.equal(typeof bench.runBenchmark, "function");
    names.add(bench.name);
  }
  assert.equal(names.size, files.length);
});

Deno.test("updates are measured idle, moving and streaming, at every size, with their heap", async () => {
  using device = await requestDevice();
  const result = await benchUpdates(device, { rounds: 1, idle: 5, moving: 32, streaming: 2 });
  assert.equal(resultBreach(result), "");
  for (const kind of ["idle", "moving", "streaming"]) {
    for (const name of [`${kind}_2^12`, `${kind}_2^15_vs_2^12`, `${kind}_2^18_vs_2^12`]) {
      assert.ok(result.metrics[name]!.median > 0, name);
    }
  }
  assert.ok(result.metrics["tiles_streamed_per_update"]!.median > 0.5);
  assert.ok("moving_heap_per_tile" in result.metrics);
});

Deno.test("changes write exactly the page-table texels whose values change", async () => {
  using device = await requestDevice();
  const result = await benchPageTable(device, { updates: 12, rounds: 2 });
  assert.equal(resultBreach(result), "");
  const { min, max } = result.metrics["written_vs_exact_per_change"]!;
  assert.deepEqual([min, max], [1, 1]);
  assert.ok(result.metrics["changes_per_update"]!.max > 1);
  // A scan of all page entries takes a hundred times as long as the fill.
  assert.ok(result.metrics["load_vs_fill"]!.median < 10);
  assert.ok(result.metrics["root_tile_vs_fill"]!.median < 0.5);
});

Deno.test("tiles that land one by one take little more than all together", async () => {
  const result = await benchLanding({ rounds: 2, side: 60 });
  assert.equal(resultBreach(result), "");
  // Sorting for each of the 3,600 tiles takes some hundred times as long.
  assert.ok(result.metrics["one_by_one_vs_together"]!.median < 10);
});

Deno.test("a cold start settles in the fewest updates that its budgets allow", async () => {
  using device = await requestDevice();
  const result = await benchColdStart(device, { budgets: 2, views: 2 });
  assert.equal(resultBreach(result), "");
  // One that waits goes on until nothing is missing.
  assert.ok(result.metrics["updates_that_wait_vs_fewest"]!.max <= 1);
  assert.equal(result.metrics["updates_that_never_wait_vs_fewest"]!.max, 1);
});

Deno.test("a load costs about as much as writing by hand, and many loads no more than each alone", async () => {
  using device = await requestDevice();
  const result = await benchLoads(device, { rounds: 3, many: 12, exponents: [12, 16] });
  assert.equal(resultBreach(result), "");
  assert.equal(loadBreach(result, { mostByHand: 4, mostOfEach: 2.5 }), "");
});

Deno.test("negative control: a figure that is not finite or out of order is reported", () => {
  const metric = { min: 1, median: 2, max: 3, unit: "ms" };
  assert.equal(resultBreach({ metrics: { time: metric } }), "");
  assert.notEqual(resultBreach({ metrics: {} }), "");
  assert.notEqual(resultBreach({ metrics: { time: { ...metric, median: NaN } } }), "");
  assert.notEqual(resultBreach({ metrics: { time: { ...metric, max: 1 } } }), "");
});

Deno.test("uploads are measured through rings and without, and the rings are gone afterwards", async () => {
  using device = await requestDevice();
  const metrics = await benchUploads(device, { rounds: 2, tiles: 4, format: "rgba8unorm" });
  assert.deepEqual(Object.keys(metrics), ["rings_rgba8unorm", "write_texture_rgba8unorm"]);
  assert.ok(Object.values(metrics).every(({ median }) => median > 0));
  assert.ok(!memorySystemOf(device).hasStagingRings);
});
