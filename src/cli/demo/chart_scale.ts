/**
 * Where frames and values lie in a chart.
 *
 * @module
 */

/** Dimensions of a chart, in SVG units. */
export interface ChartScale {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Width that one frame has. */
  readonly frameWidth: number;
  /** Frames with a label. */
  readonly xTicks: readonly number[];
  /** Values with a line and a label; the last is the top of the axis. */
  readonly yTicks: readonly number[];
  /** Middle of a frame's column. */
  x(frame: number): number;
  /** Height of a value. */
  y(value: number): number;
}

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 68;
const RIGHT = WIDTH - 12;
const TOP = 18;
const BOTTOM = HEIGHT - 44;

/** Dimensions of a chart of so many frames with values from 0 to `highest`. */
export function chartScale(frames: number, highest: number): ChartScale {
  const yTicks = ticks(highest > 0 ? highest : 1, 4);
  const top = yTicks.at(-1)!;
  const frameWidth = (RIGHT - LEFT) / Math.max(1, frames);
  return {
    width: WIDTH,
    height: HEIGHT,
    left: LEFT,
    right: RIGHT,
    top: TOP,
    bottom: BOTTOM,
    frameWidth,
    xTicks: ticks(Math.max(1, frames - 1), 8).filter((frame) =>
      Number.isInteger(frame) && frame < frames
    ),
    yTicks,
    x: (frame) => round(LEFT + (frame + 0.5) * frameWidth),
    y: (value) => round(BOTTOM - (BOTTOM - TOP) * value / top),
  };
}

/** Round numbers from 0 to at least `highest`, about `count` steps of 1, 2 or 5 times a power of 10. */
export function ticks(highest: number, count: number): number[] {
  const rough = highest / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power)
    .find((candidate) => candidate >= rough * 0.999)!;
  const steps = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** A coordinate to two places, which is all that a page shows. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
