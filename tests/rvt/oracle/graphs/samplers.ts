/**
 * What graphs are told of the textures that they sample.
 *
 * @module
 */

import type { AttributeName } from "../../../../src/rvt/asset/attributes.ts";
import type { RuntimeVirtualTextureLike } from "../../../../src/rvt/material/expressions/expression.ts";
import type { MaterialTexture } from "../../../../src/rvt/material/material_texture.ts";
import type { StreamedTexture } from "../../../../src/streaming/mod.ts";
import type { Numbers } from "./operations.ts";
import {
  levelOfDerivatives,
  type LinearLevel,
  linearLevels,
  sampleTrilinear,
} from "./sample_texture.ts";

/** Where a texture is sampled, and its level: given, or what a step to the next pixel adds to the place. */
export type SamplePlace =
  | { readonly at: Numbers; readonly level: number }
  | {
    readonly at: Numbers;
    /** What a step to the right adds. */
    readonly ddx: Numbers;
    /** What a step downwards adds. */
    readonly ddy: Numbers;
    /** Levels to add. */
    readonly bias: number;
    /** Whether the steps are in texture coordinates or in the world. */
    readonly derivativesOf: "uv" | "world";
  };

/** Texels, as float64. Red, green, blue and alpha are linear. */
export interface Samplers {
  texture(texture: MaterialTexture, place: SamplePlace): Numbers;
  virtualTexture(texture: StreamedTexture, place: SamplePlace): Numbers;
  runtimeVirtualTexture(
    asset: RuntimeVirtualTextureLike,
    place: SamplePlace & {
      readonly by: "world_position" | "uv";
      readonly attribute: AttributeName;
    },
  ): Numbers;
}

/** Samplers that know plain textures alone; others are added by spreading them. */
export function plainTextureSamplers(): Samplers {
  const decoded = new Map<MaterialTexture, LinearLevel[]>();
  return {
    texture: (texture, place) => {
      const levels = decoded.get(texture) ?? linearLevels(texture);
      decoded.set(texture, levels);
      const level = "level" in place
        ? place.level
        : levelOfDerivatives([texture.width, texture.height], place) + place.bias;
      return sampleTrilinear(levels, { uv: place.at, level, addressing: texture.addressing });
    },
    virtualTexture: (texture) => {
      throw new Error(`There is no sampler of streaming virtual texture ${texture.name}`);
    },
    runtimeVirtualTexture: ({ name }) => {
      throw new Error(`There is no sampler of runtime virtual texture ${name}`);
    },
  };
}
