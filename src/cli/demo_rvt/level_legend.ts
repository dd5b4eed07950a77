/**
 * What colours mean in debug views of levels.
 *
 * @module
 */

import { linearToSrgb8 } from "../../texels/mod.ts";

/** Part of the circle of hues by which a level's colour is turned from that of the level before. */
const TURN = 0.381966;
/** How bright views are in the middle: they are darker where the texture is dark. */
const BRIGHTNESS = 0.6;

/**
 * Linear red, green and blue that views give a level, 0 to 1, where the texture is bright: as `vt_level_color` in
 * `shaders/sampling/virtual_texture_debug.wgsl`.
 */
export function levelColor(level: number): readonly number[] {
  return [0, 1 / 3, 2 / 3].map((turns) =>
    0.5 + 0.5 * Math.cos(2 * Math.PI * (turns + TURN * level))
  );
}

/** A list of levels, each with its colour. */
export function levelLegend(levelCount: number): string {
  const items = Array.from({ length: levelCount }, (_, level) => {
    const bytes = levelColor(level).map((part) => linearToSrgb8(BRIGHTNESS * part));
    const color = `rgb(${bytes.join(" ")})`;
    return `<li><span class="swatch" style="background: ${color}"></span>level ${level}</li>`;
  });
  return `<ul class="legend">${items.join("")}</ul>`;
}
