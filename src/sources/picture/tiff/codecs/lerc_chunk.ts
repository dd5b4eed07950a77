/**
 * LERC data of TIFF files (Esri's Limited Error Raster Compression).
 *
 * @module
 */

import { UnsupportedError } from "../../../../errors.ts";
import { malformedPicture } from "../../headers/picture_header.ts";

/** Not a literal in the import, so that bundles for browsers leave the package out. */
const LERC_PACKAGE: string = "npm:lerc@4.1.1";
type Lerc = typeof import("npm:lerc@4.1.1");

async function loadLerc(): Promise<Lerc> {
  try {
    const lerc = await import(LERC_PACKAGE) as Lerc;
    if (!lerc.isLoaded()) await lerc.load();
    return lerc;
  } catch (cause) {
    throw new UnsupportedError(
      "LERC decoder",
      "Cannot read LERC data here as the package lerc cannot be loaded: bake it elsewhere",
      { cause },
    );
  }
}

/** A strip or tile of LERC data. */
export interface LercChunk {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Bytes of a sample. */
  readonly sampleBytes: number;
  readonly isFloat: boolean;
  /** Written where there is no data; floats are NaN there. */
  readonly fill: number;
  /** The chunk in messages. */
  readonly what: string;
}

/**
 * Decodes a chunk to little-endian numbers, samples of a texel together.
 *
 * @throws {MalformedFileError} if the data is damaged or of another size or type.
 */
export async function decodeLerc(
  name: string,
  data: Uint8Array,
  chunk: LercChunk,
): Promise<Uint8Array> {
  const lerc = await loadLerc();
  const { width, height, samples, sampleBytes, isFloat, what } = chunk;
  let decoded: ReturnType<Lerc["decode"]>;
  try {
    const info = lerc.getBlobInfo(data);
    if (info.width !== width || info.height !== height || info.bandCount * info.depthCount > 64) {
      throw new Error(`it has ${info.width}×${info.height} texels`);
    }
    decoded = lerc.decode(data, { returnInterleaved: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw malformedPicture(
      name,
      `${what} must be LERC data of ${width}×${height} texels: ${message}`,
    );
  }
  const { pixels, mask, depthCount } = decoded;
  const texels = width * height;
  const first = pixels[0]!;
  const isHeld = first.BYTES_PER_ELEMENT === sampleBytes &&
    (first instanceof Float32Array || first instanceof Float64Array) === isFloat;
  const held = pixels.length * depthCount;
  // Alpha may be stored as the mask.
  const isMaskAlpha = held === samples - 1 && mask !== null && sampleBytes === 1;
  if (!isHeld || (held !== samples && !isMaskAlpha)) {
    throw malformedPicture(
      name,
      `${what} must hold ${samples} samples of ${sampleBytes} bytes: it holds ${held} of ` +
        `${first.BYTES_PER_ELEMENT}`,
    );
  }
  const values = new (first.constructor as new (length: number) => typeof first)(texels * samples);
  for (let texel = 0; texel < texels; texel++) {
    const isMissing = mask !== null && mask[texel] === 0;
    for (let sample = 0; sample < held; sample++) {
      const plane = pixels[Math.floor(sample / depthCount)]!;
      const value = plane[texel * depthCount + sample % depthCount]!;
      values[texel * samples + sample] = !isMissing ? value : isFloat ? NaN : chunk.fill;
    }
    if (isMaskAlpha) values[texel * samples + held] = isMissing ? 0 : 255;
  }
  return new Uint8Array(values.buffer);
}
