import assert from "node:assert/strict";
import { benchTable, verdict } from "../../src/cli/bench/bench_table.ts";
import { summarize } from "../../src/cli/bench/benchmark.ts";
import { byteText } from "../../src/cli/byte_text.ts";
import { errorText, wantsHelp } from "../../src/cli/command.ts";
import { textTable } from "../../src/text_table.ts";
import { FileError } from "../../src/errors.ts";

Deno.test("sizes have three digits and a binary unit", () => {
  const texts = [0, 1023, 1024, 1536, 10 * 1024, 100 * 1024, 1024 ** 2 - 1, 5 * 1024 ** 3];
  assert.deepEqual(texts.map(byteText), [
    "0 B",
    "1.00 KiB",
    "1.00 KiB",
    "1.50 KiB",
    "10.0 KiB",
    "100 KiB",
    "1.00 MiB",
    "5.00 GiB",
  ]);
});

Deno.test("tables align text to the left and numbers to the right", () => {
  assert.equal(
    textTable(["name", "value"], [["a", "1 ms"], ["long name", "100 ms"]]),
    [
      "name        value",
      "─────────  ──────",
      "a            1 ms",
      "long name  100 ms",
    ].join("\n"),
  );
});

Deno.test("a median is the middle of the samples, whatever their order", () => {
  assert.deepEqual(summarize([3, 1, 2], { unit: "ms" }), { median: 2, min: 1, max: 3, unit: "ms" });
  assert.equal(summarize([4, 1, 2, 3], { unit: "ms" }).median, 2.5);
  assert.throws(() => summarize([], { unit: "ms" }), RangeError);
  assert.throws(() => summarize([1, NaN], { unit: "ms" }), RangeError);
});

Deno.test("a figure is compared with its bound and its target", () => {
  const metric = { median: 1.2, min: 1, max: 2, unit: "ratio" };
  assert.equal(verdict({ ...metric, target: 1.1 }), "MISSED");
  assert.equal(verdict({ ...metric, target: 1.6, aim: 1.3 }), "aim reached");
  assert.equal(verdict({ ...metric, target: 1.6, aim: 1.1 }), "reached");
  assert.equal(verdict(metric), "");
  assert.match(
    benchTable({ shading: { ...metric, target: 1.1 } }),
    /shading +1\.20 ratio.*MISSED/,
  );
});

Deno.test("errors of the library are shown by their messages, others with their causes", () => {
  const cause = new Error("the disk is full");
  const own = new FileError("file-unreadable", "a", "Cannot read a", { cause });
  assert.equal(errorText(own), "Cannot read a");
  assert.equal(errorText(new Error("it failed", { cause })), "it failed: the disk is full");
  assert.equal(errorText("plain"), "plain");
});

Deno.test("help is asked for only before a double dash", () => {
  assert.ok(wantsHelp(["a", "-h"]));
  assert.ok(!wantsHelp(["a", "--", "--help"]));
});
