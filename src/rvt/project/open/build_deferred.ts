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
import type { Place } from "../schema/mod.ts";
import { componentFiles, type FileReference } from "../write/file_references.ts";
import { atPlace } from "./at_place.ts";
import { buildComponent, type ComponentInputs } from "./build_component.ts";
import { SceneInputs } from "./scene_inputs.ts";

/** Fields that do not say what a component draws into tiles, or say it by names of what is looked at anyway. */
const LEFT_OUT = new Set([
  "name",
  "material",
  "renderToVirtualTextures",
  "drawInMainPass",
  "mobility",
  "deferred",
]);

/** Tells components of a project apart by what they are made of, but for their materials. */
export class ComponentIdentities {
  readonly #project: Project;
  readonly #files = new Map<string, Promise<string>>();

  constructor(project: Project) {
    this.#project = project;
  }

  /**
   * A text that is another one whenever the component would draw something else: of what the project says of
   * its form and place, and of the content of the files that it names.
   *
   * @throws {FileError} if a file is missing.
   * @throws {MalformedFileError} if it lies outside of the project's folder.
   */
  async identityOf(json: ComponentJson, place: Place): Promise<string> {
    const form = Object.entries(json)
      .filter(([field]) => !LEFT_OUT.has(field))
      .sort(([one], [other]) => one < other ? -1 : 1);
    const files = await this.#identifyFiles(componentFiles(json, place));
    return JSON.stringify([form, files], withoutFileNames);
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

/** Files count by their content. */
function withoutFileNames(field: string, value: unknown): unknown {
  return field === "file" ? undefined : value;
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
  const { deferred, name = json.kind, material, renderToVirtualTextures = [] } = json;
  const identity = await identities.identityOf(json, place);
  return await atPlace(place.at("deferred"), () =>
    new DeferredComponent({
      name,
      bounds: deferred!.bounds as unknown as WorldBounds,
      identity,
      material: inputs.materials.get(material)!,
      renderToVirtualTextures: renderToVirtualTextures.map((asset) => inputs.assets.get(asset)!),
      // Files are shared with other components and stay read, within the limits of the scene.
      load: (): Promise<PrimitiveComponent> => buildComponent(json, place, inputs),
    }));
}
