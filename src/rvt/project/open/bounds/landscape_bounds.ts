/**
 * Bounds of landscapes that a project describes.
 *
 * @module
 */

import {
  transformFrom,
  transformMatrix,
  type Vec3,
  type WorldBounds,
} from "../../../../geometry/mod.ts";
import type { StreamedTexture } from "../../../../streaming/mod.ts";
import type { LandscapeJson } from "../../json/component_json.ts";
import type { Place } from "../../schema/mod.ts";
import { atPlace } from "../at_place.ts";
import type { SceneInputs } from "../scene_inputs.ts";

/** A landscape's own space. */
export interface LandscapeSpace {
  /** Its samples and heights: x and y from 0. */
  readonly bounds: WorldBounds;
  /** To the world, column-major. */
  readonly toWorld: Float64Array;
}

/** What bounds are found with. */
interface LandscapeFiles {
  readonly files: SceneInputs;
  readonly streamedTextures: ReadonlyMap<string, StreamedTexture>;
}

/** Largest texel values by format, as heights are computed from them; floats may have any. */
const LARGEST_VALUES: Readonly<Record<string, number>> = {
  r8unorm: 255,
  rgba8unorm: 255,
  r16unorm: 65535,
};

/**
 * Bounds of a landscape in its own space. Of a picture, they hold all heights that it may have.
 *
 * @throws {FileError} if a picture is missing.
 * @throws {MalformedFileError} if it is damaged, or is of floats, whose range its header does not say.
 * @throws {UnsupportedError} if it needs what is not supported.
 */
export async function landscapeSpace(
  json: LandscapeJson,
  place: Place,
  inputs: LandscapeFiles,
): Promise<LandscapeSpace> {
  const toWorld = await atPlace(
    place.at("transform"),
    () => transformMatrix(transformFrom(json.transform)),
  );
  const { width, height, range } = await samplesOf(json, place, inputs);
  // Heights are numbers of 32 bits.
  const [least, most] = range.map(Math.fround) as [number, number];
  const max: Vec3 = [width - 1, height - 1, most];
  return { bounds: { min: [0, 0, least], max }, toWorld };
}

async function samplesOf(
  { heights = [], width = 2, height = 2, picture, heightTexture }: LandscapeJson,
  place: Place,
  { files, streamedTextures }: LandscapeFiles,
): Promise<
  { readonly width: number; readonly height: number; readonly range: readonly number[] }
> {
  if (picture !== undefined) {
    const { file, scale, offset = 0 } = picture;
    const at = place.at("picture").at("file");
    const info = await files.pictureInfoOf(file, at);
    const largest = LARGEST_VALUES[info.format];
    if (largest === undefined) {
      throw at.error(
        `names ${file}, whose heights of ${info.format} are not known before they are read: what is ` +
          `deferred must have bounds then`,
      );
    }
    return { width: info.width, height: info.height, range: [offset, offset + largest * scale] };
  }
  if (heightTexture !== undefined) {
    const { texture, scale, offset = 0, heightRange = [offset, offset + scale] } = heightTexture;
    const { width, height } = streamedTextures.get(texture)!;
    return { width, height, range: heightRange };
  }
  const [least, most] = heights.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const,
    [Infinity, -Infinity] as const,
  );
  return { width, height, range: [least, most] };
}
