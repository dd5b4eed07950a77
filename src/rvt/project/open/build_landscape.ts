/**
 * Makes the landscapes that a project describes.
 *
 * @module
 */

import { eightBitTexels, readPicture, type WholePicture } from "../../../sources/mod.ts";
import type { StreamedTexture } from "../../../streaming/mod.ts";
import {
  type ComponentOptions,
  LandscapeComponent,
  type LandscapeOptions,
  loadHeightPicture,
  type TextureChannel,
} from "../../component/mod.ts";
import { formatInfo } from "../../../texels/mod.ts";
import type { LandscapeJson, LayerJson } from "../json/component_json.ts";
import { type Place, PROJECT_LIMITS } from "../schema/mod.ts";
import { atPlace } from "./at_place.ts";
import type { SceneInputs } from "./scene_inputs.ts";

const CHANNELS: readonly TextureChannel[] = ["r", "g", "b", "a"];
const DEFAULT_SECTION_QUADS = 64;

/** What landscapes are made with. */
export interface LandscapeInputs {
  readonly files: SceneInputs;
  readonly streamedTextures: ReadonlyMap<string, StreamedTexture>;
}

/**
 * A landscape.
 *
 * @param common Its options that all components have.
 * @throws {FileError} if a picture is missing.
 * @throws {MalformedFileError} if a picture is damaged or of another size, or a value is not allowed.
 * @throws {UnsupportedError} if a picture is not grey, or heights cannot be read of a texture.
 */
export async function buildLandscape(
  json: LandscapeJson,
  place: Place,
  { common, inputs: { files, streamedTextures } }: {
    readonly common: ComponentOptions;
    readonly inputs: LandscapeInputs;
  },
): Promise<LandscapeComponent> {
  const { width, height, heights, sectionQuads, virtualTextureNumLods } = json;
  const { picture, heightTexture, layers } = json;
  const options: Record<string, unknown> = {
    ...common,
    ...given({ width, height, heights, sectionQuads, virtualTextureNumLods }),
  };
  let sides = { width: width ?? 0, height: height ?? 0 };
  if (picture !== undefined) {
    const { file, ...values } = picture;
    const at = place.at("picture").at("file");
    const input = await files.pictureInput(file, at);
    const loaded = await atPlace(at, () => loadHeightPicture(input, values));
    options.picture = sides = loaded;
  }
  if (heightTexture !== undefined) {
    const texture = streamedTextures.get(heightTexture.texture)!;
    options.heightTexture = { ...heightTexture, texture };
    sides = texture;
  }
  checkSections(sides, sectionQuads ?? DEFAULT_SECTION_QUADS, place);
  if (layers !== undefined) {
    options.layers = await buildLayers(layers, place.at("layers"), { files, sides });
  }
  return await atPlace(place, () => new LandscapeComponent(options as unknown as LandscapeOptions));
}

function checkSections(
  { width, height }: { readonly width: number; readonly height: number },
  quads: number,
  place: Place,
): void {
  const sections = Math.ceil((width - 1) / quads) * Math.ceil((height - 1) / quads);
  if (sections <= PROJECT_LIMITS.places) return;
  throw place.at("sectionQuads").error(
    `must leave at most ${PROJECT_LIMITS.places} sections: with ${quads}, there are ${sections}`,
  );
}

async function buildLayers(
  layers: Readonly<Record<string, string | LayerJson>>,
  place: Place,
  { files, sides }: {
    readonly files: SceneInputs;
    readonly sides: { readonly width: number; readonly height: number };
  },
): Promise<Record<string, Uint8Array>> {
  const built: [string, Uint8Array][] = [];
  for (const [name, layer] of Object.entries(layers)) {
    const { file, channel = "r" } = typeof layer === "string" ? { file: layer } : layer;
    const at = place.at(name);
    const input = await files.pictureInput(file, at);
    const picture = await atPlace(at, () =>
      readPicture(input, {
        // Values are left as they are stored.
        colorSpace: "linear",
        check({ width, height }) {
          if (width === sides.width && height === sides.height) return;
          throw at.error(
            `must be a picture as large as its landscape, ${sides.width} by ${sides.height}: ` +
              `current size is ${width} by ${height}`,
          );
        },
      }));
    built.push([name, weightsOf(picture, channel, at)]);
  }
  return Object.fromEntries(built);
}

/** Weights of 8 bits. */
function weightsOf(
  picture: WholePicture,
  channel: TextureChannel,
  place: Place,
): Uint8Array {
  const { format } = picture;
  const index = CHANNELS.indexOf(channel);
  const texels = index < formatInfo(format).channels ? eightBitTexels(picture) : null;
  if (texels === null) {
    throw place.error(
      `must be a picture of 8 or 16 bits that has the channel ${channel}: its texels are ${format}`,
    );
  }
  return Uint8Array.from({ length: texels.length / 4 }, (_, i) => texels[4 * i + index]!);
}

/** The options that are there. */
function given(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
