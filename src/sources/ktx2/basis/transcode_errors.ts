/**
 * What is said of images that cannot be transcoded.
 *
 * @module
 */

import { MalformedFileError, UnsupportedError } from "../../../errors.ts";
import type { Ktx2File } from "../ktx2_file.ts";
import type { PoolOutcome } from "./transcoder_pool.ts";

/** The error of an image of which no blocks were made. */
export function outcomeError(
  { name, modelName }: Pick<Ktx2File, "name" | "modelName">,
  level: number,
  outcome: Exclude<PoolOutcome, { readonly blocks: unknown }>,
): MalformedFileError | UnsupportedError {
  const failure = `Cannot transcode level ${level} of ${name}`;
  if ("damage" in outcome) {
    return new MalformedFileError(name, `${failure} as its data is damaged: ${outcome.damage}`);
  }
  if ("missing" in outcome) {
    return new UnsupportedError(
      `transcoding ${modelName}`,
      `${failure} as the package ktx2-encoder cannot be loaded, which transcodes ${modelName}: ` +
        `${outcome.missing}. Let the program read Deno's cache, or transcode the file elsewhere`,
    );
  }
  const reason = "exhausted" in outcome
    ? `it takes more memory than the transcoder can have: ${outcome.exhausted}`
    : `the transcoder was lost: ${outcome.lost}`;
  return new UnsupportedError(`${modelName} level of this size`, `${failure} as ${reason}`);
}

/** The error of a part that is too large to be transcoded; `level` null for the tables of all of them. */
export function tooLargeError(
  { name, modelName }: Pick<Ktx2File, "name" | "modelName">,
  { level, bytes, most }: {
    readonly level: number | null;
    readonly bytes: number;
    readonly most: number;
  },
): UnsupportedError {
  const what = level === null ? "the global data" : `level ${level}`;
  return new UnsupportedError(
    `${modelName} of ${bytes} bytes`,
    `Cannot transcode ${what} of ${name} as it must take at most ${most} bytes: current value is ` +
      `${bytes}`,
  );
}
