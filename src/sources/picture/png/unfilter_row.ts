/**
 * Filters of PNG rows (PNG, third edition, section 9.2), for texels of one byte at most.
 *
 * @module
 */

import { paeth } from "./paeth.ts";

/**
 * Turns a filtered row into bytes of texels, in place.
 *
 * @param above The row before it, unfiltered; zeros for the first.
 * @returns False for a filter that does not exist.
 */
export function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array): boolean {
  const { length } = row;
  switch (filter) {
    case 0:
      break;
    case 1:
      for (let i = 1; i < length; i++) row[i]! += row[i - 1]!;
      break;
    case 2:
      for (let i = 0; i < length; i++) row[i]! += above[i]!;
      break;
    case 3:
      row[0]! += above[0]! >> 1;
      for (let i = 1; i < length; i++) row[i]! += (row[i - 1]! + above[i]!) >> 1;
      break;
    case 4:
      row[0]! += above[0]!;
      for (let i = 1; i < length; i++) row[i]! += paeth(row[i - 1]!, above[i]!, above[i - 1]!);
      break;
    default:
      return false;
  }
  return true;
}
