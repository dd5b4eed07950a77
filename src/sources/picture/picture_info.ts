/**
 * Describes a picture file from its header.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { type DenoFileInfo, requireDeno } from "../../deno_runtime.ts";
import {
  FileError,
  InvalidArgumentError,
  MalformedFileError,
  UnsupportedError,
} from "../../errors.ts";
import { MAX_VIRTUAL_SIZE } from "../../tiles/mod.ts";
import type { ColorSpace } from "../../texels/mod.ts";
import { fileOpenError } from "../bytes/file_open_error.ts";
import { assertNoLfsPointer, KIND_BYTES } from "../file_kind.ts";
import type { RowFormat } from "../row_source.ts";

/** A picture: a path, or the bytes of a file. */
export type PictureInput = string | Uint8Array;

/** Description of a picture, from its header. */
export interface PictureInfo {
  /** Name of the picture in messages: its path, or "bytes". */
  readonly name: string;
  /** Kind of file. */
  readonly container: "png" | "jpeg" | "tiff" | "webp";
  /** Width in texels, as seen: after the orientation that the file asks for. */
  readonly width: number;
  /** Height in texels, as seen. */
  readonly height: number;
  /** Format of decoded rows: grey keeps its depth, everything else is 8-bit colour with alpha. */
  readonly format: RowFormat;
  /** How values are interpreted by default: 8 bits "srgb", deeper ones "linear". */
  readonly defaultColorSpace: ColorSpace;
  /** Whether the file has transparency. */
  readonly hasAlpha: boolean;
}

/**
 * Most texels of a picture: 2^32, for example 65536 × 65536. (The decoder's own limit, 16383²,
 * is too low for this library; some limit is needed, since a small file can claim any size.)
 */
export const MAX_PICTURE_TEXELS = 2 ** 32;

/**
 * Not a literal in the import, so that bundles for browsers leave the native package out.
 */
const DECODER_PACKAGE: string = "npm:sharp@0.35.5";

/** The decoder, loaded when it is first needed, as browsers do not have it. */
export async function loadSharp(): Promise<typeof import("npm:sharp@0.35.5").default> {
  try {
    return (await import(DECODER_PACKAGE)).default;
  } catch (cause) {
    throw new UnsupportedError(
      "picture decoder",
      "Cannot read pictures here as the package sharp cannot be loaded: bake them elsewhere",
      { cause },
    );
  }
}

/** Options with which every picture is opened. */
export const DECODER_OPTIONS = Object.freeze(
  {
    limitInputPixels: MAX_PICTURE_TEXELS,
    // Cut-off and damaged files fail; warnings about harmless oddities do not.
    failOn: "error",
    sequentialRead: true,
  } as const,
);

/** Name of a picture in messages. */
export function pictureName(input: PictureInput): string {
  return typeof input === "string" ? input : "bytes";
}

/** Converts an error of the decoder to one of this library. */
export function decodeError(name: string, cause: unknown): MalformedFileError {
  const reason = cause instanceof Error
    ? cause.message.trim().replaceAll("\n", "; ")
    : String(cause);
  return new MalformedFileError(name, `Cannot decode picture ${name}: ${reason}`, { cause });
}

/**
 * Reads the header of a PNG, JPEG, TIFF or WebP picture.
 *
 * @param input A path, or the bytes of a file.
 * @throws {FileError} if the file is missing or may not be read.
 * @throws {MalformedFileError} if it is not a picture, is empty or damaged.
 * @throws {UnsupportedError} if it is another kind of picture, too large, or has samples that no
 * texel format can hold.
 */
export async function readPictureInfo(input: PictureInput): Promise<PictureInfo> {
  const name = pictureName(input);
  if (typeof input !== "string" && !(input instanceof Uint8Array)) {
    throw new InvalidArgumentError(
      "input",
      `Cannot read picture as input must be a path or a Uint8Array: current value is ` +
        describeValue(input),
    );
  }
  await assertReadable(input);
  const sharp = await loadSharp();
  let metadata: Awaited<ReturnType<ReturnType<typeof sharp>["metadata"]>>;
  try {
    metadata = await sharp(input, DECODER_OPTIONS).metadata();
  } catch (cause) {
    throw decodeError(name, cause);
  }
  const { width, height } = metadata.autoOrient;
  if (width > MAX_VIRTUAL_SIZE || height > MAX_VIRTUAL_SIZE) {
    throw new UnsupportedError(
      "picture size",
      `Cannot read picture ${name} as its sides must be <= ${MAX_VIRTUAL_SIZE} texels: ` +
        `current values are ${width} and ${height}`,
    );
  }
  const format = rowFormatOf(name, metadata);
  return {
    name,
    container: containerOf(name, metadata.format),
    width,
    height,
    format,
    defaultColorSpace: format === "rgba8unorm" || format === "r8unorm" ? "srgb" : "linear",
    hasAlpha: metadata.hasAlpha,
  };
}

async function assertReadable(input: PictureInput): Promise<void> {
  if (typeof input !== "string") {
    if (input.byteLength === 0) {
      throw new MalformedFileError("bytes", "Cannot read picture bytes as they are empty");
    }
    assertNoLfsPointer("bytes", input.subarray(0, KIND_BYTES));
    return;
  }
  if (input === "" || input.includes("\0")) {
    throw new FileError(
      input === "" ? "file-not-found" : "file-unreadable",
      input,
      `Cannot open picture ${JSON.stringify(input)} as a path must not be empty or hold a NUL`,
    );
  }
  let info: DenoFileInfo;
  let start = new Uint8Array(KIND_BYTES);
  try {
    info = await requireDeno().stat(input);
    using file = await requireDeno().open(input);
    if (info.isFile) start = start.subarray(0, await file.read(start) ?? 0);
  } catch (cause) {
    throw fileOpenError(input, cause);
  }
  if (!info.isFile) {
    throw new FileError("file-unreadable", input, `Cannot open ${input}: it is not a file`);
  }
  if (info.size === 0) {
    throw new MalformedFileError(input, `Cannot read picture ${input} as it is empty`);
  }
  assertNoLfsPointer(input, start);
}

function containerOf(name: string, format: string): PictureInfo["container"] {
  switch (format) {
    case "png":
    case "jpeg":
    case "tiff":
    case "webp":
      return format;
    default:
      throw new UnsupportedError(
        format,
        `Cannot read picture ${name} as it must be PNG, JPEG, TIFF or WebP: current value is ${format}`,
      );
  }
}

/** Grey without alpha keeps its depth; everything else becomes 8-bit colour. */
function rowFormatOf(
  name: string,
  { space, channels, depth }: { space: string; channels: number; depth: string },
): RowFormat {
  if (channels > (space === "cmyk" ? 5 : 4)) {
    throw new UnsupportedError(
      `${channels} channels`,
      `Cannot read picture ${name} as it must have at most 4 channels: current value is ${channels}`,
    );
  }
  const isColor = channels > 2 || !["b-w", "grey16"].includes(space);
  const supported = isColor ? ["uchar", "ushort"] : ["uchar", "ushort", "float"];
  if (!supported.includes(depth)) {
    throw new UnsupportedError(
      `${depth} samples`,
      `Cannot read picture ${name} as samples of ${isColor ? "colour" : "grey"} pictures must be ` +
        `${supported.join(" or ")}: current value is ${depth}`,
    );
  }
  if (isColor || channels === 2) return "rgba8unorm";
  return depth === "uchar" ? "r8unorm" : depth === "ushort" ? "r16unorm" : "r32float";
}
