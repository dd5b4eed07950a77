/**
 * Limits of decoding: a small file can claim any size, and take any time.
 *
 * @module
 */

import { checkedAbove, checkedInteger, checkOptionNames } from "../../checks.ts";
import { denoRuntime } from "../../deno_runtime.ts";
import type { PICTURE_LIMIT_VARIABLES } from "../../picture_variables.ts";
import { OutOfRangeError, UnsupportedError } from "../../errors.ts";

/** Limits of decoding a picture. What an option leaves open, an environment variable may set. */
export interface PictureLimits {
  /**
   * Most texels, width × height. Default `FORGE3D_MAX_PIXELS`, else 2^32, as of 65536 × 65536.
   */
  readonly maxPixels?: number;
  /**
   * Most seconds that decoding may take. Default `FORGE3D_MAX_DECODE_SECONDS`, else 10, and 10 more
   * for each megabyte of the file and each hundred million texels, up to 600. The tasks of this project end the decoder then. In
   * the process of a library user the decoder is asked to stop, which it does between rows only:
   * while it reads an interlaced or progressive picture, it goes on.
   */
  readonly maxDecodeSeconds?: number;
  /**
   * Most memory of decoding, in MiB. Default `FORGE3D_MAX_DECODE_MEMORY_MB`, else 2048. Interlaced
   * PNG, progressive JPEG, WebP, and pictures that EXIF turns (orientations 3 to 8), which are held
   * in memory as a whole, are refused by their headers. The tasks of this project also end a decoder
   * that takes more. In the process of a library user nothing does: a small file with very wide rows
   * may take more than the limit.
   */
  readonly maxDecodeMemoryMb?: number;
}

/** The environment variable of each limit. */
const VARIABLES: Readonly<Record<keyof PictureLimits, (typeof PICTURE_LIMIT_VARIABLES)[number]>> = {
  maxPixels: "FORGE3D_MAX_PIXELS",
  maxDecodeSeconds: "FORGE3D_MAX_DECODE_SECONDS",
  maxDecodeMemoryMb: "FORGE3D_MAX_DECODE_MEMORY_MB",
};

const FAILURE = "Cannot decode pictures";

/** Limits in force. */
export interface ResolvedLimits {
  /** Most texels. */
  readonly maxPixels: number;
  /** Seconds; null follows from the size of the file. */
  readonly maxDecodeSeconds: number | null;
  /** Most memory in MiB. */
  readonly maxDecodeMemoryMb: number;
}

const DEFAULT_MAX_PIXELS = 2 ** 32;
const DEFAULT_MEMORY_MB = 2048;
const LEAST_SECONDS = 10;
const SECONDS_PER_BYTE = 10e-6;
/** A large picture of few colours is a small file. */
const SECONDS_PER_TEXEL = 0.1e-6;
const MOST_SECONDS = 600;
/** Largest limits that can be set: a day, and more memory than there is. */
const SETTABLE_SECONDS = 86_400;
const SETTABLE_MEMORY_MB = 2 ** 24;

/**
 * Checks limits, and completes them from the environment.
 *
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 * @throws {OutOfRangeError} for a value that is not allowed, of an environment variable too.
 */
export function resolveLimits(limits: PictureLimits = {}): ResolvedLimits {
  checkOptionNames(limits, { failure: FAILURE, name: "limits", names: Object.keys(VARIABLES) });
  const seconds = limitOf("maxDecodeSeconds", limits);
  if (seconds !== null) {
    checkedAbove(seconds.value, { name: seconds.name, failure: FAILURE, bound: 0 });
  }
  return {
    maxPixels: integerLimit("maxPixels", limits, Number.MAX_SAFE_INTEGER) ?? DEFAULT_MAX_PIXELS,
    maxDecodeSeconds: seconds === null ? null : Math.min(seconds.value, SETTABLE_SECONDS),
    maxDecodeMemoryMb: integerLimit("maxDecodeMemoryMb", limits, SETTABLE_MEMORY_MB) ??
      DEFAULT_MEMORY_MB,
  };
}

function integerLimit(
  limit: keyof PictureLimits,
  limits: PictureLimits,
  most: number,
): number | null {
  const set = limitOf(limit, limits);
  if (set === null) return null;
  return checkedInteger(set.value, { name: set.name, failure: FAILURE, range: [1, most] });
}

/** A limit as the option sets it, else the environment; null if neither does. */
function limitOf(
  limit: keyof PictureLimits,
  limits: PictureLimits,
): { readonly name: string; readonly value: number } | null {
  const value = limits[limit];
  if (value !== undefined) return { name: limit, value };
  const variable = VARIABLES[limit];
  const deno = denoRuntime();
  if (deno?.permissions.querySync({ name: "env", variable }).state !== "granted") return null;
  const text = deno.env.get(variable);
  if (!text) return null;
  const number = Number(text);
  if (!Number.isNaN(number)) return { name: variable, value: number };
  throw new OutOfRangeError(
    variable,
    `${FAILURE} as ${variable} must be a number: current value is ${text}`,
  );
}

/** Seconds that decoding a file may take. */
export function decodeSeconds(
  { maxDecodeSeconds }: ResolvedLimits,
  { fileBytes, texels = 0 }: { readonly fileBytes: number; readonly texels?: number },
): number {
  if (maxDecodeSeconds !== null) return maxDecodeSeconds;
  const seconds = LEAST_SECONDS + SECONDS_PER_BYTE * fileBytes + SECONDS_PER_TEXEL * texels;
  return Math.min(MOST_SECONDS, seconds);
}

/** The error of a picture that goes beyond a limit. */
export function limitError(
  name: string,
  limit: keyof PictureLimits,
  { wanted, current }: { readonly wanted: string; readonly current: string },
): UnsupportedError {
  return new UnsupportedError(
    limit,
    `Cannot decode picture ${name} as ${wanted}: ${current}. If the file can be trusted, raise ` +
      `limits.${limit} or ${VARIABLES[limit]}`,
  );
}

/** The error of a picture that takes too long. */
export function timeLimitError(name: string, seconds: number): UnsupportedError {
  const wanted = `it must take at most ${Number(seconds.toPrecision(3))} s`;
  return limitError(name, "maxDecodeSeconds", { wanted, current: "the decoder was stopped" });
}

/** The error of a picture whose decoder takes too much memory. */
export function memoryLimitError(
  name: string,
  { maxDecodeMemoryMb }: Pick<ResolvedLimits, "maxDecodeMemoryMb">,
  current: string,
): UnsupportedError {
  const wanted = `it must take at most ${maxDecodeMemoryMb} MiB of memory`;
  return limitError(name, "maxDecodeMemoryMb", { wanted, current });
}
