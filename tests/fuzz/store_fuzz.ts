/**
 * Fuzzer of tile stores: header, directories, metadata and tiles.
 *
 * @module
 */

import { Finding, type Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { MalformedFileError, SourceReadError, UnsupportedError } from "../../src/errors.ts";
import { memorySource, openTileStore, type TileStore } from "../../src/sources/mod.ts";
import { Choices, mutate } from "./inputs/mutate.ts";
import { sameBytes } from "./ktx2/expected_tile.ts";
import { type JudgedStore, judgeStore, type Opinion } from "./store/judge.ts";
import { STORES, storeSample } from "./store/samples.ts";

/** Tiles that are read of a store. */
const MOST_TILES = 40;
/** What opening may take beside the file: inflated directories and metadata. */
const OPEN_BYTES = 32 * 1024 * 1024;

/** Where an error arose if not in the platform, whose errors of damaged data are `TypeError`s. */
const OWN_CODE = /\/(src|tests)\//;
const NO_OPINION: Opinion<Uint8Array[]> = { isValid: null, reason: "none", found: null };

function isRefusal(error: unknown): error is MalformedFileError | UnsupportedError {
  return error instanceof MalformedFileError || error instanceof UnsupportedError;
}

/** A store that was opened, or the refusal. */
async function openedOr(open: typeof openTileStore, bytes: Uint8Array): Promise<TileStore | Error> {
  try {
    return await open(memorySource(bytes, "fuzz.pmtiles"));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    checkCauses(error);
    return error;
  }
}

/** Throws if a refusal hides a slip of the reader, which is no answer to what the file holds. */
function checkCauses(refusal: Error): void {
  for (let { cause } = refusal; cause instanceof Error; cause = cause.cause) {
    const place = cause.stack?.split("\n").find((line) => line.startsWith("    at ")) ?? "";
    const isSlip = cause instanceof TypeError || cause instanceof RangeError ||
      cause instanceof ReferenceError;
    if (!isSlip || !OWN_CODE.test(place)) continue;
    throw new Finding("untyped error", `${refusal.message}: ${cause.stack}`, { cause });
  }
}

/** A store that opens must keep to the rules, and one that keeps to them must open. */
function checkOpened(opinion: Opinion<JudgedStore>, opened: TileStore | Error): void {
  if (opened instanceof Error) {
    if (opinion.isValid) throw new Finding("wrong refusal", opened.message);
    return;
  }
  if (opinion.isValid === false) {
    throw new Finding("wrong accept", `the store breaks the rule: ${opinion.reason}`);
  }
}

/** Checks each tile against what is judged to be there. */
async function checkTiles(store: TileStore, judged: JudgedStore | null): Promise<void> {
  const { grid, description: { firstLevel } } = store;
  const top = grid.levelCount - 1;
  let read = 0;
  for (let level = top; level >= firstLevel && read < MOST_TILES; level--) {
    const { tilesX, tilesY } = grid.level(level);
    for (let i = 0; i < tilesX * tilesY && read < MOST_TILES; i++, read++) {
      const [x, y] = [i % tilesX, Math.floor(i / tilesX)];
      await checkTile(store, judged, { level, x, y });
    }
  }
}

async function checkTile(
  store: TileStore,
  judged: JudgedStore | null,
  { level, x, y }: { level: number; x: number; y: number },
): Promise<void> {
  const name = `tile (${x}, ${y}) of level ${level}`;
  const opinion = judged?.tile(level, x, y) ?? NO_OPINION;
  let tile: Uint8Array[];
  try {
    tile = await store.readTilePlanes(level, x, y);
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof SourceReadError)) throw error;
    checkCauses(error);
    if (opinion.isValid) throw new Finding("wrong refusal", error.message);
    return;
  }
  if (opinion.isValid === false) {
    throw new Finding("wrong accept", `${name} breaks the rule: ${opinion.reason}`);
  }
  // Which address shows which content is what the directory says, which inputs change.
  const isRight = opinion.found === null
    ? STORES.some(({ tiles }) => tiles.some((planes) => samePlanes(planes, tile)))
    : samePlanes(opinion.found, tile);
  if (!isRight) throw new Finding("wrong texels", name);
}

function samePlanes(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((plane, i) => sameBytes(plane, b[i]!));
}

/** A fuzzer of a function that opens stores. */
export function storeFuzzer(open: typeof openTileStore): Fuzzer {
  return {
    name: "store",
    description: "tile stores: header, directories, metadata and tiles",
    makeInput(seed, index) {
      const choices = new Choices(seed, index);
      const { sample } = storeSample(choices);
      // Some inputs are as they were put together.
      if (choices.chance(0.4)) return { sample: sample.name, bytes: sample.bytes, edits: [] };
      return mutate(choices, sample, storeSample(choices).sample);
    },
    async tryBytes(bytes) {
      const opinion = judgeStore(bytes);
      const store = await openedOr(open, bytes);
      checkOpened(opinion, store);
      if (store instanceof Error) return "refused";
      try {
        await checkTiles(store, opinion.found);
      } finally {
        store.close();
      }
      return "accepted";
    },
    allowedBytes: (bytes) => OPEN_BYTES + 16 * bytes.length,
  };
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = storeFuzzer(openTileStore);
