/**
 * An opinion on the metadata of a tile store, from the text of FORMAT.md, with tables of its own.
 *
 * @module
 */

import { must } from "../ktx2/judge.ts";
import { Undecided } from "../ktx2/judge_formats.ts";

/** What a format is: edge and bytes of its blocks, its numbers in Vulkan, whether it has alpha. */
interface FormatRow {
  readonly edge: number;
  readonly bytes: number;
  readonly linear: number | null;
  readonly srgb: number;
  readonly alpha: boolean;
}

function row(
  edge: number,
  bytes: number,
  numbers: readonly [linear: number | null, srgb: number],
  alpha = false,
): FormatRow {
  return { edge, bytes, linear: numbers[0], srgb: numbers[1], alpha };
}

/** The first table of the section on formats. */
const FORMATS: Readonly<Record<string, FormatRow>> = {
  "r8unorm": row(1, 1, [9, 15]),
  "r16unorm": row(1, 2, [70, 70]),
  "r32float": row(1, 4, [100, 100]),
  "rgba8unorm": row(1, 4, [37, 43], true),
  "rgba8unorm-srgb": row(1, 4, [null, 43], true),
  "bc1-rgba-unorm": row(4, 8, [133, 134], true),
  "bc1-rgba-unorm-srgb": row(4, 8, [null, 134], true),
  "bc3-rgba-unorm": row(4, 16, [137, 138], true),
  "bc3-rgba-unorm-srgb": row(4, 16, [null, 138], true),
  "bc4-r-unorm": row(4, 8, [139, 139]),
  "bc5-rg-unorm": row(4, 16, [141, 141]),
  "bc7-rgba-unorm": row(4, 16, [145, 146], true),
  "bc7-rgba-unorm-srgb": row(4, 16, [null, 146], true),
};

/** A plane, as far as its tiles depend on it. */
export interface JudgedPlane {
  readonly vkFormat: number;
  /** Bytes of the texels of a stored tile. */
  readonly tileBytes: number;
}

/** One level present. */
export interface JudgedStoreLevel {
  readonly level: number;
  readonly zoom: number;
  readonly tilesX: number;
  readonly tilesY: number;
}

/** What metadata says. */
export interface JudgedMetadata {
  readonly version: number;
  readonly planes: readonly JudgedPlane[];
  /** Edge of a stored tile in texels. */
  readonly edge: number;
  /** The levels present, finest first. */
  readonly levels: readonly JudgedStoreLevel[];
  /** Tiles of the levels present. */
  readonly tileCount: number;
  /** Texels of an absent tile, one block for each plane; null if no tile may be absent. */
  readonly holes: readonly Uint8Array[] | null;
  /** Version 1: eight bytes for each tile. */
  readonly checksums: Uint8Array | null;
}

const MOST_BYTES = 512 * 1024;

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function integer(store: Json, key: string, least: number, most: number): number {
  const value = store[key];
  must(Number.isInteger(value) && Number(value) >= least && Number(value) <= most, key);
  return value as number;
}

/** Judges metadata as it was compressed. */
export function judgeMetadata(bytes: Uint8Array): JudgedMetadata {
  // Only the checksums of version 1 may take more.
  if (bytes.length > MOST_BYTES) {
    must(new TextDecoder().decode(bytes).includes("checksums"), "512 KiB of metadata");
    throw new Undecided("large metadata of version 1");
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb) throw new Undecided("a byte order mark");
  const text = decoded(bytes);
  mustBeSmall(text);
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    must(false, "metadata that is JSON");
  }
  must(isObject(whole) && Object.hasOwn(whole, "forge3d_tile_store"), "the store's object");
  const store = Object.assign(Object.create(null), (whole as Json).forge3d_tile_store) as Json;
  must(isObject((whole as Json).forge3d_tile_store), "the store's object");
  return judgeStoreObject(store, text.includes("\\"));
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    must(false, "metadata that is UTF-8");
    throw new Error("unreachable");
  }
}

function mustBeSmall(text: string): void {
  let depth = 0;
  let tokens = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{},:]|[^\s[\]{},:"]+/gs)) {
    tokens++;
    if (token === "[" || token === "{") depth++;
    if (token === "]" || token === "}") depth--;
    must(depth <= 16, "a nesting of 16");
  }
  must(tokens <= 16384, "16,384 tokens");
}

function judgeStoreObject(store: Json, hasEscapes: boolean): JudgedMetadata {
  const { version } = store;
  must(version === 1 || version === 2, "a known version");
  const isFirst = version === 1;
  const width = integer(store, "width", 1, 2 ** 20);
  const height = integer(store, "height", 1, 2 ** 20);
  const tileSize = integer(store, "tileSize", 2, 4096);
  const border = integer(store, "border", 0, 64);
  const edge = tileSize + 2 * border;
  const listed = isFirst ? [{ format: store.format, colorSpace: store.colorSpace }] : store.planes;
  must(Array.isArray(listed) && listed.length >= 1 && listed.length <= 3, "1 to 3 planes");
  const rows = (listed as unknown[]).map((plane) => judgePlane(plane, isFirst));
  for (const { format } of rows) {
    if (format.edge === 1) continue;
    must(tileSize % 4 === 0, "tileSize of whole blocks");
    must(border % (isFirst ? 4 : 2) === 0, "border of blocks");
  }
  const lastLevel = isFirst || !("lastLevel" in store) ? "texel" : store.lastLevel;
  must(lastLevel === "texel" || lastLevel === "tile", "lastLevel");
  const all = levelsOf({ width, height, tileSize }, lastLevel === "tile");
  const firstLevel = integer(store, "firstLevel", 0, all.length - 1);
  const levels = all.slice(firstLevel);
  judgeLevels(store.levels, levels);
  if (!isFirst && "wrap" in store) judgeWrap(store.wrap);
  if (!isFirst) judgeAppearance(store);
  judgeSource(store.source);
  must(typeof store.info === "string", "info");
  const planes = rows.map(({ format, vkFormat }) => ({
    vkFormat,
    tileBytes: (edge / format.edge) ** 2 * format.bytes,
  }));
  const tileCount = levels.reduce((sum, { tilesX, tilesY }) => sum + tilesX * tilesY, 0);
  let holes: Uint8Array[] | null = null;
  if (!isFirst && "holes" in store) {
    holes = judgeHoles(store.holes, rows.map(({ format }) => format.bytes));
    must(planes.reduce((sum, { tileBytes }) => sum + tileBytes, 0) <= 2 ** 23, "8 MiB a hole");
  }
  const checksums = isFirst ? judgeChecksums(store.checksums, tileCount, hasEscapes) : null;
  return { version: version as number, planes, edge, levels, tileCount, holes, checksums };
}

