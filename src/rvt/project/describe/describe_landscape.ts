/**
 * Landscapes as JSON and pictures.
 *
 * @module
 */

import type { LandscapeComponent, LandscapeSurface, TextureChannel } from "../../component/mod.ts";
import type { StreamedHeights } from "../../component/component_draw.ts";
import type { LandscapeJson } from "../json/component_json.ts";
import type { DescribedFiles } from "./described_files.ts";
import type { DescribeParts } from "./describe_parts.ts";
import type { NamedParts } from "./named_parts.ts";

const STEPS = 2 ** 16 - 1;
const DEFAULT_SECTION_QUADS = 64;
const CHANNELS: readonly TextureChannel[] = ["r", "g", "b", "a"];

/**
 * What a landscape has beside what all components have. Heights become a picture of 16 bits, from the least
 * to the largest height, or one of floats where those steps are not exact: low mips that were baked of them
 * are not stale by being saved.
 *
 * @throws {UnsupportedError} if heights are streamed of a texture that was not loaded from a file.
 */
export async function describeLandscape(
  landscape: LandscapeComponent,
  { files, named }: Pick<DescribeParts, "files" | "named">,
): Promise<Omit<LandscapeJson, "kind" | "material">> {
  const { surface, name, label, sectionQuads, virtualTextureNumLods } = landscape;
  const { width, height, layers, streamedHeights } = surface;
  const size = { width, height };
  const heights = streamedHeights === undefined
    ? { picture: await describePicture(surface, { files, name }) }
    : { heightTexture: describeHeightTexture(streamedHeights, named, label) };
  const painted: [string, string][] = [];
  for (const [layer, weights] of layers) {
    const picture = { ...size, layout: "grey8", data: weights } as const;
    painted.push([layer, await files.addPicture(`${name} ${layer}`, picture)]);
  }
  return {
    ...heights,
    ...(painted.length === 0 ? {} : { layers: Object.fromEntries(painted) }),
    ...(sectionQuads === DEFAULT_SECTION_QUADS ? {} : { sectionQuads }),
    ...(virtualTextureNumLods === 0 ? {} : { virtualTextureNumLods }),
  };
}

function describeHeightTexture(
  { texture, channel, scale, offset, range }: StreamedHeights,
  named: NamedParts,
  label: string,
): NonNullable<LandscapeJson["heightTexture"]> {
  return {
    texture: named.addStreamedTexture(texture, label),
    scale,
    ...(channel === 0 ? {} : { channel: CHANNELS[channel]! }),
    ...(offset === 0 ? {} : { offset }),
    heightRange: [...range],
  };
}

async function describePicture(
  { width, height, heights }: LandscapeSurface,
  { files, name }: { readonly files: DescribedFiles; readonly name: string },
): Promise<NonNullable<LandscapeJson["picture"]>> {
  const [least, most] = rangeOf(heights);
  const scale = most > least ? (most - least) / STEPS : 1;
  const steps = Float64Array.from(heights, (value) => Math.round((value - least) / scale));
  const title = `${name} heights`;
  if (heights.some((value, i) => !Object.is(value, Math.fround(steps[i]! * scale + least)))) {
    return { file: await files.addFloats(title, { width, height, data: heights }), scale: 1 };
  }
  const data = new Uint8Array(2 * heights.length);
  const view = new DataView(data.buffer);
  steps.forEach((step, i) => view.setUint16(2 * i, step));
  const file = await files.addPicture(title, { width, height, layout: "grey16", data });
  return { file, scale, ...(least === 0 ? {} : { offset: least }) };
}

function rangeOf(heights: Float32Array): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of heights) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
