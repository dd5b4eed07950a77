/**
 * Fuzzer of KTX2 files: the description, and the texels of every level.
 *
 * @module
 */

import { inflateSync, zstdDecompressSync } from "node:zlib";
import { Finding, type Fuzzer, type Verdict } from "../../src/cli/fuzz/fuzzer.ts";
import { MalformedFileError, UnsupportedError } from "../../src/errors.ts";
import {
  type Ktx2File,
  ktx2RowSource,
  ktx2TileSource,
  memorySource,
  readKtx2,
} from "../../src/sources/mod.ts";
import { decodeBlocks, formatInfo } from "../../src/texels/mod.ts";
import { Choices, mutate } from "./inputs/mutate.ts";
import { judgeKtx2, type Opinion } from "./ktx2/judge.ts";
import { ktx2Sample } from "./ktx2/samples.ts";
import { type FuzzedImage, levelsOfImage, needsChoice, someImages } from "./ktx2/images.ts";
import { expectedTile, sameBytes } from "./ktx2/expected_tile.ts";

/** The parts of the library that are tried; tests put broken ones in their place. */
export interface Ktx2Reader {
  readonly readKtx2: typeof readKtx2;
  readonly ktx2TileSource: typeof ktx2TileSource;
  readonly ktx2RowSource: typeof ktx2RowSource;
}

const TILES = { tileSize: 16, border: 4 };
/** Tiles that are read of a level. */
const MOST_TILES = 24;

/** What reading gives: a result, or the library's refusal. */
async function refusedOr<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MalformedFileError || error instanceof UnsupportedError) return error;
    throw error;
  }
}

/** A fuzzer of a reader. */
export function ktx2Fuzzer(reader: Ktx2Reader): Fuzzer {
  return {
    name: "ktx2",
    description: "KTX2 files: header, index, descriptor, key/values, global data and levels",
    makeInput(seed, index) {
      const choices = new Choices(seed, index);
      return mutate(choices, ktx2Sample(choices), ktx2Sample(choices));
    },
    async tryBytes(bytes): Promise<Verdict> {
      const opinion = judgeKtx2(bytes);
      const source = memorySource(bytes, "fuzz.ktx2");
      const file = await refusedOr(() => reader.readKtx2(source));
      checkVerdict(opinion, file);
      if (file instanceof Error) return "refused";
      if (file.basis !== null) return "accepted";
      if (file.unsupported !== null || Math.max(file.width, file.height) > 2 ** 20) {
        return "accepted";
      }
      if (needsChoice(file.header)) checkMissingChoice(reader, bytes, file);
      if (file.scheme.name !== "none") return await checkInflated(reader, bytes, file);
      for (const image of someImages(file.header)) await checkTiles(reader, bytes, { file, image });
      return "accepted";
    },
    allowedBytes(bytes) {
      const { isValid, file } = judgeKtx2(bytes);
      if (isValid === false || file === null) return 4 * bytes.length;
      const levels = file.levels.reduce((sum, { whole }) => sum + whole, 0);
      // Blocks of a byte a texel decode to four floats.
      return 8 * bytes.length + 20 * Math.min(levels, 2 ** 30);
    },
  };
}

function checkVerdict({ isValid, reason }: Opinion, file: Ktx2File | Error): void {
  if (!(file instanceof Error)) {
    if (isValid === false) throw new Finding("wrong accept", `breaks the rule: ${reason}`);
    return;
  }
  if (isValid && file instanceof MalformedFileError) {
    throw new Finding("wrong refusal", file.message);
  }
}

/** Several images are no texture as long as none is chosen. */
function checkMissingChoice(reader: Ktx2Reader, bytes: Uint8Array, file: Ktx2File): void {
  try {
    reader.ktx2TileSource(memorySource(bytes, "fuzz.ktx2"), file, TILES);
  } catch (error) {
    if (error instanceof UnsupportedError) return;
    throw error;
  }
  throw new Finding("wrong accept", "several images, and none is chosen");
}

