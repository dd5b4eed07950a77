/**
 * Makes the components of a project that are loaded later.
 *
 * @module
 */

import type { WorldBounds } from "../../../geometry/mod.ts";
import { DeferredComponent, type PrimitiveComponent } from "../../component/mod.ts";
import { fileIdentity } from "../../low_mips/mod.ts";
import type { ComponentJson, DeferrableJson } from "../json/component_json.ts";
import type { Project } from "../project.ts";
import { LIST_NAMES, type Place } from "../schema/mod.ts";
import { componentFiles, type FileReference, fileReferences } from "../write/file_references.ts";
import { atPlace } from "./at_place.ts";
import { buildComponent, type ComponentInputs } from "./build_component.ts";
import { SceneInputs } from "./scene_inputs.ts";
import { sceneNeeds } from "./scene_needs.ts";

/**
 * Tells components of a project apart by what they are made of. Files are looked at once, and so is what a
 * material needs.
 */
export class ComponentIdentities {
  readonly #project: Project;
  readonly #files = new Map<string, Promise<string>>();
  readonly #shared = new Map<string, Promise<string>>();

  constructor(project: Project) {
    this.#project = project;
  }

  /**
   * A text that is another one whenever the component would be: of all that the project says of it and of its
   * material, and of the files that those name.
   *
   * @throws {FileError} if a file is missing.
   * @throws {MalformedFileError} if it lies outside of the project's folder.
   */
  async identityOf(json: ComponentJson, place: Place): Promise<string> {
    const { material, renderToVirtualTextures = [] } = json;
    const key = JSON.stringify([material, renderToVirtualTextures]);
    let shared = this.#shared.get(key);
    if (shared === undefined) this.#shared.set(key, shared = this.#identifyNeeds(json));
    const own = await this.#identifyFiles(componentFiles(json, place));
    return JSON.stringify([json, own, await shared]);
  }

  /** What a component needs of the lists of the project, by a digest. */
  async #identifyNeeds(json: ComponentJson): Promise<string> {
    const { content } = this.#project;
    const needs = sceneNeeds(content, { name: "", components: [json] });
    const needed = Object.fromEntries(
      LIST_NAMES.map((list) => {
        const names = new Set(needs[list]);
        return [list, content[list].filter(({ name }) => names.has(name))];
      }),
    );
    const parts = { ...content, ...needed, scenes: [] };
    const files = await this.#identifyFiles(fileReferences(parts, this.#project.files));
    return await digestOf(new TextEncoder().encode(JSON.stringify([needed, files])));
  }

  async #identifyFiles(references: Iterable<FileReference>): Promise<string[]> {
    const identities: string[] = [];
    for (const { file, place } of references) {
      let identity = this.#files.get(file);
      if (identity === undefined) this.#files.set(file, identity = this.#identify(file, place));
      identities.push(await identity);
    }
    return identities;
  }

  async #identify(file: string, place: Place): Promise<string> {
    const data = this.#project.files.data.get(file);
    if (data !== undefined) return await digestOf(data.slice());
    return await fileIdentity(await new SceneInputs(this.#project).realPathOf(file, place));
  }
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).join();
}

/**
 * A component that is loaded when a tile needs it.
 *
 * @throws As {@linkcode ComponentIdentities.identityOf} does.
 * @throws {MalformedFileError} if its bounds are empty.
 */
export async function buildDeferred(
  json: ComponentJson & DeferrableJson,
  place: Place,
  { identities, inputs }: {
    readonly identities: ComponentIdentities;
    readonly inputs: ComponentInputs;
  },
): Promise<DeferredComponent> {
  const { deferred, name = json.kind, renderToVirtualTextures = [] } = json;
  const identity = await identities.identityOf(json, place);
  return await atPlace(place.at("deferred"), () =>
    new DeferredComponent({
      name,
      bounds: deferred!.bounds as unknown as WorldBounds,
      identity,
      renderToVirtualTextures: renderToVirtualTextures.map((asset) => inputs.assets.get(asset)!),
      // Files are shared with other components and stay read, within the limits of the scene.
      load: (): Promise<PrimitiveComponent> => buildComponent(json, place, inputs),
    }));
}
