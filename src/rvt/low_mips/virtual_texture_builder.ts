/**
 * The asset that baked low mips are kept in.
 *
 * @module
 */

import { checkedBytes, checkedFunction, checkedString, checkOptionNames } from "../../checks.ts";
import { denoRuntime } from "../../deno_runtime.ts";
import { InvalidArgumentError } from "../../errors.ts";
import {
  type ByteSink,
  type ByteSource,
  MemorySink,
  memorySource,
  openFileSink,
  openFileSource,
} from "../../sources/mod.ts";
import { StaleRegions } from "./stale_regions.ts";

/** Where a {@linkcode VirtualTextureBuilder} keeps its bake; at most one of the places is given. */
export interface VirtualTextureBuilderOptions {
  /** What messages call it; default its path, or `"virtual texture builder"`. */
  readonly name?: string;
  /** A file, `.pmtiles`, which builds replace; they make its folder, too. Default memory. */
  readonly path?: string;
  /** What was baked before, as {@linkcode VirtualTextureBuilder.bytes} gave it; builds replace it in memory. */
  readonly bytes?: Uint8Array;
  /**
   * Opens what was baked before, from anywhere, such as by HTTP; called whenever a volume is placed, and
   * closed once it is not used any more. Builds replace it in memory.
   */
  readonly open?: () => Promise<ByteSource>;
}

const OPTION_NAMES = ["name", "path", "bytes", "open"] as const;
const PLACES = ["path", "bytes", "open"] as const;

let builderCount = 0;

/**
 * Holds the baked low mips of a volume: a tile store, see `src/sources/tile_store/FORMAT.md`, with all
 * planes of every tile. The first build of a volume makes one that keeps them in memory, unless the volume
 * has one.
 */
export class VirtualTextureBuilder {
  /** What messages call it. */
  readonly name: string;
  /** The file; null if it is kept elsewhere. */
  readonly path: string | null;
  /** Its number: no other one has it. */
  readonly id: number = ++builderCount;
  /**
   * Where its bake is stale although no look at a scene finds that; until a build that began later.
   *
   * @internal
   */
  readonly staleRegions: StaleRegions = new StaleRegions();
  #bytes: Uint8Array | null = null;
  #open: (() => Promise<ByteSource>) | null;
  #generation = 0;

  /**
   * Makes a builder; nothing is opened, and a file need not be there yet.
   *
   * @throws {InvalidArgumentError} for an option that does not exist, a value of the wrong type, or more
   * than one place.
   */
  constructor(options: VirtualTextureBuilderOptions = {}) {
    const failure = "Cannot make virtual texture builder";
    checkOptionNames(options, { failure, names: OPTION_NAMES });
    const given = PLACES.filter((name) => options[name] !== undefined);
    if (given.length > 1) {
      throw new InvalidArgumentError(
        given[1]!,
        `${failure} as it has one place at most: current ones are ${given.join(", ")}`,
      );
    }
    const { path, bytes, open } = options;
    this.path = path === undefined ? null : checkedString(path, { name: "path", failure });
    if (bytes !== undefined) this.#bytes = checkedBytes(bytes, { name: "bytes", failure }).slice();
    this.#open = open === undefined ? null : checkedFunction(open, { name: "open", failure });
    const { name = this.path ?? "virtual texture builder" } = options;
    this.name = checkedString(name, { name: "name", failure });
  }

  /** What was baked, as bytes of a tile store; null if that is in a file, opened elsewhere, or nothing. */
  get bytes(): Uint8Array | null {
    return this.#bytes?.slice() ?? null;
  }

  /** Rises with every build. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Opens what was baked; null if nothing was, as far as is known without a look at files.
   *
   * @throws {FileError} if its file is missing or may not be read.
   * @throws What `open` throws.
   * @internal
   */
  async openSource(): Promise<ByteSource | null> {
    if (this.path !== null) return await openFileSource(this.path);
    if (this.#bytes !== null) return memorySource(this.#bytes, this.name);
    return await this.#open?.() ?? null;
  }

  /**
   * Writes a bake in the place of the last one, which stays if that fails.
   *
   * @param write Writes to a sink and commits it, or aborts it and throws.
   * @throws What `write` throws, and what keeps the file from being written.
   * @internal
   */
  async replace<Result>(write: (sink: ByteSink) => Promise<Result>): Promise<Result> {
    const { boxes } = this.staleRegions;
    const memory = this.path === null ? new MemorySink(this.name) : null;
    const result = await write(memory ?? await sinkInFolder(this.path!));
    if (memory !== null) {
      this.#bytes = memory.bytes;
      this.#open = null;
    }
    this.staleRegions.forget(boxes);
    this.#generation++;
    return result;
  }
}

/** A sink of a file, whose folder is made unless it is there. */
async function sinkInFolder(path: string): Promise<ByteSink> {
  const folder = path.replace(/[/\\][^/\\]*$/, "");
  // What keeps the folder from being made is told when the file cannot be.
  if (folder !== path && folder !== "") {
    await denoRuntime()?.mkdir(folder, { recursive: true }).catch(() => {});
  }
  return await openFileSink(path);
}
