/**
 * The size of pictures that are sent to the decoders: each is written to a disk before it is decoded,
 * and a program can claim any size. The launcher's environment sets the limit, not the program.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { UnsupportedError } from "../../errors.ts";

/** The launcher's environment variable that sets the limit, in bytes. */
export const PICTURE_BYTES_VARIABLE = "FORGE3D_MAX_PICTURE_BYTES";

/** 16 GiB: what the most texels that are decoded by default take, with four uncompressed bytes each. */
const DEFAULT_MOST_BYTES = 2 ** 34;

/**
 * The limit that the environment sets, in bytes.
 *
 * @throws {OutOfRangeError} if it is not a number of bytes.
 */
export function mostPictureBytes(): number {
  const text = Deno.env.get(PICTURE_BYTES_VARIABLE);
  if (!text) return DEFAULT_MOST_BYTES;
  return checkedInteger(Number(text), {
    name: PICTURE_BYTES_VARIABLE,
    failure: "Cannot decode pictures",
    range: [1, Number.MAX_SAFE_INTEGER],
  });
}

/**
 * Checks the size that a program claims of a file.
 *
 * @throws {UnsupportedError} if it is beyond the limit.
 */
export function checkPictureBytes(
  { name, byteLength }: { readonly name: string; readonly byteLength: number },
  mostBytes: number,
): void {
  if (byteLength <= mostBytes) return;
  throw new UnsupportedError(
    PICTURE_BYTES_VARIABLE,
    `Cannot decode picture ${name} as its file must have at most ${mostBytes} bytes: current value is ` +
      `${byteLength}. If the file can be trusted, raise ${PICTURE_BYTES_VARIABLE}`,
  );
}
