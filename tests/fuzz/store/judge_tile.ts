/**
 * An opinion on the stored content of a tile, from the text of FORMAT.md.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { must } from "../ktx2/judge.ts";
import { sameBytes } from "../ktx2/expected_tile.ts";
import type { JudgedMetadata, JudgedPlane } from "./judge_metadata.ts";

const MAGIC = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];
const KEY = "forge3dChecksum\0";

/** Where a content lies, and the checksum that version 1 has of it. */
export interface ContentPlace {
  /** In the tile data. */
  readonly position: number;
  readonly checksum: Uint8Array | null;
}

/** Judges the files of a tile; returns the texels of its planes. */
export function judgeContent(
  content: Uint8Array,
  { planes, edge }: JudgedMetadata,
  { position, checksum }: ContentPlace,
): Uint8Array[] {
  if (checksum !== null) {
    must(sameBytes(digest(content), checksum), "the checksum of version 1");
    return [content.subarray(...judgeFile(content, planes[0]!, edge))];
  }
  let at = 0;
  const texels = planes.map((plane) => {
    const rest = content.subarray(at);
    const [begin, end] = judgeFile(rest, plane, edge);
    judgeChecksum(rest.slice(0, end), position + at);
    at += end;
    return rest.subarray(begin, end);
  });
  must(at === content.length, "files that end with their tile");
  return texels;
}

function digest(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest().subarray(0, 8));
}

/** Where the texels of a file lie. */
function judgeFile(
  file: Uint8Array,
  { vkFormat, tileBytes }: JudgedPlane,
  edge: number,
): [begin: number, end: number] {
  must(file.length >= 104, "header and index of a file");
  must(MAGIC.every((byte, i) => file[i] === byte), "identifier of a file");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // vkFormat, then width, height, depth, layers, faces, levels and scheme.
  const wanted = [[12, vkFormat], ...[edge, edge, 0, 0, 1, 1, 0].map((n, i) => [20 + 4 * i, n])];
  for (const [at, value] of wanted) {
    must(view.getUint32(at!, true) === value, `word ${at} of a file`);
  }
  const begin = view.getBigUint64(80, true);
  must(view.getBigUint64(88, true) === BigInt(tileBytes), "bytes of level 0");
  const end = begin + BigInt(tileBytes);
  must(begin >= 104n && end <= BigInt(file.length), "level 0 in the file");
  return [Number(begin), Number(end)];
}

/** The last entry of the key/value data is the checksum of the file at its position. */
function judgeChecksum(file: Uint8Array, position: number): void {
  const view = new DataView(file.buffer);
  const end = view.getUint32(56, true) + view.getUint32(60, true);
  must(end <= file.length && end >= 104 + 28, "key/value data in the file");
  const at = end - 8;
  must(view.getUint32(at - KEY.length - 4, true) === KEY.length + 8, "length of the last entry");
  const key = new TextDecoder("latin1").decode(file.subarray(at - KEY.length, at));
  must(key === KEY, "key of the last entry");
  const checksum = file.slice(at, end);
  view.setBigUint64(at, BigInt(position), true);
  must(sameBytes(digest(file), checksum), "the checksum of a file");
}
