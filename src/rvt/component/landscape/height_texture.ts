/**
 * Heights of landscapes that come from a streaming virtual texture.
 *
 * @module
 */

import {
  checkedAbove,
  checkedChoice,
  checkedInstance,
  checkedNumber,
  checkedVector,
  checkOptionNames,
} from "../../../checks.ts";
import { OutOfRangeError, UnsupportedError } from "../../../errors.ts";
import { StreamedTexture } from "../../../streaming/mod.ts";
import { formatInfo, type TexelFormat } from "../../../texels/mod.ts";
import type { StreamedHeights } from "../component_draw.ts";

/** A channel of a texture. */
export type TextureChannel = "r" | "g" | "b" | "a";

/** A streaming virtual texture whose values stand for heights. */
export interface HeightTexture {
  /**
   * The texture, one sample a texel of level 0: of a single plane, with a border of 4 texels or more, and
   * linear, so that its levels are means of heights (`loadTexture(…, { colorSpace: "linear" })`). Loaded
   * with a placement below the landscape, what a camera needs of it comes before pictures report it.
   */
  readonly texture: StreamedTexture;
  /** The channel that holds heights; default `r`. */
  readonly channel?: TextureChannel;
  /**
   * How much higher a value of 1 lies than one of 0, in the landscape's own space; above 0. Values of 8 and
   * 16 bits run from 0 to 1.
   */
  readonly scale: number;
  /** Height of a value of 0; default 0. */
  readonly offset?: number;
  /**
   * Least and largest height, by which the landscape's bounds are known; heights beyond are clamped to it.
   * Default what values from 0 to 1 give; needed for textures of 16 or 32 bits, whose values may be any, or
   * use a small part of that.
   */
  readonly heightRange?: readonly [number, number];
}

const NAMES: readonly (keyof HeightTexture)[] = [
  "texture",
  "channel",
  "scale",
  "offset",
  "heightRange",
];
const CHANNELS: readonly TextureChannel[] = ["r", "g", "b", "a"];
/** Texels that a tile's heights and slopes read beyond its payload. */
const LEAST_BORDER = 4;
/** A 16-bit picture is stored in one of them, by what the device has. */
const DEEP_FORMATS: readonly TexelFormat[] = ["r16unorm", "r32float"];

/**
 * Checks a texture of heights.
 *
 * @throws {InvalidArgumentError} if a value is missing or has the wrong type.
 * @throws {OutOfRangeError} if a value is not allowed.
 * @throws {UnsupportedError} if heights cannot be read of the texture.
 */
export function checkedHeightTexture(
  options: HeightTexture,
  { landscape, failure }: { readonly landscape: string; readonly failure: string },
): StreamedHeights {
  checkOptionNames(options, { failure, names: NAMES, what: "property of a height texture" });
  const { channel = "r", offset = 0 } = options;
  const texture = checkedInstance(options.texture, {
    name: "texture",
    failure,
    kind: StreamedTexture,
  });
  checkTexture(texture, failure);
  checkedChoice(channel, { name: "channel", failure, choices: CHANNELS });
  const { channels } = formatInfo(texture.format);
  const index = CHANNELS.indexOf(channel);
  if (index >= channels) {
    throw new OutOfRangeError(
      "channel",
      `${failure} as texture "${texture.name}" of ${texture.format} has ${channels} channels: ` +
        `current channel is ${channel}`,
    );
  }
  const scale = checkedAbove(options.scale, { name: "scale", failure, bound: 0 });
  const finite = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
  checkedNumber(offset, { name: "offset", failure, range: finite });
  const range = rangeOf(options, { texture, values: [offset, offset + scale], failure });
  return Object.freeze({ texture, channel: index, scale, offset, range, landscape });
}

function checkTexture(texture: StreamedTexture, failure: string): void {
  const { name, border, colorSpace, formats } = texture;
  if (formats.length > 1 || formatInfo(formats[0]!).sampleType !== "float") {
    throw new UnsupportedError(
      formats.join(" + "),
      `${failure} as texture "${name}" must have one plane of numbers: current planes are ` +
        formats.join(" + "),
    );
  }
  if (colorSpace !== "linear") {
    throw new OutOfRangeError(
      "colorSpace",
      `${failure} as heights must be linear: texture "${name}" is ${colorSpace}, load it with ` +
        `colorSpace "linear"`,
    );
  }
  if (border < LEAST_BORDER) {
    throw new OutOfRangeError(
      "border",
      `${failure} as border of texture "${name}" must be >= ${LEAST_BORDER}: ` +
        `current value is ${border}`,
    );
  }
}

function rangeOf(
  { heightRange }: HeightTexture,
  { texture: { name, format }, values, failure }: {
    readonly texture: StreamedTexture;
    readonly values: readonly [number, number];
    readonly failure: string;
  },
): readonly [number, number] {
  if (heightRange === undefined && DEEP_FORMATS.includes(format)) {
    throw new OutOfRangeError(
      "heightRange",
      `${failure} as heightRange must be given for texture "${name}" of ${format}`,
    );
  }
  const given = checkedVector(heightRange ?? values, { name: "heightRange", failure, length: 2 });
  // As the GPU has them.
  const [least, most] = [Math.fround(given[0]!), Math.fround(given[1]!)];
  if (least <= most && Number.isFinite(most - least)) return [least, most];
  throw new OutOfRangeError(
    "heightRange",
    `${failure} as heightRange must be a least and a largest height: current value is ` +
      `[${given[0]}, ${given[1]}]`,
  );
}
