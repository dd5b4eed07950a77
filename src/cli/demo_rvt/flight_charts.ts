/**
 * The charts of the demo's flight.
 *
 * @module
 */

import type { Chart } from "../demo/chart.ts";
import type { Flight } from "./fly.ts";

/** Tiles and times by frame. */
export function flightCharts({ frames, edit }: Flight): Chart[] {
  const valuesOf = (name: "tilesLoaded" | "updateMs" | "pictureMs") =>
    frames.map((frame) => frame[name]);
  const edited = frames.map(({ frame }) => frame === edit.frame ? edit.tilesRendered : 0);
  return [
    {
      title: "Tiles rendered per frame",
      description: "Tiles that were missing, and those that the edit made stale",
      kind: "bars",
      series: [
        { name: "missing", values: valuesOf("tilesLoaded"), color: 1 },
        { name: "edited", values: edited, color: 2 },
      ],
      format: (value) => String(Math.round(value)),
    },
    {
      title: "Time per frame",
      description: "Milliseconds of a picture with its read-back, and of the updates before it, " +
        "of which the first ones compile materials",
      kind: "line",
      series: [
        { name: "picture", values: valuesOf("pictureMs"), color: 1 },
        { name: "updates", values: valuesOf("updateMs"), color: 2 },
      ],
      format: (value) => `${Math.round(value)} ms`,
    },
  ];
}
