/**
 * Checks that every tile source makes on a read.
 *
 * @module
 */
import { checkedNumber, checkedSignalOption } from "../checks.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";

const ANY = [-Infinity, Infinity] as const;

/**
 * Checks the types of what a tile is asked for by, and the options of the read. Whether there is
 * such a tile, the source says.
 *
 * @returns The signal.
 * @throws {InvalidArgumentError} if a number is none, the options are not an object with known
 * names, or the signal is none.
 */
export function checkedTileRequest(
  name: string,
  { level, x, y, options }: {
    readonly level: number;
    readonly x: number;
    readonly y: number;
    readonly options: ReadOptions;
  },
): AbortSignal | undefined {
  const failure = `Cannot read tile of ${name}`;
  for (const [argument, value] of Object.entries({ level, x, y })) {
    if (typeof value !== "number") checkedNumber(value, { name: argument, failure, range: ANY });
  }
  return checkedSignalOption(options, failure);
}
