/**
 * WGSL of colour maps.
 *
 * @module
 */

import mapCode from "../../../shaders/sampling/color_map.wgsl" with { type: "text" };
import { type ColorMap, colorStops } from "../../texels/mod.ts";

/**
 * The functions `vt_color_map(value: f32, range: vec2f) -> vec4f` and
 * `vt_color_map_at(at: f32) -> vec3f`, of a number from 0 to 1.
 *
 * A line through stops is a sum of ramps, each of which adds what the slope changes by at its stop. That
 * takes no texture, and no table that is indexed, which compilers would copy for each pixel.
 */
export function colorMapWgsl(map: ColorMap): string {
  const stops = colorStops(map);
  const ramps: string[] = [];
  let before = [0, 0, 0];
  for (const [i, { at, color }] of stops.slice(0, -1).entries()) {
    const next = stops[i + 1]!;
    const slope = color.map((part, c) => (next.color[c]! - part) / (next.at - at));
    const change = slope.map((part, c) => part - before[c]!);
    ramps.push(`  color += max(at - ${float(at)}, 0.0) * ${vector(change)};`);
    before = slope;
  }
  return `${mapCode}
fn vt_color_map_at(at: f32) -> vec3<f32> {
  var color = ${vector(stops[0]!.color)};
${ramps.join("\n")}
  return saturate(color);
}
`;
}

function vector(parts: readonly number[]): string {
  return `vec3<f32>(${parts.map(float).join(", ")})`;
}

function float(value: number): string {
  return value.toFixed(7);
}
