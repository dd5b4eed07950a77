import assert from "node:assert/strict";
import { Progress, type ProgressOptions } from "../../src/cli/progress.ts";

/** A progress bar whose clock a test moves. */
function progressOn(isTerminal: boolean, options: ProgressOptions = {}) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const progress = new Progress("Baking", {
    isTerminal,
    write: (text) => void written.push(text),
    now: () => clock.ms,
    barWidth: 10,
    ...options,
  });
  return { progress, written, clock };
}

Deno.test("on a terminal one line is redrawn, no faster than the eye can follow", () => {
  const { progress, written, clock } = progressOn(true);
  progress.update(0);
  progress.update(0.1);
  clock.ms = 60;
  progress.update(0.5, "bake");
  progress.update(1);
  progress.done("all of it");
  assert.deepEqual(written, [
    "\r\x1b[2KBaking ░░░░░░░░░░   0 %",
    "\r\x1b[2KBaking █████░░░░░  50 % bake",
    "\r\x1b[2KBaking ██████████ 100 %",
    "\r\x1b[2KBaking: all of it in 0.1 s\n",
  ]);
});

Deno.test("elsewhere a thousand steps make a handful of lines", () => {
  const { progress, written } = progressOn(false);
  for (let step = 0; step <= 1000; step++) progress.update(step / 1000);
  progress.done("all of it");
  assert.ok(written.length <= 6, `${written.length} lines`);
  assert.ok(written.every((text) => /^Baking: .*\n$/.test(text)));
});

Deno.test("a slow job prints a line every few seconds", () => {
  const { progress, written, clock } = progressOn(false);
  for (; clock.ms <= 20_000; clock.ms += 1000) progress.update(0.01);
  assert.equal(written.length, 5);
});

Deno.test("fractions out of range stay in the bar, and nothing follows the end", () => {
  const { progress, written } = progressOn(true);
  progress.update(7);
  progress.abandon();
  progress.update(0.5);
  progress.done("late");
  assert.deepEqual(written, ["\r\x1b[2KBaking ██████████ 100 %", "\r\x1b[2K"]);
});

Deno.test("a note stays on a line of its own", () => {
  const { progress, written } = progressOn(true);
  progress.update(0.5);
  progress.note("mind the gap");
  progress.update(0.5);
  assert.deepEqual(written.slice(1), [
    "\r\x1b[2Kmind the gap\n",
    "\r\x1b[2KBaking █████░░░░░  50 %",
  ]);
});

Deno.test("nothing is shown of a job that is over soon, nor in a pipe where terminals alone see it", () => {
  const shown = "on terminals";
  const { progress, written, clock } = progressOn(true, { shown, quietMs: 1000 });
  progress.update(0.2);
  clock.ms = 999;
  progress.update(0.4);
  progress.abandon();
  assert.deepEqual(written, []);
  for (
    const options of [{ isTerminal: false, shown }, { isTerminal: true, shown: "never" }] as const
  ) {
    const hidden = progressOn(options.isTerminal, options);
    for (; hidden.clock.ms <= 20_000; hidden.clock.ms += 1000) hidden.progress.update(0.5);
    assert.deepEqual(hidden.written, []);
    hidden.progress.done("all of it");
    assert.equal(hidden.written.length, 1, "but its last line");
  }
  const slow = progressOn(true, { shown, quietMs: 1000 });
  slow.clock.ms = 1000;
  slow.progress.update(0.5, "bake");
  assert.deepEqual(slow.written, ["\r\x1b[2KBaking █████░░░░░  50 % bake"]);
});

Deno.test("a long label is cut, so that the line does not wrap", () => {
  for (const columns of [24, 30, 60]) {
    const { progress, written } = progressOn(true, { columns });
    progress.update(0.5, "bake");
    const line = written[0]!.slice("\r\x1b[2K".length);
    assert.ok(line.length < columns, line);
    assert.match(line, /^(?:Baking|…\w*) █████░░░░░ {2}50 % bake$/);
  }
});
