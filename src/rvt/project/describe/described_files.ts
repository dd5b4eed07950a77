/**
 * The files that a project made in code takes along.
 *
 * @module
 */

import { FileError } from "../../../errors.ts";
import type { Mesh } from "../../../geometry/mod.ts";
import {
  encodeFloatTiff,
  encodePng,
  type FloatPixels,
  type PngPixels,
} from "../../../sources/mod.ts";
import { encodeGlb } from "../../component/mod.ts";
import type { VirtualTextureBuilder } from "../../low_mips/mod.ts";
import type { MeshJson } from "../json/component_json.ts";
import { isInside } from "../read/mod.ts";

/** Characters that paths of projects do not have in their parts. */
// deno-lint-ignore no-control-regex
const FOREIGN = /[\\:*?"<>|\u0000-\u001f]/;

/** Gives names to files, and makes what stands in them. */
export class DescribedFiles {
  /** What was made, by path. */
  readonly data = new Map<string, Uint8Array>();
  /** Real paths of what is copied, by path. */
  readonly copies = new Map<string, string>();
  readonly #root: string | null;
  readonly #meshes = new Map<Mesh, MeshJson>();
  readonly #paths = new Set<string>();

  /** @param root Real path of the folder that the project will lie in; null if that is not known. */
  constructor(root: string | null) {
    this.#root = root;
  }

  /**
   * Adds a file that is there; returns its path. One that lies in the project's folder stays where it is.
   *
   * @param from Its real path.
   */
  addCopy(folder: string, from: string): string {
    const own = this.#pathInside(from);
    const isFree = own !== null && !FOREIGN.test(own) && !this.#paths.has(own);
    const [, name = "", extension = ""] = /([^/\\]*?)(?:\.([a-z0-9]+))?$/i.exec(from)!;
    const path = isFree ? own : this.#pathFor(folder, name, extension.toLowerCase());
    this.#paths.add(path);
    this.copies.set(path, from);
    return path;
  }

  #pathInside(path: string): string | null {
    const root = this.#root;
    if (root === null || !isInside(path, root)) return null;
    return path.slice(root.length).replace(/^[/\\]/, "");
  }

  /** Adds a picture; returns its path. */
  async addPicture(name: string, pixels: PngPixels): Promise<string> {
    const path = this.#pathFor("pictures", name, "png");
    this.data.set(path, await encodePng(pixels));
    return path;
  }

  /** Adds a picture of floats; returns its path. */
  async addFloats(name: string, pixels: FloatPixels): Promise<string> {
    const path = this.#pathFor("pictures", name, "tiff");
    this.data.set(path, await encodeFloatTiff(pixels));
    return path;
  }

  /** The JSON of levels of detail; a mesh that was there before is in the same file. */
  async describeLods(name: string, lods: readonly Mesh[]): Promise<MeshJson | MeshJson[]> {
    const described: MeshJson[] = [];
    for (const mesh of lods) {
      let json = this.#meshes.get(mesh);
      if (json === undefined) {
        const file = this.#pathFor("meshes", name, "glb");
        this.data.set(file, await encodeGlb([{ name: "mesh", mesh }]));
        this.#meshes.set(mesh, json = { file });
      }
      described.push(json);
    }
    return described.length === 1 ? described[0]! : described;
  }

  /**
   * Adds what a builder holds, if there is anything; returns its path.
   *
   * @throws {FileError} if its file is there and may not be read.
   * @throws {SourceReadError} if it cannot be read.
   */
  async addBake(name: string, builder: VirtualTextureBuilder): Promise<string> {
    const path = this.#pathFor("bakes", name, "pmtiles");
    const bytes = await bytesOf(builder);
    if (bytes !== null) this.data.set(path, bytes);
    return path;
  }

  /** A path that nothing has, of characters that every system takes. */
  #pathFor(folder: string, name: string, extension: string): string {
    const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_|_$/g, "");
    const base = `${folder}/${plain.slice(0, 64) || "unnamed"}`;
    const end = extension === "" ? "" : `.${extension}`;
    for (let number = 1;; number++) {
      const path = `${base}${number === 1 ? "" : `_${number}`}${end}`;
      if (this.#paths.has(path)) continue;
      this.#paths.add(path);
      return path;
    }
  }
}

/** What a builder holds; null before the first build. */
async function bytesOf(builder: VirtualTextureBuilder): Promise<Uint8Array | null> {
  try {
    const source = await builder.openSource();
    if (source === null) return null;
    try {
      return await source.read(0, await source.size());
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof FileError && error.code === "file-not-found") return null;
    throw error;
  }
}
