/**
 * What frames say: what to decode, and why it failed.
 *
 * @module
 */

import {
  BakeError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../errors.ts";
import { COLOR_SPACES, type ColorSpace } from "../../../texels/mod.ts";
import type { PictureChoice } from "../picture_choice.ts";
import type { ResolvedLimits } from "../picture_limits.ts";
import type { DecodeRequest } from "./decode_picture.ts";
import { FrameError } from "./frames.ts";

/** What to decode, and how many bytes will come. */
export interface OpenMessage extends DecodeRequest {
  /** Size of the file in bytes. */
  readonly byteLength: number;
}

/** An error that travels from the decoder to the program. */
export interface FailedMessage {
  /** Its class. */
  readonly type: "malformed" | "unsupported" | "range" | "failed";
  /** The file or feature that the error names. */
  readonly subject: string;
  /** Its message. */
  readonly message: string;
}

const MOST_NAME_LENGTH = 4096;

/**
 * Checks what to decode.
 *
 * @throws {FrameError} if it is no such message.
 */
export function checkedOpenMessage(value: unknown): OpenMessage {
  const { name, colorSpace, byteLength, limits, choice } = fieldsOf(value);
  const { page, bands } = fieldsOf(choice);
  const { maxPixels, maxDecodeSeconds, maxDecodeMemoryMb } = fieldsOf(limits);
  const isRight = typeof name === "string" && name.length <= MOST_NAME_LENGTH &&
    (colorSpace === null || (COLOR_SPACES as readonly unknown[]).includes(colorSpace)) &&
    isPositive(byteLength) && isPositive(maxPixels) && isPositive(maxDecodeMemoryMb) &&
    (maxDecodeSeconds === null || isPositive(maxDecodeSeconds)) &&
    (page === null || isCount(page)) && (bands === null || areBands(bands));
  if (!isRight) throw new FrameError("a request to decode must have its fields");
  return {
    name,
    colorSpace: colorSpace as ColorSpace | null,
    byteLength,
    limits: { maxPixels, maxDecodeSeconds, maxDecodeMemoryMb } as ResolvedLimits,
    choice: { page, bands } as PictureChoice,
  };
}

/** An error as it travels. */
export function failedMessage(error: unknown, name: string): FailedMessage {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof MalformedFileError) {
    return { type: "malformed", subject: error.path, message };
  }
  if (error instanceof UnsupportedError) {
    return { type: "unsupported", subject: error.feature, message };
  }
  if (error instanceof OutOfRangeError) {
    return { type: "range", subject: error.argument, message };
  }
  if (error instanceof BakeError) return { type: "failed", subject: error.path, message };
  return { type: "failed", subject: name, message: `Cannot decode picture ${name}: ${message}` };
}

/**
 * The error that a message says.
 *
 * @throws {FrameError} if it is no such message.
 */
export function errorOfMessage(value: unknown): Error {
  const { type, subject, message } = fieldsOf(value);
  if (typeof subject !== "string" || typeof message !== "string") {
    throw new FrameError("an error must have its fields");
  }
  switch (type) {
    case "malformed":
      return new MalformedFileError(subject, message);
    case "unsupported":
      return new UnsupportedError(subject, message);
    case "range":
      return new OutOfRangeError(subject, message);
    default:
      return new BakeError(subject, message);
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new FrameError("a message must be an object");
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function areBands(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= 4 &&
    value.every((band) => isCount(band) && band > 0);
}
