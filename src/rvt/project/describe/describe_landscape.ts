/**
 * Landscapes as JSON and pictures.
 *
 * @module
 */

import { UnsupportedError } from "../../../errors.ts";
import type { LandscapeComponent } from "../../component/mod.ts";
import type { LandscapeJson } from "../json/component_json.ts";
import type { DescribeParts } from "./describe_parts.ts";

const STEPS = 2 ** 16 - 1;
const DEFAULT_SECTION_QUADS = 64;

/**
 * What a landscape has beside what all components have. Heights become a picture of 16 bits, from the least
 * to the largest height: each is off by half a step at most, which is a 131,070th of that range.
 *
 * @throws {UnsupportedError} if heights come from a streaming texture, whose file is not known.
 */
export async function describeLandscape(
  landscape: LandscapeComponent,
  { files, failure }: DescribeParts,
): Promise<Omit<LandscapeJson, "kind" | "material">> {
  const { surface, name, label, sectionQuads, virtualTextureNumLods } = landscape;
  const { width, height, heights, layers, streamedHeights } = surface;
  if (streamedHeights !== undefined) {
    throw new UnsupportedError(
      "streamed heights",
      `${failure} as ${label} cannot be saved: the file of its texture ` +
        `"${streamedHeights.texture.name}" is not known: write the project by hand`,
    );
  }
  const [least, most] = rangeOf(heights);
  const scale = most > least ? (most - least) / STEPS : 1;
  const data = new Uint8Array(2 * heights.length);
  const view = new DataView(data.buffer);
  heights.forEach((value, i) => view.setUint16(2 * i, Math.round((value - least) / scale)));
  const size = { width, height };
  const file = await files.addPicture(`${name} heights`, { ...size, layout: "grey16", data });
  const painted: [string, string][] = [];
  for (const [layer, weights] of layers) {
    const picture = { ...size, layout: "grey8", data: weights } as const;
    painted.push([layer, await files.addPicture(`${name} ${layer}`, picture)]);
  }
  return {
    picture: { file, scale, ...(least === 0 ? {} : { offset: least }) },
    ...(painted.length === 0 ? {} : { layers: Object.fromEntries(painted) }),
    ...(sectionQuads === DEFAULT_SECTION_QUADS ? {} : { sectionQuads }),
    ...(virtualTextureNumLods === 0 ? {} : { virtualTextureNumLods }),
  };
}

function rangeOf(heights: Float32Array): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of heights) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