function judgePlane(plane: unknown, isFirst: boolean): { format: FormatRow; vkFormat: number } {
  must(isObject(plane), "a plane is an object");
  const { format: name, colorSpace, premultipliedAlpha = false } = plane as Json;
  must(typeof name === "string" && Object.hasOwn(FORMATS, name), "a format that can be used");
  const format = FORMATS[name as string]!;
  must(colorSpace === "linear" || colorSpace === "srgb", "colorSpace");
  const hasVariant = Object.hasOwn(FORMATS, `${name}-srgb`);
  must(isFirst || colorSpace === "linear" || !hasVariant, "the name of a format of sRGB");
  // In version 1 the format alone says which it is, where there are two.
  const vkFormat = colorSpace === "srgb" && !hasVariant ? format.srgb : format.linear;
  must(vkFormat !== null, "colorSpace of a format of sRGB");
  must(typeof premultipliedAlpha === "boolean", "premultipliedAlpha");
  must(!premultipliedAlpha || format.alpha, "premultipliedAlpha where there is alpha");
  return { format, vkFormat: vkFormat! };
}

/** A level with its size. */
type SizedLevel = JudgedStoreLevel & { readonly width: number; readonly height: number };

function levelsOf(
  { width, height, tileSize }: { width: number; height: number; tileSize: number },
  endsAtTile: boolean,
): SizedLevel[] {
  const top = Math.floor(Math.log2(Math.max(width, height)));
  const levels: SizedLevel[] = [];
  for (let level = 0; level <= top; level++) {
    const [w, h] = [width, height].map((size) => Math.max(1, Math.floor(size / 2 ** level))) as [
      number,
      number,
    ];
    const [tilesX, tilesY] = [Math.ceil(w / tileSize), Math.ceil(h / tileSize)];
    levels.push({ level, zoom: top - level, width: w, height: h, tilesX, tilesY });
    if (endsAtTile && tilesX * tilesY === 1) break;
  }
  return levels;
}

function judgeLevels(given: unknown, levels: readonly SizedLevel[]): void {
  must(Array.isArray(given) && given.length === levels.length, "the list of levels");
  levels.forEach((level, i) => {
    const listed: unknown = (given as unknown[])[i];
    must(isObject(listed), "a level is an object");
    for (const [key, value] of Object.entries(level)) {
      must((listed as Json)[key] === value, `${key} of a level`);
    }
  });
}

function judgeAppearance(store: Json): void {
  const { orientation = "rd", swizzle = "rgba", transfer = "", primaries = "" } = store;
  must(typeof orientation === "string" && /^[rl][du]$/.test(orientation), "orientation");
  must(typeof swizzle === "string" && /^[rgba01]{4}$/.test(swizzle), "swizzle");
  must(typeof transfer === "string" && typeof primaries === "string", "transfer and primaries");
}

function judgeWrap(wrap: unknown): void {
  must(isObject(wrap), "wrap");
  for (const axis of ["x", "y"]) {
    const mode = (wrap as Json)[axis];
    must(mode === "clamp" || mode === "repeat", `wrap.${axis}`);
  }
}

function judgeSource(source: unknown): void {
  must(isObject(source) && Object.hasOwn(source, "name"), "source");
  for (const value of Object.values(source as Json)) {
    must(typeof value === "string" || typeof value === "number", "source of strings and numbers");
    if (value === Infinity || value === -Infinity) {
      throw new Undecided("a number that is too large");
    }
  }
  if (typeof (source as Json).name === "number") throw new Undecided("a name that is a number");
}

function judgeHoles(holes: unknown, blockBytes: readonly number[]): Uint8Array[] {
  must(Array.isArray(holes) && holes.length === blockBytes.length, "holes");
  return blockBytes.map((bytes, plane) => {
    const digits = (holes as unknown[])[plane];
    must(typeof digits === "string" && /^[0-9a-f]*$/.test(digits), "digits of a hole");
    must((digits as string).length === 2 * bytes, "digits of a hole");
    return Uint8Array.fromHex(digits as string);
  });
}

function judgeChecksums(checksums: unknown, tileCount: number, hasEscapes: boolean): Uint8Array {
  must(typeof checksums === "string", "checksums");
  const text = checksums as string;
  must(text.length === Math.ceil(tileCount * 8 / 3) * 4, "as many checksums as tiles");
  if (hasEscapes) throw new Undecided("escapes in version 1");
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    must(/^[A-Za-z0-9+/]*={0,2}$/.test(text), "checksums in base64");
    throw new Undecided("padding of base64");
  }
}
