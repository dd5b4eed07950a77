/**
 * Which of the images of a KTX2 file a texture is: a layer of an array, a face of a cube map, a slice
 * of a 3D texture.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { OutOfRangeError, UnsupportedError } from "../../errors.ts";
import { levelSize } from "../../tiles/mod.ts";
import { kindOf } from "./describe.ts";
import type { Ktx2File } from "./ktx2_file.ts";

/** Names an image; what a file has one of, or none, may be left out. */
export interface ImageChoice {
  /** Layer of an array, from 0. */
  readonly layer?: number;
  /** Face of a cube map: 0 to 5 for +X, −X, +Y, −Y, +Z, −Z. */
  readonly face?: number;
  /** Slice of level 0 of a 3D texture, from 0. */
  readonly slice?: number;
}

/** Names of {@linkcode ImageChoice}, in the order in which images are stored. */
export const IMAGE_OPTIONS: readonly (keyof ImageChoice)[] = ["layer", "face", "slice"];

/** An image that a file has. */
export interface ChosenImage extends Required<ImageChoice> {
  /**
   * Levels of the file that belong to this image. Coarser levels of a 3D texture mix slices, so that of
   * several slices each has one level alone.
   */
  readonly levelCount: number;
  /** What was chosen, such as `layer 2 of 5`; empty of a file with a single image. */
  readonly text: string;
}

/** What of a file decides about images. */
export type ImageFile = Pick<Ktx2File, "name" | "header" | "levels">;

/** How many a file has of what an option chooses; null if it is not of such a kind. */
function countOf({ header }: ImageFile, option: keyof ImageChoice): number | null {
  switch (option) {
    case "layer":
      return header.layerCount > 0 ? header.layerCount : null;
    case "face":
      return header.faceCount > 1 ? header.faceCount : null;
    case "slice":
      return header.pixelDepth > 0 ? header.pixelDepth : null;
  }
}

const KINDS: Readonly<Record<keyof ImageChoice, string>> = {
  layer: "an array",
  face: "a cube map",
  slice: "a 3D texture",
};

/**
 * Finds the image that options name.
 *
 * @throws {InvalidArgumentError} if an option is not a number.
 * @throws {OutOfRangeError} if the file has no such layer, face or slice, or is no array, cube map or 3D
 * texture.
 * @throws {UnsupportedError} naming the options that are missing, if the file has several images.
 */
export function chosenImage(file: ImageFile, choice: ImageChoice = {}): ChosenImage {
  const failure = `Cannot make a texture of ${file.name}`;
  const chosen = { layer: 0, face: 0, slice: 0 };
  const missing: string[] = [];
  const parts: string[] = [];
  for (const option of IMAGE_OPTIONS) {
    const count = countOf(file, option);
    const value = choice[option];
    if (value === undefined) {
      if (count !== null && count > 1) missing.push(`${option} from 0 to ${count - 1}`);
      continue;
    }
    if (count === null) {
      checkedInteger(value, { name: option, failure, range: [0, Infinity] });
      throw new OutOfRangeError(
        option,
        `${failure} as it is not ${
          KINDS[option]
        }, so that ${option} must be left out: current value ` +
          `is ${value}`,
      );
    }
    chosen[option] = checkedInteger(value, { name: option, failure, range: [0, count - 1] });
    parts.push(`${option} ${value} of ${count}`);
  }
  if (missing.length > 0) {
    const kind = `${kindOf(file)}${file.header.pixelDepth > 0 ? " texture" : ""}`;
    throw new UnsupportedError(
      `${kind} as a whole`,
      `${failure} as it is a ${kind}: choose ${missing.join(" and ")}`,
    );
  }
  const levelCount = file.header.pixelDepth > 1 ? 1 : file.levels.length;
  return Object.freeze({ ...chosen, levelCount, text: parts.join(", ") });
}

/**
 * Where an image stands among those of a level: layers are stored one after the other, in each its faces,
 * in each its slices (KTX 2.0, section 3.11, "mipLevelArray").
 *
 * @param level A level of the image's own, below {@linkcode ChosenImage.levelCount}.
 */
export function imageIndex({ header }: ImageFile, image: ChosenImage, level: number): number {
  const slices = levelSize(Math.max(1, header.pixelDepth), level);
  return (image.layer * header.faceCount + image.face) * slices + image.slice;
}
