/**
 * Limits of decoding: a small file can claim any size, and take any time.
 *
 * @module
 */

import { checkedAbove, checkedInteger, checkOptionNames } from "../../checks.ts";
import { denoRuntime } from "../../deno_runtime.ts";
import { PICTURE_LIMIT_VARIABLES } from "../../picture_variables.ts";
import { OutOfRangeError, UnsupportedError } from "../../errors.ts";

/** Limits of decoding a picture. What an option leaves open, an environment variable may set. */
export interface PictureLimits {
  /**
   * Most texels, width × height. Default `FORGE3D_MAX_PIXELS`, else 2^32, as of 65536 × 65536.
   */
  readonly maxPixels?: number;
  /**
   * Most seconds that decoding may take. Default `FORGE3D_MAX_DECODE_SECONDS`, else 10, and 10 more
   * for each megabyte of the file, up to 600. The tasks of this project end the decoder then. In
   * the process of a library user the decoder is asked to stop, which it does between rows only:
   * while it reads an interlaced or progressive picture, it goes on.
   */
  readonly maxDecodeSeconds?: number;
  /**
   * Most memory of decoding, in MiB. Default `FORGE3D_MAX_DECODE_MEMORY_MB`, else 2048. Interlaced
   * PNG, progressive JPEG and WebP, which are held in memory as a whole, are refused by their
   * headers. The tasks of this project also end a decoder that takes more.
   */
  readonly maxDecodeMemoryMb?: number;
}

/** How a limit is set, for messages. */
const SET_BY: Readonly<Record<keyof PictureLimits, string>> = {
  maxPixels: "limits.maxPixels or FORGE3D_MAX_PIXELS",
  maxDecodeSeconds: "limits.maxDecodeSeconds or FORGE3D_MAX_DECODE_SECONDS",
  maxDecodeMemoryMb: "limits.maxDecodeMemoryMb or FORGE3D_MAX_DECODE_MEMORY_MB",
};

/** Limits in force. */
export interface ResolvedLimits {
  readonly maxPixels: number;
  /** Seconds; null follows from the size of the file. */
  readonly maxDecodeSeconds: number | null;
  readonly maxDecodeMemoryMb: number;
}

const DEFAULT_MAX_PIXELS = 2 ** 32;
const DEFAULT_MEMORY_MB = 2048;
const LEAST_SECONDS = 10;
const SECONDS_PER_BYTE = 10e-6;
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
  const failure = "Cannot decode pictures";
  const names = Object.keys(SET_BY);
  checkOptionNames(limits, { failure, names });
  const [pixels, seconds, memory] = PICTURE_LIMIT_VARIABLES.map(environmentNumber);
  const maxPixels = limits.maxPixels ?? pixels ?? DEFAULT_MAX_PIXELS;
  const maxDecodeSeconds = limits.maxDecodeSeconds ?? seconds ?? null;
  const maxDecodeMemoryMb = limits.maxDecodeMemoryMb ?? memory ?? DEFAULT_MEMORY_MB;
  const checked = (name: keyof PictureLimits) => ({ name: SET_BY[name], failure });
  checkedInteger(maxPixels, { ...checked("maxPixels"), range: [1, Number.MAX_SAFE_INTEGER] });
  const range = [1, SETTABLE_MEMORY_MB] as const;
  checkedInteger(maxDecodeMemoryMb, { ...checked("maxDecodeMemoryMb"), range });
  if (maxDecodeSeconds !== null) {
    checkedAbove(maxDecodeSeconds, { ...checked("maxDecodeSeconds"), bound: 0 });
  }
  return {
    maxPixels,
    maxDecodeSeconds: maxDecodeSeconds === null
      ? null
      : Math.min(maxDecodeSeconds, SETTABLE_SECONDS),
    maxDecodeMemoryMb,
  };
}

/** Seconds that decoding a file may take. */
export function decodeSeconds({ maxDecodeSeconds }: ResolvedLimits, fileBytes: number): number {
  return maxDecodeSeconds ?? Math.min(MOST_SECONDS, LEAST_SECONDS + SECONDS_PER_BYTE * fileBytes);
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
      SET_BY[limit],
  );
}

/** The error of a picture that takes too long. */
export function timeLimitError(name: string, seconds: number): UnsupportedError {
  const wanted = `it must take at most ${Number(seconds.toFixed(1))} s`;
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

function environmentNumber(variable: string): number | null {
  const deno = denoRuntime();
  if (deno?.permissions.querySync({ name: "env", variable }).state !== "granted") return null;
  const text = deno.env.get(variable);
  if (text === undefined || text === "") return null;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new OutOfRangeError(
    variable,
    `Cannot decode pictures as ${variable} must be a number: current value is ${text}`,
  );
}
