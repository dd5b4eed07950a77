import { checkedChoice } from "../../checks.ts";

/**
 * Effort of a block encoder.
 *
 * - `low`: the diagonal of the bounding box, no search (BC7: mode 6);
 * - `medium`: principal axis, rounds of least squares, p-bits searched (BC7: modes 6 and 1, or 6, 7
 *   and 5 where there is alpha);
 * - `high`: more rounds, endpoints refined step by step (BC7: modes 1, 3, 4, 5, 6 and 7).
 */
export type EncodeQuality = "low" | "medium" | "high";

/** Every {@linkcode EncodeQuality}, from the fastest to the best. */
export const ENCODE_QUALITIES: readonly EncodeQuality[] = Object.freeze(["low", "medium", "high"]);

/** Quality if none is given. */
export const DEFAULT_ENCODE_QUALITY: EncodeQuality = "medium";

/**
 * Checks the name of a quality; undefined means {@linkcode DEFAULT_ENCODE_QUALITY}.
 *
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {OutOfRangeError} if there is no such quality.
 */
export function checkEncodeQuality(quality: string | undefined): EncodeQuality {
  return checkedChoice(quality ?? DEFAULT_ENCODE_QUALITY, {
    name: "quality",
    failure: "Cannot encode blocks",
    choices: ENCODE_QUALITIES,
  });
}
