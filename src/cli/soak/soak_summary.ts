/**
 * What a soak has done, as text.
 *
 * @module
 */

import { countText } from "../count_text.ts";
import { textTable } from "../../text_table.ts";
import type { SoakReport } from "./soak_run.ts";

/** Two tables, and a line about the whole. */
export function soakSummary(report: SoakReport): string {
  const { counts, figures, frames, minutes, adapter } = report;
  const steps = textTable(
    ["what happened", "times", "most frames between"],
    counts.map(({ name, count, largestGap }) => [name, `${count}`, `${largestGap}`]),
  );
  const growth = textTable(
    ["what must not grow", "first", "last", "may grow by", "unit"],
    figures.map(({ name, first, last, most, unit }) => [
      name,
      whole(first),
      whole(last),
      whole(most),
      unit,
    ]),
  );
  const rate = frames / (60 * minutes);
  return [
    steps,
    "",
    ...(figures.length > 0 ? [growth, ""] : []),
    `${countText(frames, "frame")} in ${minutes.toFixed(1)} minutes, ${whole(rate)} a second, on ` +
    `${adapter}: nothing found`,
  ].join("\n");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
