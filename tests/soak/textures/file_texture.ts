/**
 * Textures in files: KTX2, tile stores, and pictures that are baked when they are loaded.
 *
 * @module
 */

import { openFileSink, TileStoreWriter } from "../../../src/sources/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { FileSupply } from "../../../src/streaming/supply/file_supply.ts";
import { Picture } from "../../../src/scene/mod.ts";
import { FORMAT_ROWS, makeKtx2 } from "../../sources/ktx2/make_ktx2.ts";
import { insideOf } from "../../streaming/inside.ts";
import { ChangingMap } from "./changing_map.ts";
import type { ReadFaults } from "./read_faults.ts";
import type { LoadOptions, SoakTexture } from "./soak_texture.ts";

const WIDTH = 700;
const HEIGHT = 500;
const FORMAT = "rgba8unorm";

/** The map that the files hold, cut into slots. */
function mapOf(tileSize: number, border: number): ChangingMap {
  return new ChangingMap({ width: WIDTH, height: HEIGHT, tileSize, border, seed: 0 });
}

/** A file with whole levels. */
async function writeKtx2(path: string): Promise<void> {
  // One tile holds every level, so that its rows are those of the level.
  const map = mapOf(1024, 0);
  const levels = map.grid.levels.map(({ width, height }, level) => {
    const slot = map.slotBytes(FORMAT, level, 0, 0);
    const stored = new Uint8Array(width * height * 4);
    for (let row = 0; row < height; row++) {
      stored.set(slot.subarray(row * 1024 * 4, row * 1024 * 4 + width * 4), row * width * 4);
    }
    return { stored };
  });
  const row = FORMAT_ROWS[FORMAT]!;
  await Deno.writeFile(path, makeKtx2({ row, width: WIDTH, height: HEIGHT, levels }));
}

async function writeTileStore(path: string): Promise<void> {
  const map = mapOf(64, 4);
  const writer = await TileStoreWriter.openWriter(await openFileSink(path), {
    width: WIDTH,
    height: HEIGHT,
    tileSize: 64,
    border: 4,
    format: FORMAT,
    colorSpace: "linear",
    firstLevel: 0,
    source: { name: "soak" },
    info: "made for a soak",
  });
  for (let tile = 0; tile < map.grid.tileCount; tile++) {
    const { level, x, y } = map.grid.addressOf(tile);
    await writer.putTile(tile, map.slotBytes(FORMAT, level, x, y));
  }
  await writer.finish();
}

async function writePicture(path: string): Promise<void> {
  const map = mapOf(1024, 0);
  const slot = map.slotBytes(FORMAT, 0, 0, 0);
  const data = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let row = 0; row < HEIGHT; row++) {
    data.set(slot.subarray(row * 1024 * 4, row * 1024 * 4 + WIDTH * 4), row * WIDTH * 4);
  }
  await Deno.writeFile(path, await new Picture(WIDTH, HEIGHT, data).toPng());
}

/** How each kind of file is written. */
const WRITERS = {
  "a KTX2 file": { ending: "ktx2", copies: 1, write: writeKtx2 },
  "a tile store": { ending: "pmtiles", copies: 1, write: writeTileStore },
  // Each is baked when it is loaded for the first time, and then comes from the cache.
  "a picture": { ending: "png", copies: 4, write: writePicture },
} as const;

/** Kinds of files. */
export const FILE_KINDS = Object.keys(WRITERS) as (keyof typeof WRITERS)[];

/** One of them. */
export type FileKindName = keyof typeof WRITERS;

/** Writes a file of each kind into a folder. */
export async function writeFiles(folder: string): Promise<void> {
  for (const { ending, copies, write } of Object.values(WRITERS)) {
    for (let copy = 0; copy < copies; copy++) await write(`${folder}/map ${copy}.${ending}`);
  }
}

/** A texture in a file; its content is what its source says, and never changes. */
export class FileTexture implements SoakTexture {
  readonly kind: FileKindName;
  readonly changes = null;
  readonly faults: ReadFaults;
  readonly tellsPlaces = true;
  readonly #path: string;

  /** @param number Says which of several files of the kind. */
  constructor(kind: FileKindName, file: { folder: string; number: number }, faults: ReadFaults) {
    const { ending, copies } = WRITERS[kind];
    this.kind = kind;
    this.#path = `${file.folder}/map ${file.number % copies}.${ending}`;
    this.faults = faults;
  }

  async load(system: VirtualTextureSystem, options: LoadOptions): Promise<StreamedTexture> {
    const isPicture = this.kind === "a picture";
    const texture = await system.loadTexture(this.#path, {
      ...options,
      ...(isPicture ? { colorSpace: "linear", preferredFormat: "RGBA8" } : {}),
    });
    this.#spoilReads(texture);
    return texture;
  }

  /** From now on, reads of its tiles go wrong as the faults say. */
  #spoilReads(texture: StreamedTexture): void {
    const { source } = insideOf(texture).supply as FileSupply;
    const { grid } = source;
    const readTile = source.readTile.bind(source);
    source.readTile = (level, x, y, options = {}) =>
      this.faults.read({
        tile: grid.tileIndexOf(level, x, y),
        isTail: level >= grid.tailLevel,
        signal: options.signal,
        read: () => readTile(level, x, y, options),
      });
  }

  async planesOf(
    texture: StreamedTexture,
    level: number,
    x: number,
    y: number,
  ): Promise<readonly Uint8Array[]> {
    if (this.kind !== "a picture") {
      return [mapOf(texture.tileSize, texture.border).slotBytes(FORMAT, level, x, y)];
    }
    // Its levels are filtered; that they show the picture is seen in pictures.
    const { source } = insideOf(texture).supply as FileSupply;
    return [await source.readTile(level, x, y)];
  }
}
