/**
 * Charts over frames, as SVG that styles itself from the page's colours.
 *
 * @module
 */

import { type ChartScale, chartScale, round } from "./chart_scale.ts";
import { escapeMarkup } from "./markup.ts";

/** One series of a chart. */
export interface ChartSeries {
  /** Name in the legend. */
  readonly name: string;
  /** One value a frame. */
  readonly values: readonly number[];
  /** Number of the page's series colour, from 1. */
  readonly color: number;
}

/** A level line across a chart. */
export interface ChartLimit {
  /** Label at the line. */
  readonly name: string;
  readonly value: number;
}

/** A chart. */
export interface Chart {
  /** Heading; also the SVG's accessible name. */
  readonly title: string;
  /** One sentence that describes the chart, for readers who cannot see it. */
  readonly description: string;
  /** `line`: a line a series. `stack`: areas on one another. `bars`: bars a frame, side by side. */
  readonly kind: "line" | "stack" | "bars";
  readonly series: readonly ChartSeries[];
  readonly limit?: ChartLimit;
  /** Least value that the axis reaches up to. */
  readonly atLeast?: number;
  /** A value with its unit, for ticks and tips. */
  format(value: number): string;
}

/** An SVG element with axes, the series, and a tip for each frame. */
export function chartSvg(chart: Chart): string {
  const frames = Math.max(...chart.series.map(({ values }) => values.length));
  const tops = chart.kind === "stack" ? stackedTops(chart.series) : undefined;
  const highest = Math.max(
    chart.atLeast ?? 0,
    chart.limit?.value ?? 0,
    ...(tops?.at(-1) ?? chart.series.flatMap(({ values }) => [...values])),
  );
  const scale = chartScale(frames, highest);
  const marks = chart.kind === "bars"
    ? bars(chart.series, scale)
    : tops === undefined
    ? chart.series.map((series) => line(series, scale)).join("")
    : areas(chart.series, { tops, scale });
  return [
    `<svg viewBox="0 0 ${scale.width} ${scale.height}" role="img" `,
    `aria-label="${escapeMarkup(`${chart.title}. ${chart.description}`)}">`,
    axes(chart, scale),
    marks,
    chart.limit === undefined ? "" : limitLine(chart.limit, scale),
    tips(chart, scale),
    "</svg>",
  ].join("");
}

/** The names of a chart's series beside their colours. */
export function chartLegend(chart: Chart): string {
  const items = chart.series.map(({ name, color }) =>
    `<li><span class="swatch s${color}"></span>${escapeMarkup(name)}</li>`
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

/** Upper edge of each series when it stands on those before it. */
function stackedTops(series: readonly ChartSeries[]): number[][] {
  const tops: number[][] = [];
  for (const { values } of series) {
    const below = tops.at(-1);
    tops.push(values.map((value, frame) => value + (below?.[frame] ?? 0)));
  }
  return tops;
}

function axes(chart: Chart, scale: ChartScale): string {
  const rows = scale.yTicks.map((value) =>
    `<line class="grid" x1="${scale.left}" x2="${scale.right}" y1="${scale.y(value)}" ` +
    `y2="${scale.y(value)}"/><text class="tick" x="${scale.left - 8}" y="${scale.y(value) + 4}" ` +
    `text-anchor="end">${escapeMarkup(chart.format(value))}</text>`
  );
  const columns = scale.xTicks.map((frame) =>
    `<text class="tick" x="${scale.x(frame)}" y="${scale.bottom + 18}" ` +
    `text-anchor="middle">${frame}</text>`
  );
  const label = `<text class="tick" x="${(scale.left + scale.right) / 2}" ` +
    `y="${scale.height - 4}" text-anchor="middle">frame</text>`;
  return rows.join("") + columns.join("") + label;
}

function line({ values, color }: ChartSeries, scale: ChartScale): string {
  return `<path class="line c${color}" d="${path(values, scale)}"/>`;
}

function areas(
  series: readonly ChartSeries[],
  { tops, scale }: { tops: readonly number[][]; scale: ChartScale },
): string {
  return series.map(({ color }, index) => {
    const top = tops[index]!;
    const below = tops[index - 1] ?? top.map(() => 0);
    const back = [...below.entries()].reverse()
      .map(([frame, value]) => `L${scale.x(frame)} ${scale.y(value)}`).join("");
    return `<path class="area f${color}" d="${path(top, scale)}${back}Z"/>`;
  }).join("");
}

function bars(series: readonly ChartSeries[], scale: ChartScale): string {
  const width = Math.max(1, scale.frameWidth * 0.8 / series.length);
  return series.map(({ values, color }, index) =>
    values.map((value, frame) => {
      if (value === 0) return "";
      const x = scale.x(frame) + (index - series.length / 2) * width;
      const y = scale.y(value);
      return `<rect class="f${color}" x="${round(x)}" y="${y}" width="${round(width * 0.9)}" ` +
        `height="${round(scale.bottom - y)}"/>`;
    }).join("")
  ).join("");
}

function limitLine({ name, value }: ChartLimit, scale: ChartScale): string {
  const y = scale.y(value);
  return `<line class="limit" x1="${scale.left}" x2="${scale.right}" y1="${y}" y2="${y}"/>` +
    `<text class="limit-name" x="${scale.right}" y="${y - 5}" text-anchor="end">` +
    `${escapeMarkup(name)}</text>`;
}

/** Invisible columns, one per frame, that show its values under the pointer. */
function tips(chart: Chart, scale: ChartScale): string {
  const frames = Math.max(...chart.series.map(({ values }) => values.length));
  return Array.from({ length: frames }, (_, frame) => {
    const values = chart.series.map(({ name, values }) =>
      `${name}: ${chart.format(values[frame] ?? 0)}`
    );
    const x = scale.x(frame) - scale.frameWidth / 2;
    return `<rect class="tip" x="${round(x)}" y="${scale.top}" width="${
      round(scale.frameWidth)
    }" ` +
      `height="${scale.bottom - scale.top}"><title>${
        escapeMarkup([`frame ${frame}`, ...values].join("\n"))
      }</title></rect>`;
  }).join("");
}

function path(values: readonly number[], scale: ChartScale): string {
  return values.map((value, frame) =>
    `${frame === 0 ? "M" : "L"}${scale.x(frame)} ${scale.y(value)}`
  ).join("");
}
