/**
 * Makes the materials that a project describes.
 *
 * @module
 */

import type { StreamedTexture } from "../../../streaming/mod.ts";
import type { RuntimeVirtualTexture } from "../../asset/mod.ts";
import {
  Material,
  type MaterialFunction,
  MaterialInstance,
  type MaterialTexture,
  readMaterialFunction,
} from "../../material/mod.ts";
import { placeIn, type Project } from "../project.ts";
import { isMaterialJson } from "../read/mod.ts";
import { atPlace } from "./at_place.ts";
import type { SceneNeeds } from "./scene_needs.ts";

/** What materials name. */
export interface MaterialInputs {
  /** Gives a plain texture by its number in the project. */
  readonly texture: (index: number) => Promise<MaterialTexture>;
  readonly streamedTextures: ReadonlyMap<string, StreamedTexture>;
  readonly assets: ReadonlyMap<string, RuntimeVirtualTexture>;
}

/** What is needed of the lists that materials come from. */
export type MaterialNeeds = Pick<SceneNeeds, "textures" | "materialFunctions" | "materials">;

/** The materials of a scene and their pictures, each made once, when it is needed first. */
export class SceneMaterials {
  readonly #project: Project;
  readonly #inputs: MaterialInputs;
  readonly #textures = new Map<string, MaterialTexture>();
  readonly #functions = new Map<string, MaterialFunction>();
  readonly #materials = new Map<string, Material | MaterialInstance>();
  #work: Promise<unknown> = Promise.resolve();

  /** Has none yet. */
  constructor(project: Project, inputs: MaterialInputs) {
    this.#project = project;
    this.#inputs = inputs;
  }

  /** Those that were made so far, by name. */
  get all(): ReadonlyMap<string, Material | MaterialInstance> {
    return this.#materials;
  }

  /**
   * Makes those that are needed and are not there yet, after what is being made.
   *
   * @throws {FileError} if a picture is missing.
   * @throws {MalformedFileError} if something is not valid; the message names it.
   * @throws {UnsupportedError} if a picture needs what is not supported.
   */
  async add(needs: MaterialNeeds, signal?: AbortSignal): Promise<void> {
    const done = this.#work.then(() => this.#addNow(needs, signal));
    this.#work = done.catch(() => {});
    await done;
  }

  async #addNow(needs: MaterialNeeds, signal: AbortSignal | undefined): Promise<void> {
    const { content } = this.#project;
    const { streamedTextures, assets } = this.#inputs;
    const texturesByName = indexByName(content.textures);
    for (const name of needs.textures) {
      if (this.#textures.has(name)) continue;
      signal?.throwIfAborted();
      this.#textures.set(name, await this.#inputs.texture(texturesByName.get(name)!));
    }
    const lookup = {
      texture: (name: string) => this.#textures.get(name),
      streamedTexture: (name: string) => streamedTextures.get(name),
      runtimeVirtualTexture: (name: string) => assets.get(name),
      materialFunction: (name: string) => this.#functions.get(name),
    };
    const functionsByName = indexByName(content.materialFunctions);
    for (const name of needs.materialFunctions) {
      if (this.#functions.has(name)) continue;
      const index = functionsByName.get(name)!;
      const json = content.materialFunctions[index];
      const place = placeIn(this.#project, "materialFunctions", index);
      this.#functions.set(name, await atPlace(place, () => readMaterialFunction(json, lookup)));
    }
    const material = (name: string) => this.#materials.get(name);
    const materialsByName = indexByName(content.materials);
    for (const name of needs.materials) {
      if (this.#materials.has(name)) continue;
      const index = materialsByName.get(name)!;
      const json = content.materials[index]!;
      const made = await atPlace<Material | MaterialInstance>(
        placeIn(this.#project, "materials", index),
        () =>
          isMaterialJson(json)
            ? Material.fromJSON(json, lookup)
            : MaterialInstance.fromJSON(json, { ...lookup, material }),
      );
      this.#materials.set(name, made);
    }
  }
}

/** The same without the field that editors look for. */
export function withoutSchema<Json extends object>(json: Json): Omit<Json, "$schema"> {
  const { $schema: _, ...rest } = json as Json & { $schema?: unknown };
  return rest as Omit<Json, "$schema">;
}

/** Places of elements in their list, by name. */
export function indexByName(
  elements: readonly { readonly name: string }[],
): ReadonlyMap<string, number> {
  return new Map(elements.map(({ name }, index) => [name, index]));
}
