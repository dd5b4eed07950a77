/**
 * The report of the demo: one self-contained HTML page.
 *
 * @module
 */

import type { MaterialTypeName } from "../../rvt/mod.ts";
import type { Picture } from "../../scene/mod.ts";
import { type Chart, chartLegend, chartSvg } from "../demo/chart.ts";
import { REPORT_STYLE } from "../demo/demo_report_style.ts";
import { escapeMarkup } from "../demo/markup.ts";
import { flightCharts } from "./flight_charts.ts";
import type { Comparison, EditRecord, Flight } from "./fly.ts";
import { FAR_STEPS, SHOWN_TIMES } from "./picture_difference.ts";
import { dataUrl, figure } from "./report_figure.ts";
import { TEXTURE_STYLE, textureSection } from "./texture_section.ts";
import type { TextureView } from "./texture_views.ts";

/** What the report tells. */
export interface DemoRvtReport {
  readonly adapter: string;
  /** Whether the adapter draws on the CPU. */
  readonly isCpu: boolean;
  readonly size: readonly [number, number];
  readonly flight: Flight;
  /** All frames. */
  readonly frames: readonly Picture[];
  readonly views: readonly TextureView[];
  /** Levels of the ground as the last frame's camera sees them. */
  readonly levels: Picture;
  /** Texels of each texture, as text. */
  readonly texels: Readonly<Record<MaterialTypeName, string>>;
  /** Most levels of a texture. */
  readonly levelCount: number;
  /** What the console printed, by command. */
  readonly statistics: readonly (readonly [command: string, text: string])[];
  /** Bytes in use, and the budget, as text. */
  readonly memory: string;
}

/** Which part of the flight is over at the frame that the report begins with: it is near the ground. */
const FIRST_SHOWN_AT = 0.4;

const STYLE = `${REPORT_STYLE}${TEXTURE_STYLE}
.facts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 12px; margin: 0 0 20px; }
.row figure { margin: 0; padding: 10px; }
.levels img { background: #181a1e; }
.scroll { margin: 0 0 20px; }
h2 { font-size: 21px; margin: 36px 0 8px; }
.charts h2 { font-size: 17px; margin: 0 0 4px; }
pre { overflow-x: auto; font-size: 13px; line-height: 1.4; }
`;

/**
 * The page.
 *
 * @param contactSheet All frames on a sheet, as a PNG file.
 */
