/**
 * Changes of stored tiles whose checksums are right nevertheless.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Choices } from "../inputs/mutate.ts";
import type { PmtilesModel } from "./pmtiles_model.ts";

const CHECKSUM_BYTES = 8;
/** Words of a KTX2 header and of its level index. */
const WORDS = [12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 80, 84, 88, 92, 96];

/** The tile data with a word of one file changed; files are those of a store of one plane. */
export function changedTiles(choices: Choices, { entries, tiles }: PmtilesModel): Uint8Array {
  const changed = tiles.slice();
  const { offset, length } = choices.one(entries);
  const file = changed.subarray(offset, offset + length);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const at = choices.one(WORDS);
  const word = view.getUint32(at, true);
  view.setUint32(at, choices.one([word + 1, word - 1, word ^ 8, word * 2, 0, 2 ** 31]), true);
  const sealAt = view.getUint32(56, true) + view.getUint32(60, true) - CHECKSUM_BYTES;
  if (sealAt < 0 || sealAt + CHECKSUM_BYTES > file.length) return changed;
  view.setBigUint64(sealAt, BigInt(offset), true);
  const digest = createHash("sha256").update(file).digest();
  file.set(digest.subarray(0, CHECKSUM_BYTES), sealAt);
  return changed;
}
