import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lane, LaneSetup } from "../../../../src/cli/test/lanes/lane.ts";
import { runLanes, type RunLanesOptions } from "../../../../src/cli/test/lanes/run_lanes.ts";
import { runTests, type RunTestsOptions } from "../../../../src/cli/test/run_tests.ts";
import { NO_RESULTS, resultLine } from "../../../../src/cli/test/test_results.ts";
import { fakeMachine } from "../../fake_machine.ts";
import { withFolder } from "../../../helpers/temporary_folder.ts";

function laneOf(name: string, setUp?: () => Promise<LaneSetup>): Lane {
  return {
    name,
    description: "made for a test",
    files: /^tests\/cli\/test\/lanes\//,
    ownsFiles: false,
    isDefault: false,
    environment: { FORGE3D_LANE: name, FORGE3D_OWN: "lane" },
    ...(setUp && { setUp }),
  };
}

/** Runs lanes without running a test: each would pass two. */
async function fakeRun(lanes: readonly Lane[], options: RunLanesOptions = {}) {
  const runs: { files: readonly string[]; options: RunTestsOptions }[] = [];
  const results = await runLanes(lanes, {
    host: fakeMachine({ adapters: ["A GPU"] }).host,
    runFiles: (files, runOptions) => {
      runs.push({ files, options: runOptions });
      return Promise.resolve({ ...NO_RESULTS, passed: 2 });
    },
    ...options,
  });
  return { results, runs };
}

Deno.test("lanes run one after the other, each in its environment, and their results add up", async () => {
  const set = laneOf("set", () => Promise.resolve({ environment: { FORGE3D_OWN: "set-up" } }));
  const { results, runs } = await fakeRun([laneOf("plain"), set], { filter: "a", parts: ["run_"] });
  assert.equal(resultLine(results!), "4 passed, 0 failed");
  assert.deepEqual(runs.map((run) => run.files), [
    ["tests/cli/test/lanes/run_lanes_test.ts"],
    ["tests/cli/test/lanes/run_lanes_test.ts"],
  ]);
  assert.deepEqual(runs.map((run) => run.options.environment), [
    { FORGE3D_LANE: "plain", FORGE3D_OWN: "lane" },
    { FORGE3D_LANE: "set", FORGE3D_OWN: "set-up" },
  ]);
  assert.deepEqual(runs[0]!.options.flags, ["--filter=a"]);
});

Deno.test("a lane that cannot run counts as skipped, with its reason; the others run", async () => {
  const skipped = laneOf("bare", () => Promise.resolve({ skipReason: "there is no Chromium" }));
  const { results, runs } = await fakeRun([skipped, laneOf("plain")]);
  assert.equal(resultLine(results!), "2 passed, 0 failed, 1 skipped");
  assert.deepEqual(results!.skipped, ["lane bare: there is no Chromium"]);
  assert.equal(runs.length, 1);
});

Deno.test("a set-up that fails is a failed test, never a skipped one", async () => {
  const broken = laneOf("broken", () => Promise.reject(new Error("another adapter")));
  const { results } = await fakeRun([broken, laneOf("plain")]);
  assert.equal(resultLine(results!), "2 passed, 1 failed");
  assert.deepEqual(results!.failures, ["lane broken could not be set up: another adapter"]);
});

Deno.test("a lane without a file to run is not set up", async () => {
  const untouched = laneOf("untouched", () => Promise.reject(new Error("was set up")));
  assert.equal((await fakeRun([untouched], { parts: ["no such file"] })).results, null);
});

Deno.test("tests see their lane's environment", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "a_test.ts");
    const found = join(folder, "found");
    writeFileSync(
      file,
      `Deno.test("a", () => Deno.writeTextFileSync(${
        JSON.stringify(found)
      }, Deno.env.get("LANE")!));`,
    );
    const environment = { LANE: "second-adapter" };
    const results = await runTests([file], { checkTypes: false, environment });
    assert.equal(resultLine(results), "1 passed, 0 failed");
    assert.ok(existsSync(found));
    assert.equal(Deno.readTextFileSync(found), "second-adapter");
  });
});

Deno.test("tests have a cache of their own, which is removed with what they left in it", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "a_test.ts");
    const found = join(folder, "found");
    writeFileSync(
      file,
      `Deno.test("a", () => {
        const cache = Deno.env.get("FORGE3D_CACHE_DIR")!;
        Deno.mkdirSync(cache + "/textures");
        Deno.writeTextFileSync(cache + "/textures/a", "left");
        Deno.writeTextFileSync(${JSON.stringify(found)}, cache);
      });`,
    );
    assert.equal(resultLine(await runTests([file], { checkTypes: false })), "1 passed, 0 failed");
    const cache = Deno.readTextFileSync(found);
    assert.match(cache, /forge3d-tests-cache-/);
    assert.notEqual(cache, Deno.env.get("FORGE3D_CACHE_DIR"));
    assert.ok(!existsSync(cache));
  });
});
