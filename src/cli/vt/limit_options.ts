/**
 * The options that set limits of decoding pictures.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { PictureLimits } from "../../sources/mod.ts";

/** For the command line. */
export const LIMIT_OPTIONS = {
  "max-pixels": { type: "string" },
  "max-decode-seconds": { type: "string" },
  "max-decode-memory": { type: "string" },
} as const;

/** For the help text. */
export const LIMIT_HELP =
  `  --max-pixels N            refuse pictures of more texels; default 4294967296
  --max-decode-seconds N    stop decoding after that; default 10, and 10 more per megabyte and
                            per hundred million texels
  --max-decode-memory MB    most memory of decoding; default 2048`;

/**
 * The limits that the options set.
 *
 * @throws {OutOfRangeError} if one is not a number above 0.
 */
export function limitsOf(
  values: Partial<Record<keyof typeof LIMIT_OPTIONS, string>>,
): PictureLimits {
  const limits: Record<keyof PictureLimits, number | undefined> = {
    maxPixels: numberOf("max-pixels", values["max-pixels"]),
    maxDecodeSeconds: numberOf("max-decode-seconds", values["max-decode-seconds"]),
    maxDecodeMemoryMb: numberOf("max-decode-memory", values["max-decode-memory"]),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function numberOf(option: keyof typeof LIMIT_OPTIONS, text: string | undefined) {
  if (text === undefined) return undefined;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  const isRight = value > 0 && (option === "max-decode-seconds" || Number.isSafeInteger(value));
  if (isRight) return value;
  const wanted = option === "max-decode-seconds" ? "a number > 0" : "an integer >= 1";
  throw new OutOfRangeError(
    `--${option}`,
    `Cannot decode pictures as --${option} must be ${wanted}: current value is ${text}`,
  );
}
