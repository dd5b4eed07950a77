import assert from "node:assert/strict";
import { projectFolder } from "../../../../src/cli/folders.ts";
import { InvalidArgumentError } from "../../../../src/errors.ts";
import { ALL_LANES, LANES, lanesNamed } from "../../../../src/cli/test/lanes/lanes.ts";
import { filesOfLane, findTestFiles } from "../../../../src/cli/test/lanes/lane_files.ts";
import { DEFAULT_LANES, testCommand } from "../../../../src/cli/test/test.ts";

const FILES = findTestFiles(projectFolder());

/** Names of the lanes that run a file, but for those that run again what others do. */
function homesOf(path: string): string[] {
  return LANES.filter(({ name, ownsFiles }) => name === "fast" || ownsFiles)
    .filter((lane) => filesOfLane([path], lane).length > 0).map(({ name }) => name);
}

Deno.test("every test file belongs to one lane, and every lane has files", () => {
  assert.ok(FILES.length > 50);
  for (const path of FILES) assert.equal(homesOf(path).length, 1, path);
  for (const lane of LANES) assert.ok(filesOfLane(FILES, lane).length > 0, lane.name);
});

Deno.test("the ending of a file's name decides its lane", () => {
  assert.deepEqual(homesOf("tests/gpu/a_test.ts"), ["fast"]);
  assert.deepEqual(homesOf("tests/gpu/a_slow_test.ts"), ["slow"]);
  assert.deepEqual(homesOf("tests/gpu/a_browser_test.ts"), ["browser"]);
  assert.deepEqual(homesOf("tests/gpu/a_huge_test.ts"), ["huge"]);
  assert.deepEqual(homesOf("tests/gpu/a.ts"), []);
});

Deno.test("the second adapter runs the fast tests that draw, and no others", () => {
  const [lane] = lanesNamed(["second-adapter"]);
  const files = [
    "tests/gpu/a_test.ts",
    "tests/scene/a_test.ts",
    "tests/golden/a_test.ts",
    "tests/streaming/load/a_test.ts",
    "tests/texels/a_gpu_test.ts",
  ];
  const others = ["tests/gpu/a_slow_test.ts", "tests/texels/a_test.ts", "tests/cli/gpu/a_test.ts"];
  assert.deepEqual(filesOfLane([...files, ...others], lane!), files);
});

Deno.test("lanes run in their own order, whatever order they are named in", () => {
  assert.deepEqual(lanesNamed(["slow", "fast"]).map(({ name }) => name), ["fast", "slow"]);
  assert.deepEqual(DEFAULT_LANES.map(({ name }) => name), ["fast"]);
});

Deno.test("all lanes are every one but those on request, which can be named", () => {
  const left = LANES.filter((lane) => !ALL_LANES.includes(lane)).map(({ name }) => name);
  assert.deepEqual(left, ["huge"]);
  assert.deepEqual(lanesNamed(["huge"]).map(({ name }) => name), ["huge"]);
});

Deno.test("an unknown lane is refused with the names of all lanes", async () => {
  for (const name of ["Fast", "", "nope"]) {
    assert.throws(
      () => lanesNamed(["fast", name]),
      (error) =>
        error instanceof InvalidArgumentError &&
        LANES.every((lane) => error.message.includes(lane.name)),
    );
  }
  await assert.rejects(testCommand.runCommand(["--all", "--lane", "fast"]), InvalidArgumentError);
  await assert.rejects(
    testCommand.runCommand(["--lane", "fast", "no such file"]),
    InvalidArgumentError,
  );
});

Deno.test("the help has a line for each lane, none too long for a terminal", () => {
  const lines = testCommand.help.split("\n");
  for (const { name, description } of LANES) {
    assert.equal(lines.filter((line) => line.includes(`  ${name} `)).length, 1, name);
    assert.ok(lines.some((line) => line.endsWith(description)), name);
  }
  assert.deepEqual(lines.filter((line) => line.length > 100), []);
});
