/**
 * What components and volumes refer to, each once, with a name of its own.
 *
 * @module
 */

import { UnsupportedError } from "../../../errors.ts";
import type { LoadedFile, StreamedTexture } from "../../../streaming/mod.ts";
import { RuntimeVirtualTexture, type RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import {
  graphNodes,
  Material,
  MaterialFunction,
  MaterialInstance,
  type MaterialInterface,
  type MaterialTexture,
  UniqueNames,
  writeMaterialFunction,
} from "../../material/mod.ts";
import type { ProjectContent } from "../json/project_json.ts";

/** Parts of a scene that a project has in lists of its own. */
export class NamedParts {
  /** Assets. */
  readonly assets = new Set<RuntimeVirtualTexture>();
  /** Plain textures. */
  readonly textures = new Set<MaterialTexture>();
  /** Streaming virtual textures, and the files that they were loaded from. */
  readonly streamedTextures = new Map<StreamedTexture, LoadedFile>();
  readonly #materials = new Set<Material | MaterialInstance>();
  readonly #functions = new Map<string, MaterialFunction>();
  readonly #names: UniqueNames;
  readonly #failure: string;

  /** @param failure What cannot be done if something has no form in a project. */
  constructor(failure: string) {
    this.#failure = failure;
    this.#names = new UniqueNames(failure);
  }

  /**
   * Notes an asset.
   *
   * @throws {OutOfRangeError} if another one has its name.
   * @throws {UnsupportedError} if it only looks like one.
   */
  addAsset(asset: RuntimeVirtualTextureLike): string {
    if (!(asset instanceof RuntimeVirtualTexture)) {
      throw this.#unsupported(`asset "${asset.name}"`, "it is no RuntimeVirtualTexture");
    }
    this.#names.add("assets", asset);
    this.assets.add(asset);
    return asset.name;
  }

  /**
   * Notes a material, and all that it refers to.
   *
   * @throws {OutOfRangeError} if two things have one name.
   * @throws {UnsupportedError} if it samples a streaming texture that was not loaded from a file.
   */
  addMaterial(material: MaterialInterface): string {
    const isOwn = material instanceof Material || material instanceof MaterialInstance;
    if (!isOwn) throw this.#unsupported(`material "${material.name}"`, "its class is not known");
    if (this.#materials.has(material)) return material.name;
    this.#names.add("materials", material);
    if (material instanceof MaterialInstance) {
      this.addMaterial(material.parent);
      const { textures, runtimeVirtualTextures } = material.ownOverrides;
      for (const texture of textures.values()) this.#addTexture(texture);
      for (const asset of runtimeVirtualTextures.values()) this.addAsset(asset);
    } else this.#addGraph(material);
    this.#materials.add(material);
    return material.name;
  }

  #addGraph(material: Material): void {
    const { nodes, functions } = graphNodes(material.graph, this.#failure);
    for (const node of nodes) {
      if (node.kind === "texture_sample") this.#addTexture(node.texture);
      if (node.kind === "runtime_virtual_texture_sample") this.addAsset(node.sample.asset);
      if (node.kind !== "virtual_texture_sample") continue;
      this.addStreamedTexture(node.texture, `material "${material.name}"`);
    }
    for (const called of functions.values()) {
      if (!(called instanceof MaterialFunction)) continue;
      this.#names.add("functions", called);
      this.#functions.set(called.name, called);
    }
  }

  /**
   * Notes a streaming virtual texture.
   *
   * @param user What reads it, for messages.
   * @throws {OutOfRangeError} if another one has its name.
   * @throws {UnsupportedError} if it was not loaded from a file.
   */
  addStreamedTexture(texture: StreamedTexture, user: string): string {
    const { name, file } = texture;
    if (file === null) {
      throw this.#unsupported(
        `streaming texture "${name}" of ${user}`,
        "it was not loaded from a file: load it from a tile store, a KTX2 file or a picture, or write " +
          "the project by hand",
      );
    }
    this.#names.add("streaming textures", texture);
    this.streamedTextures.set(texture, file);
    return name;
  }

  #addTexture(texture: MaterialTexture): void {
    this.#names.add("textures", texture);
    this.textures.add(texture);
  }

  /** The documents of materials and functions. */
  documents(): Pick<ProjectContent, "materials" | "materialFunctions"> {
    return {
      materialFunctions: [...this.#functions.values()].map(writeMaterialFunction),
      materials: [...this.#materials].map((material) => material.toJSON()),
    };
  }

  #unsupported(what: string, why: string): UnsupportedError {
    return new UnsupportedError(what, `${this.#failure} as ${what} cannot be saved: ${why}`);
  }
}
