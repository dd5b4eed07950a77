import assert from "node:assert/strict";
import { runCommand } from "../../../src/cli/command.ts";
import { parseSoakArgs, reportSoak, soakCommand } from "../../../src/cli/soak/soak.ts";
import { type RunSoak, SoakError, type SoakReport } from "../../../src/cli/soak/soak_run.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";

const REPORT: SoakReport = {
  frames: 12_000,
  minutes: 1,
  counts: [{ name: "a camera jumps", count: 7, largestGap: 310 }],
  figures: [{ name: "open files", unit: "files", first: 20, last: 20, most: 0 }],
  adapter: "a GPU",
};

/** What a function prints on both streams, and what it answers. */
async function printed(work: () => Promise<number>): Promise<{ code: number; text: string }> {
  const { log, error } = console;
  const lines: string[] = [];
  console.log = console.error = (text: string) => void lines.push(text);
  try {
    return { code: await work(), text: lines.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("a soak lasts some minutes unless it is told how many frames", () => {
  const any = parseSoakArgs([]);
  assert.equal(any.minutes, 5);
  assert.equal(any.frames, undefined);
  assert.ok(Number.isInteger(any.seed) && any.seed >= 0);
  const { seed, frames, minutes } = parseSoakArgs(["--seed", "7", "--frames=300"]);
  assert.deepEqual({ seed, frames, minutes }, { seed: 7, frames: 300, minutes: undefined });
  assert.equal(parseSoakArgs(["--minutes", "0.5", "--frames", "9"]).minutes, 0.5);
});

Deno.test("numbers that are none, and others that cannot be, are refused", () => {
  const refused: readonly (readonly string[])[] = [
    ["--seed=-1"],
    ["--seed", "1.5"],
    ["--seed", "many"],
    ["--seed", "2147483648"],
    ["--frames", "0"],
    ["--frames", "1e3"],
    ["--frames", "2.5"],
    ["--minutes", "0"],
    ["--minutes", "Infinity"],
    ["--minutes", ""],
  ];
  for (const args of refused) {
    assert.throws(() => parseSoakArgs(args), (error) => {
      assert.ok(error instanceof OutOfRangeError, `${args}: ${error}`);
      assert.ok(error.message.includes(args[0]!.replace(/=.*/, "")), error.message);
      return true;
    });
  }
  assert.throws(() => parseSoakArgs(["fast"]), InvalidArgumentError);
  assert.throws(() => parseSoakArgs(["--forever"]), TypeError);
});

Deno.test("wrong arguments are a matter of usage, and help says how it is done", async () => {
  const wrong = await printed(() => runCommand(soakCommand, ["--frames", "none"]));
  assert.equal(wrong.code, 2);
  assert.match(wrong.text, /--frames/);
  assert.match(wrong.text, /deno task soak --help/);
  const help = await printed(() => runCommand(soakCommand, ["--help"]));
  assert.equal(help.code, 0);
  for (const option of ["--minutes", "--frames", "--seed"]) assert.ok(help.text.includes(option));
});

Deno.test("a soak that finds nothing says what it did", async () => {
  const { code, text } = await printed(() =>
    reportSoak({ seed: 1, frames: 5 }, () => Promise.resolve(REPORT))
  );
  assert.equal(code, 0);
  assert.match(text, /a camera jumps +7 +310/);
  assert.match(text, /open files +20 +20 +0 +files/);
  assert.match(text, /12,000 frames in 1\.0 minutes, 200 a second, on a GPU: nothing found/);
});

Deno.test("a soak that finds something names seed and frame, and how to see it again", async () => {
  const finding: RunSoak = () => Promise.reject(new SoakError("broken", { seed: 1, frame: 77 }));
  const { code, text } = await printed(() => reportSoak({ seed: 1, frames: 100 }, finding));
  assert.equal(code, 1);
  assert.match(text, /error: Seed 1, frame 77: broken/);
  assert.match(text, /deno task soak --seed 1 --frames 77/);
});

Deno.test("a soak that is interrupted says what it did until then", async () => {
  const { code, text } = await printed(() =>
    reportSoak({ seed: 1, minutes: 1, signal: AbortSignal.abort() }, () => Promise.resolve(REPORT))
  );
  assert.equal(code, 130);
  assert.match(text, /12,000 frames/);
  assert.match(text, /Interrupted/);
});

Deno.test("negative control: an error that a soak did not find is passed on", async () => {
  const failing: RunSoak = () => Promise.reject(new RangeError("a mistake"));
  await assert.rejects(reportSoak({ seed: 1, frames: 1 }, failing), /a mistake/);
});
