/**
 * The report of a flight: one self-contained HTML page.
 *
 * @module
 */

import { byteText } from "../byte_text.ts";
import { type Chart, chartLegend, chartSvg } from "./chart.ts";
import { demoCharts } from "./demo_charts.ts";
import { frameHitRate, type FrameRecord, numberOf } from "./demo_records.ts";
import { demoTotals, hitRate, totalsText } from "./demo_totals.ts";
import { REPORT_STYLE } from "./demo_report_style.ts";
import { escapeMarkup } from "./markup.ts";

/** Content of a report beside the records. */
export interface ReportOptions {
  /** Heading of the page. */
  readonly title: string;
  /** A paragraph on what was done. */
  readonly summary: string;
  /** Facts in a list: name and value. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** PNG of the contact sheet, and what is on it. */
  readonly contactSheet?: { readonly png: Uint8Array; readonly description: string };
}

/** The page with the charts and the figures of a flight. */
export function writeReport(records: readonly FrameRecord[], options: ReportOptions): string {
  const charts = demoCharts(records);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(options.title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(options.title)}</h1>
<p>${escapeMarkup(options.summary)}</p>
${factList([...keyFigures(records), ...(options.facts ?? [])])}
<p>${escapeMarkup(totalsText(demoTotals(records)))}</p>
${contactSheetFigure(options.contactSheet)}
<div class="charts">
${charts.map(chartFigure).join("\n")}
</div>
${recordTable(records)}
</main>
</body>
</html>
`;
}

function keyFigures(records: readonly FrameRecord[]): (readonly [string, string])[] {
  const last = records.at(-1)!;
  const totals = demoTotals(records);
  const mostUsed = Math.max(
    ...records.map(({ get_memory_info }) => numberOf(get_memory_info, "used_memory")),
  );
  return [
    ["frames", String(records.length)],
    ["hit rate", `${hitRate(totals).toFixed(1)} %`],
    ["tiles loaded", String(totals.loaded)],
    ["tiles evicted", String(totals.evicted)],
    ["most memory used", byteText(mostUsed)],
    ["budget", byteText(numberOf(last.get_memory_info, "total_budget"))],
  ];
}

function factList(facts: readonly (readonly [string, string])[]): string {
  const items = facts.map(([name, value]) =>
    `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}

function contactSheetFigure(sheet: ReportOptions["contactSheet"]): string {
  if (sheet === undefined) return "";
  const description = escapeMarkup(sheet.description);
  return `<figure><img src="data:image/png;base64,${sheet.png.toBase64()}" alt="${description}">` +
    `<figcaption>${description}</figcaption></figure>`;
}

function chartFigure(chart: Chart): string {
  return `<figure><h2>${escapeMarkup(chart.title)}</h2>${chartLegend(chart)}${chartSvg(chart)}` +
    `<figcaption>${escapeMarkup(chart.description)}.</figcaption></figure>`;
}

const TABLE_COLUMNS: readonly (readonly [head: string, value: (record: FrameRecord) => number])[] =
  [
    ["requested", ({ update_streaming }) => numberOf(update_streaming, "tiles_requested")],
    ["loaded", ({ update_streaming }) => numberOf(update_streaming, "tiles_loaded")],
    ["loaded in all", ({ get_statistics }) => numberOf(get_statistics, "tiles_loaded")],
    ["evicted", ({ update_streaming }) => numberOf(update_streaming, "tiles_evicted")],
    ["evicted in all", ({ get_statistics }) => numberOf(get_statistics, "tiles_evicted")],
    ["resident", ({ get_memory_info }) => numberOf(get_memory_info, "active_tiles")],
    ["used memory in bytes", ({ get_memory_info }) => numberOf(get_memory_info, "used_memory")],
    ["hit rate of the frame in %", frameHitRate],
    ["since the start", ({ get_statistics }) => numberOf(get_statistics, "cache_hit_rate")],
  ];

/** The figures behind the charts, for those who want to read them. */
function recordTable(records: readonly FrameRecord[]): string {
  const heads = ["frame", ...TABLE_COLUMNS.map(([head]) => head)]
    .map((head) => `<th scope="col">${head}</th>`).join("");
  const rows = records.map((record) => {
    const cells = TABLE_COLUMNS.map(([, value]) => `<td>${Number(value(record).toFixed(1))}</td>`);
    return `<tr><th scope="row">${record.frame}</th>${cells.join("")}</tr>`;
  });
  return `<details><summary>The figures of every frame</summary><div class="scroll"><table>` +
    `<thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table></div></details>`;
}