export async function writeDemoRvtReport(
  report: DemoRvtReport,
  contactSheet: Uint8Array,
): Promise<string> {
  const { flight } = report;
  const shown = Math.round(FIRST_SHOWN_AT * (report.frames.length - 1));
  const title = "An island in runtime virtual textures";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>New Zealand's South Island, cut out of a picture of the Earth's heights. Layers by height and slope, a road,
fields and puddles are shaded into tiles when they are wanted; pictures sample those. Rocks and stones blend into
the ground, grass takes its colour, and the sea its depth, from seven textures, one of each material type.</p>
${await figure(report.frames[shown]!, `Frame ${shown}`)}
${facts(report)}
<figure><img src="${dataUrl(contactSheet)}" alt="All frames of the flight">
<figcaption>All ${flight.frames.length} frames, from left to right. A volcano rises after frame
${flight.edit.frame}.</figcaption></figure>
<h2>The edit</h2>
<p>${escapeMarkup(editText(flight.edit))}</p>
<div class="row">
${await figure(flight.edit.before, "Before")}
${await figure(flight.edit.after, "After")}
</div>
<h2>With tiles and without</h2>
<p>${escapeMarkup(comparisonText(report))}</p>
${comparisonTable(flight.comparisons)}
${(await Promise.all(flight.comparisons.map(comparisonRow))).join("\n")}
<h2>The textures</h2>
${await textureSection(report)}
<div class="row levels">
${await figure(report.frames.at(-1)!, "The last frame")}
${await figure(
    report.levels,
    "Tiles of the ground, coloured by level, on a flat plane as its camera sees it",
  )}
</div>
<h2>The flight in numbers</h2>
<div class="charts">
${flightCharts(flight).map(chartFigure).join("\n")}
</div>
<h2>Statistics</h2>
${
    report.statistics.map(([command, text]) =>
      `<h3><code>${escapeMarkup(command)}</code></h3><pre>${escapeMarkup(text)}</pre>`
    ).join("\n")
  }
</main>
</body>
</html>
`;
}

/** One sentence on what the edit cost. */
export function editText(edit: EditRecord): string {
  return `The ground is raised and painted while the camera looks on. Of ${edit.residentTiles} tiles in ` +
    `the atlases, ${edit.tilesRendered} show the place: they were rendered again, and no others, in ` +
    `${edit.updateMs.toFixed(0)} ms.`;
}

/** Width and height of a picture. */
export function sizeText({ width, height }: Pick<Picture, "width" | "height">): string {
  return `${width} × ${height}`;
}

function comparisonText({ isCpu, adapter, size, flight }: DemoRvtReport): string {
  const compared = sizeText(flight.comparisons[0]!.difference.picture);
  const machine = isCpu ? `${adapter} draws on the CPU: a GPU has other ratios. ` : "";
  return `Views of the flight, drawn both ways at ${compared} pixels; frames have ${
    size.join(" × ")
  }. ` +
    `On the left, materials sample tiles. In the middle, no tile is used: all that is written to the ` +
    `textures is evaluated for each pixel. That is a picture to compare with, made for exactness and not for ` +
    `speed: it takes four evaluations a pixel. On the right, their difference, ${SHOWN_TIMES} times as bright. ` +
    `Tiles are compressed to blocks, and have levels. ${machine}Times are those of a picture with its ` +
    `read-back.`;
}

function facts({ adapter, isCpu, size, flight, memory }: DemoRvtReport): string {
  const tiles = flight.frames.reduce((sum, { tilesLoaded }) => sum + tilesLoaded, 0);
  const list = [
    ["adapter", isCpu ? `${adapter} (a CPU)` : adapter],
    ["frames", `${flight.frames.length} of ${size.join(" × ")}`],
    ["tiles rendered", String(tiles)],
    ["rendered again by the edit", String(flight.edit.tilesRendered)],
    ["median picture", `${median(flight.frames.map(({ pictureMs }) => pictureMs)).toFixed(0)} ms`],
    ["memory", memory],
  ] as const;
  const items = list.map(([name, value]) =>
    `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function comparisonTable(comparisons: readonly Comparison[]): string {
  const heads = [
    "frame",
    "pixels",
    "mean difference, of 255",
    `pixels off by more than ${FAR_STEPS}`,
    "PSNR",
    "with tiles",
    "without",
  ];
  const rows = comparisons.map(({ frame, difference, sampledMs, directMs }) => [
    String(frame),
    sizeText(difference.picture),
    difference.mean.toFixed(2),
    `${(100 * difference.farShare).toFixed(2)} %`,
    `${difference.psnr.toFixed(1)} dB`,
    `${sampledMs.toFixed(0)} ms`,
    `${directMs.toFixed(0)} ms`,
  ]);
  return table(heads, rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: "td" | "th") => (text: string) => `<${tag}>${escapeMarkup(text)}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`);
  return `<div class="scroll"><table><thead><tr>${heads.map(cell("th")).join("")}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table></div>`;
}

async function comparisonRow({ frame, sampled, direct, difference }: Comparison): Promise<string> {
  return `<div class="row">
${await figure(sampled, `Frame ${frame}, from tiles`)}
${await figure(direct, "Without tiles")}
${await figure(difference.picture, `Difference × ${SHOWN_TIMES}`)}
</div>`;
}

function chartFigure(chart: Chart): string {
  return `<figure><h2>${escapeMarkup(chart.title)}</h2>${chartLegend(chart)}${chartSvg(chart)}` +
    `<figcaption>${escapeMarkup(chart.description)}.</figcaption></figure>`;
}
