/**
 * The images of a KTX2 file, counted from its header alone.
 *
 * @module
 */

/** The numbers of a header that say which images there are. */
export interface ImageHeader {
  readonly pixelDepth: number;
  readonly layerCount: number;
  readonly faceCount: number;
}

/** One image: how a reader is asked for it, and its place among those of a level. */
export interface FuzzedImage {
  readonly choice: { readonly layer?: number; readonly face?: number; readonly slice?: number };
  readonly index: number;
}

/** The first image of a file, the one in the middle and the last. */
export function someImages({ pixelDepth, layerCount, faceCount }: ImageHeader): FuzzedImage[] {
  const slices = Math.max(1, pixelDepth);
  const count = Math.max(1, layerCount) * faceCount * slices;
  const indices = new Set([0, count >> 1, count - 1]);
  return [...indices].map((index) => ({
    index,
    choice: {
      ...(layerCount > 0 ? { layer: Math.floor(index / (faceCount * slices)) } : {}),
      ...(faceCount > 1 ? { face: Math.floor(index / slices) % faceCount } : {}),
      ...(pixelDepth > 0 ? { slice: index % slices } : {}),
    },
  }));
}

/** Whether a reader has to be told which image is meant. */
export function needsChoice({ pixelDepth, layerCount, faceCount }: ImageHeader): boolean {
  return pixelDepth > 1 || layerCount > 1 || faceCount > 1;
}

/** Levels of an image: those after the first of a 3D texture mix its slices. */
export function levelsOfImage<Level>(
  { pixelDepth }: ImageHeader,
  levels: readonly Level[],
): readonly Level[] {
  return pixelDepth > 1 ? levels.slice(0, 1) : levels;
}
