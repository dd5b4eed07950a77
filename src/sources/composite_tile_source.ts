/**
 * One texture from two sources: some levels from one, the rest from another.
 *
 * @module
 */

import {
  checkedInstance,
  checkedInteger,
  checkedMethods,
  checkedString,
  checkOptionNames,
} from "../checks.ts";
import { InvalidArgumentError } from "../errors.ts";
import {
  type Appearance,
  appearanceText,
  type ColorSpace,
  type TexelFormat,
} from "../texels/mod.ts";
import { TileGrid, type WrapModes, wrapModes, wrapText } from "../tiles/mod.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";
import { checkedTileRequest } from "./tile_request.ts";
import type { ReadCounters, TileSource } from "./tile_source.ts";
import { valueScaleOf } from "./values/value_scale.ts";

/** Options of {@linkcode compositeTileSource}. */
export interface CompositeOptions {
  /** First level that is read from the coarse source; all levels after it are too. */
  readonly firstCoarseLevel: number;
  /** One-line description; default: the fine source's. */
  readonly info?: string;
}

class CompositeTileSource implements TileSource {
  readonly info: string;
  readonly #fine: TileSource;
  readonly #coarse: TileSource;
  readonly #firstCoarseLevel: number;

  constructor(fine: TileSource, coarse: TileSource, options: CompositeOptions) {
    this.#fine = fine;
    this.#coarse = coarse;
    this.#firstCoarseLevel = options.firstCoarseLevel;
    this.info = options.info ?? fine.info;
  }

  get name(): string {
    return this.#fine.name;
  }

  get grid(): TileGrid {
    return this.#fine.grid;
  }

  get border(): number {
    return this.#fine.border;
  }

  get format(): TexelFormat {
    return this.#fine.format;
  }

  get opaque(): boolean {
    return this.#fine.opaque ?? false;
  }

  get hasHoles(): boolean | undefined {
    return this.#fine.hasHoles;
  }

  get valueScale(): number {
    return valueScaleOf(this.#fine);
  }

  get colorSpace(): ColorSpace {
    return this.#fine.colorSpace;
  }

  get appearance(): Appearance {
    return this.#fine.appearance ?? {};
  }

  get wrap(): WrapModes {
    return wrapModes(this.#fine.wrap);
  }

  get counters(): Readonly<ReadCounters> {
    return {
      bytesRead: this.#fine.counters.bytesRead + this.#coarse.counters.bytesRead,
      bytesUsed: this.#fine.counters.bytesUsed + this.#coarse.counters.bytesUsed,
    };
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    checkedTileRequest(this.name, { level, x, y, options });
    const source = level < this.#firstCoarseLevel ? this.#fine : this.#coarse;
    return await source.readTile(level, x, y, options);
  }

  close(): void {
    this.#fine.close();
    this.#coarse.close();
  }
}

/** The properties that two sources of one texture must share. */
function traits(source: TileSource): Record<string, string | number> {
  return {
    width: source.grid.width,
    height: source.grid.height,
    tileSize: source.grid.tileSize,
    border: source.border,
    format: source.format,
    colorSpace: source.colorSpace,
    wrap: wrapText(source.wrap),
    appearance: appearanceText(source.appearance),
  };
}

/**
 * Joins two sources of one texture: a file with the first levels, and a baked store of the rest.
 * Closing the result closes both.
 *
 * @param fine Gives levels before `firstCoarseLevel`, and the name.
 * @param coarse Gives the levels from `firstCoarseLevel` on, by the same numbers.
 * @throws {InvalidArgumentError} if an argument has the wrong type, or size, tile size, border,
 * format, colour space or wrap differ.
 * @throws {OutOfRangeError} if the texture has no level `firstCoarseLevel`.
 */
export function compositeTileSource(
  fine: TileSource,
  coarse: TileSource,
  options: CompositeOptions,
): TileSource {
  const failure = "Cannot join tile sources";
  for (const [name, source] of [["fine", fine], ["coarse", coarse]] as const) {
    checkedMethods(source, { name, failure, methods: ["readTile", "close"] });
    checkedInstance(source.grid, { name: `${name}.grid`, failure, kind: TileGrid });
  }
  checkOptionNames(options, { failure, names: ["firstCoarseLevel", "info"] });
  checkedString(options.info ?? "", { name: "info", failure });
  const wanted = traits(fine);
  const found = traits(coarse);
  for (const key of Object.keys(wanted)) {
    if (wanted[key] !== found[key]) {
      throw new InvalidArgumentError(
        "coarse",
        `Cannot join ${fine.name} with ${coarse.name} as ${key} must be ${wanted[key]}: ` +
          `current value is ${found[key]}`,
      );
    }
  }
  const { firstCoarseLevel } = options;
  checkedInteger(firstCoarseLevel, {
    name: "firstCoarseLevel",
    failure: `Cannot join ${fine.name} with ${coarse.name}`,
    range: [0, fine.grid.levelCount - 1],
  });
  return new CompositeTileSource(fine, coarse, options);
}