async function checkTiles(
  reader: Ktx2Reader,
  bytes: Uint8Array,
  { file, image }: { readonly file: Ktx2File; readonly image: FuzzedImage },
): Promise<void> {
  const wanted = { ...TILES, ...image.choice };
  const tiles = reader.ktx2TileSource(memorySource(bytes, "fuzz.ktx2"), file, wanted);
  const { conversion } = file;
  const { blockTexels } = formatInfo(tiles.format);
  const blockBytes = conversion?.storedBytes ?? formatInfo(tiles.format).blockBytes;
  const present = levelsOfImage(file.header, file.levels).length;
  if (tiles.presentLevels !== present) throw new Finding("wrong texels", "number of levels");
  for (let level = 0; level < tiles.presentLevels; level++) {
    const { tilesX, tilesY } = tiles.grid.level(level);
    for (let i = 0; i < Math.min(MOST_TILES, tilesX * tilesY); i++) {
      const [x, y] = [i % tilesX, Math.floor(i / tilesX)];
      const tile = await tiles.readTile(level, x, y);
      const { offset: levelAt, width, height } = file.levels[level]!;
      const imageBytes = Math.ceil(width / blockTexels) * Math.ceil(height / blockTexels) *
        blockBytes;
      const offset = levelAt + image.index * imageBytes;
      const stored = expectedTile(bytes, {
        ...TILES,
        x,
        y,
        offset,
        width,
        height,
        blockBytes,
        format: tiles.format,
      });
      // How texels are converted is tested with values by hand.
      const isSame = sameBytes(tile, conversion?.convert(stored) ?? stored);
      if (!isSame) throw new Finding("wrong texels", `tile (${x}, ${y}) of level ${level}`);
    }
  }
  tiles.close();
}

async function checkInflated(
  reader: Ktx2Reader,
  bytes: Uint8Array,
  file: Ktx2File,
): Promise<Verdict> {
  let verdict: Verdict = "accepted";
  const { header, levels, texelFormat } = file;
  for (
    const { level, offset, length, uncompressedLength, width, height } of levelsOfImage(
      header,
      levels,
    )
  ) {
    const stored = bytes.subarray(offset, offset + length);
    const expected = inflated(stored, file.scheme.name === "ZLIB", uncompressedLength);
    for (const { choice, index } of someImages(header)) {
      const source = memorySource(bytes, "fuzz.ktx2");
      const rows = reader.ktx2RowSource(source, file, { level, ...choice });
      const found = await refusedOr(() => rows.readRows(0, height));
      await rows.close();
      if (found instanceof Error) {
        verdict = "refused";
        if (expected !== null && found instanceof MalformedFileError) {
          throw new Finding("wrong refusal", found.message);
        }
        continue;
      }
      if (expected === null) throw new Finding("wrong accept", `damaged data of level ${level}`);
      const imageBytes = expected.length / imagesIn(file, level);
      const image = expected.subarray(index * imageBytes, (index + 1) * imageBytes);
      const { conversion } = file;
      const texels = conversion !== null && conversion.rows !== null
        ? image
        : decodeBlocks(texelFormat!, conversion?.convert(image) ?? image, width, height);
      if (file.opaque) { for (let i = 3; i < texels.length; i += 4) texels[i] = 255; }
      if (!sameBytes(found, texels)) throw new Finding("wrong texels", `level ${level}`);
    }
  }
  return verdict;
}

/** Images of a level, slices of its own depth. */
function imagesIn({ header }: Ktx2File, level: number): number {
  const slices = Math.max(1, Math.floor(header.pixelDepth / 2 ** level));
  return Math.max(1, header.layerCount) * header.faceCount * slices;
}

/** What a decompressor takes of data and gives; the library's types lack this. */
interface Taken {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * The content of data that is whole, with nothing behind it; else null. Where a frame ends is what
 * the decompressor took, not what its blocks say.
 */
function inflated(stored: Uint8Array, isZlib: boolean, wanted: number): Uint8Array | null {
  const options = { maxOutputLength: Math.max(1, Math.min(wanted, 2 ** 30)), info: true } as object;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < stored.length;) {
    const left = stored.subarray(at);
    const view = new DataView(left.buffer, left.byteOffset, left.byteLength);
    if (!isZlib && left.length >= 8 && view.getUint32(0, true) >>> 4 === 0x184d2a5) {
      at += 8 + view.getUint32(4, true);
      if (at > stored.length) return null;
      continue;
    }
    try {
      const { buffer, engine } = (isZlib
        ? inflateSync(left, options)
        : zstdDecompressSync(left, options)) as unknown as Taken;
      // A frame that is cut off gives nothing, or ends with the data and is one byte too short.
      if (engine.bytesWritten === 0 || (!isZlib && !isWhole(left, engine.bytesWritten))) {
        return null;
      }
      parts.push(new Uint8Array(buffer));
      at += engine.bytesWritten;
      if (isZlib && at < stored.length) {
        return null;
      }
    } catch {
      return null;
    }
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length !== wanted) return null;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether a frame that took all that there was did not want more: then what follows is not taken. */
function isWhole(left: Uint8Array, taken: number): boolean {
  if (taken < left.length) return true;
  const longer = new Uint8Array(left.length + 1);
  longer.set(left);
  try {
    const { engine } = zstdDecompressSync(longer, { info: true } as object) as unknown as Taken;
    return engine.bytesWritten === taken;
  } catch {
    return false;
  }
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = ktx2Fuzzer({ readKtx2, ktx2TileSource, ktx2RowSource });
