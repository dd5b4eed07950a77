import assert from "node:assert/strict";
import { chartScale, ticks } from "../../../src/cli/demo/chart_scale.ts";
import { chartSvg } from "../../../src/cli/demo/chart.ts";
import { demoCharts } from "../../../src/cli/demo/demo_charts.ts";
import { parseRecords } from "../../../src/cli/demo/demo_records.ts";
import { writeReport } from "../../../src/cli/demo/demo_report.ts";
import { demoTable, pickEvenly } from "../../../src/cli/demo/demo_table.ts";
import { madeRecords } from "./made_records.ts";

const RECORDS = madeRecords(30);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);

/** The parts of a page that would be fetched from elsewhere. */
function outsideParts(html: string): string[] {
  const links =
    /(?:src|href|srcset|action)\s*=\s*["'](?!data:)[^"']*|url\((?!["']?data:)[^)]*\)|@import|<(?:link|script|iframe|object)\b/g;
  return [...html.matchAll(links)].map(([found]) => found);
}

Deno.test("the report is self-contained", () => {
  const html = writeReport(RECORDS, {
    title: "Flight",
    summary: "From far to near.",
    contactSheet: { png: PNG, description: "frames" },
  });
  assert.deepEqual(outsideParts(html), []);
  assert.match(html, /^<!doctype html>\n<html lang="en">/);
  assert.match(html, /src="data:image\/png;base64,iVBORw=="/);
});

Deno.test("negative control: parts from elsewhere are found", () => {
  for (const part of ['<img src="a.png">', "<script>1</script>", 'url("a.woff")', "@import 'a'"]) {
    assert.notDeepEqual(outsideParts(part), [], part);
  }
});

Deno.test("the report has the four charts, each with an accessible name and its figures", () => {
  const html = writeReport(RECORDS, { title: "Flight", summary: "" });
  const labels = [...html.matchAll(/<svg [^>]*role="img" aria-label="([^"]*)"/g)].map((m) => m[1]!);
  assert.equal(labels.length, 4);
  for (const title of ["Hit rate", "Resident tiles", "Memory against the budget", "Tiles loaded"]) {
    assert.ok(labels.some((label) => label.startsWith(title)), title);
  }
  assert.equal([...html.matchAll(/<tr><th scope="row">/g)].length, RECORDS.length);
  assert.match(html, /prefers-color-scheme: dark/);
});

Deno.test("text from outside cannot bring markup into the page", () => {
  const html = writeReport(RECORDS, {
    title: "<script>alert(1)</script>",
    summary: '"&<b>',
    facts: [["<i>", "<u>"]],
  });
  assert.doesNotMatch(html, /<script|<b>|<i>|<u>/);
});

Deno.test("a chart shows each value where it belongs", () => {
  const [hits, resident, memory, traffic] = demoCharts(RECORDS).map(chartSvg);
  // 9 of 12 tiles were resident, on an axis up to 100 %.
  const scale = chartScale(RECORDS.length, 100);
  assert.ok(hits!.includes(`d="M${scale.x(0)} ${scale.y(75)}L`));
  assert.ok(resident!.includes(`M${scale.x(0)} ${scale.y(20)}L${scale.x(1)} ${scale.y(21)}`));
  assert.match(resident!, />100 slots</);
  // Three parts are not zero; the budget is a line above them.
  assert.equal([...memory!.matchAll(/class="area /g)].length, 3);
  assert.match(memory!, />budget 8\.00 MiB</);
  // 30 bars of loaded tiles, 20 of evicted ones.
  assert.equal([...traffic!.matchAll(/<rect class="f1"/g)].length, 30);
  assert.equal([...traffic!.matchAll(/<rect class="f2"/g)].length, 20);
  assert.match(traffic!, /<title>frame 12\nloaded: 3\nevicted: 2<\/title>/);
});

Deno.test("ticks are round, begin at 0, reach the highest value and are not many", () => {
  for (const highest of [0.003, 0.9, 1, 3, 7, 59, 100, 254, 1e6]) {
    const found = ticks(highest, 4);
    assert.equal(found[0], 0);
    assert.ok(found.at(-1)! >= highest && found.at(-2)! < highest, `${highest}: ${found}`);
    assert.ok(found.length >= 3 && found.length <= 6, `${highest}: ${found}`);
  }
});

Deno.test("the table at the end is short and has the first frame and the last", () => {
  const lines = demoTable(RECORDS).split("\n");
  assert.ok(lines.length <= 13);
  assert.match(lines[2]!, /^0 +4000 +11 +0 +20 +75\.0 % +5\.00 MiB +8\.00 MiB$/);
  assert.match(lines.at(-3)!, /^29 +3971 +98 +40 /);
  assert.deepEqual(pickEvenly([1, 2, 3, 4, 5], 3), [1, 3, 5]);
  assert.deepEqual(pickEvenly([1, 2], 3), [1, 2]);
});

Deno.test("table, report and charts give the same totals, and say what they consist of", () => {
  const html = writeReport(RECORDS, { title: "Flight", summary: "" });
  const totals = /Loaded 98 tiles: 8 with the texture, 90 for the frames.*Hit rate 75\.0 %: of 360/;
  assert.match(html, totals);
  assert.match(demoTable(RECORDS).split("\n").at(-1)!, totals);
  assert.match(html, /<dt>tiles loaded<\/dt><dd>98<\/dd>/);
  assert.match(html, /<dt>tiles evicted<\/dt><dd>40<\/dd>/);
  const traffic = demoCharts(RECORDS).at(-1)!;
  assert.match(
    traffic.description,
    /^98 tiles: 8 with the texture, 90 for the frames, .*; 40 evicted$/,
  );
});

Deno.test("a file without records is refused, and named", () => {
  assert.equal(parseRecords("stats.json", JSON.stringify(RECORDS)).length, 30);
  for (const text of ["", "{}", "[]", '[{"frame": 0}]', "[null]"]) {
    assert.throws(() => parseRecords("stats.json", text), /Cannot read stats\.json/);
  }
});
