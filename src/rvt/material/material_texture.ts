/**
 * Plain textures that materials sample.
 *
 * @module
 */

import {
  checkedChoice,
  checkedInteger,
  checkOptionNames,
  describeValue,
  failureToMake,
} from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { buildMipChain, type ColorSpace, type MipLevel } from "../../texels/mod.ts";
import { checkedName } from "./checked_name.ts";

/** What lies beyond a texture's edges: the texture again, or its outermost texels. */
export type TextureAddressing = "repeat" | "clamp";

/** Every {@linkcode TextureAddressing}. */
export const TEXTURE_ADDRESSINGS: readonly TextureAddressing[] = Object.freeze(["repeat", "clamp"]);

/** Options of {@linkcode MaterialTexture}. */
export interface MaterialTextureOptions {
  /** What messages and files call it. */
  readonly name: string;
  /** Width in texels, 1 to 8192. */
  readonly width: number;
  /** Height in texels, 1 to 8192. */
  readonly height: number;
  /**
   * Rows of texels from the top: red, green, blue and alpha of 8 bits each, alpha not multiplied in.
   * Copied.
   */
  readonly texels: Uint8Array;
  /** How colours are stored; default `"srgb"`. Graphs get linear values from both. */
  readonly colorSpace?: ColorSpace;
  /** What lies beyond the edges; default `"repeat"`. */
  readonly addressing?: TextureAddressing;
}

const OPTION_NAMES: readonly (keyof MaterialTextureOptions)[] = [
  "name",
  "width",
  "height",
  "texels",
  "colorSpace",
  "addressing",
];
/** Most texels along an edge of a texture. */
export const LARGEST_TEXTURE_EDGE = 8192;
const CHANNELS = 4;

/** A picture of 8-bit texels with all its mips, made on the CPU; each device gets a copy of its own. */
export class MaterialTexture {
  /** What messages and files call it. */
  readonly name: string;
  /** Width in texels. */
  readonly width: number;
  /** Height in texels. */
  readonly height: number;
  /** How colours are stored. */
  readonly colorSpace: ColorSpace;
  /** What lies beyond the edges. */
  readonly addressing: TextureAddressing;
  readonly #texels: Uint8Array;
  #levels: readonly MipLevel[] | null = null;

  /**
   * Takes a copy of the texels.
   *
   * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
   * @throws {OutOfRangeError} if the name is empty, a size is not allowed, or the texels are not
   * `4 * width * height` bytes.
   */
  constructor(options: MaterialTextureOptions) {
    const failure = failureToMake("texture", options);
    checkOptionNames(options, { failure, names: OPTION_NAMES });
    this.name = checkedName(options.name, { name: "name", failure });
    const range = [1, LARGEST_TEXTURE_EDGE] as const;
    this.width = checkedInteger(options.width, { name: "width", failure, range });
    this.height = checkedInteger(options.height, { name: "height", failure, range });
    this.colorSpace = checkedChoice(options.colorSpace ?? "srgb", {
      name: "colorSpace",
      failure,
      choices: ["srgb", "linear"] as const,
    });
    this.addressing = checkedChoice(options.addressing ?? "repeat", {
      name: "addressing",
      failure,
      choices: TEXTURE_ADDRESSINGS,
    });
    const { texels } = options;
    if (!(texels instanceof Uint8Array)) {
      throw new InvalidArgumentError(
        "texels",
        `${failure} as texels must be a Uint8Array: current value is ${describeValue(texels)}`,
      );
    }
    const wanted = CHANNELS * this.width * this.height;
    if (texels.length !== wanted) {
      throw new OutOfRangeError(
        "texels",
        `${failure} as texels must have ${wanted} bytes: current value has ${texels.length}`,
      );
    }
    this.#texels = texels.slice();
  }

  /** Format of its texels on the GPU. */
  get format(): "rgba8unorm" | "rgba8unorm-srgb" {
    return this.colorSpace === "srgb" ? "rgba8unorm-srgb" : "rgba8unorm";
  }

  /** All levels, the finest first; filtered in linear light, weighted by alpha. */
  get levels(): readonly MipLevel[] {
    return this.#levels ??= buildMipChain(this.#texels, {
      width: this.width,
      height: this.height,
      layout: { channels: CHANNELS, storage: "unorm8", colorSpace: this.colorSpace },
    });
  }
}
