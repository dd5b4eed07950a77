/**
 * Makes the components of a project that are loaded later.
 *
 * @module
 */

import type { WorldBounds } from "../../../geometry/mod.ts";
import { DeferredComponent, type LandscapeComponent } from "../../component/mod.ts";
import { fileIdentity } from "../../low_mips/mod.ts";
import type { ComponentJson } from "../json/component_json.ts";
import type { Project } from "../project.ts";
import { landscapeNameOf } from "../read/mod.ts";
import { LIST_NAMES, type Place } from "../schema/mod.ts";
import { componentFiles, type FileReference, fileReferences } from "../write/file_references.ts";
import { atPlace } from "./at_place.ts";
import type { BoundsInputs, LandscapesByName } from "./bounds/bounds_inputs.ts";
import { componentBounds } from "./bounds/component_bounds.ts";
import { buildComponent } from "./build_component.ts";
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
  readonly #landscapes: LandscapesByName;
  readonly #grounds = new Map<string, Promise<string>>();

  /** @param landscapes What the scene says of its landscapes, by their names. */
  constructor(project: Project, landscapes: LandscapesByName) {
    this.#project = project;
    this.#landscapes = landscapes;
  }

  /**
   * A text that is another one whenever the component would be: of all that the project says of it, its
   * material and the landscape that it lies on, and of the files that those name.
   *
   * @throws {FileError} if a file is missing.
   * @throws {MalformedFileError} if it lies outside of the project's folder.
   */
  async identityOf(json: ComponentJson, place: Place): Promise<string> {
    const { material, renderToVirtualTextures = [] } = json;
    const heights = json.kind === "landscape" ? json.heightTexture?.texture : undefined;
    const key = JSON.stringify([material, renderToVirtualTextures, heights]);
    let shared = this.#shared.get(key);
    if (shared === undefined) this.#shared.set(key, shared = this.#identifyNeeds(json));
    const own = await this.#identifyFiles(componentFiles(json, place));
    const ground = await this.#groundOf(json);
    return JSON.stringify([json, own, await shared, ...ground]);
  }

  /** The landscape that a component lies on, if there is one, by a digest. */
  async #groundOf(json: ComponentJson): Promise<string[]> {
    const name = landscapeNameOf(json);
    if (name === null) return [];
    let ground = this.#grounds.get(name);
    if (ground === undefined) {
      const { json, place } = this.#landscapes.get(name)!;
      ground = this.identityOf(json, place).then((text) => digestOf(textBytes(text)));
      this.#grounds.set(name, ground);
    }
    return [await ground];
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
    return await digestOf(textBytes(JSON.stringify([needed, files])));
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

function textBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).join();
}

/** What deferred components are made with. */
export interface DeferredInputs extends BoundsInputs {
  /** Those that were made before, by the names that they have. */
  readonly deferred: ReadonlyMap<string, DeferredComponent>;
}

/**
 * A component that is loaded when a tile needs it.
 *
 * @throws As {@linkcode ComponentIdentities.identityOf} and `componentBounds` do.
 * @throws {MalformedFileError} if its bounds are empty.
 */
export async function buildDeferred(
  json: ComponentJson,
  place: Place,
  { identities, inputs, prepare }: {
    readonly identities: ComponentIdentities;
    readonly inputs: DeferredInputs;
    /** Makes its material. */
    readonly prepare: () => Promise<void>;
  },
): Promise<DeferredComponent> {
  const { name = json.kind, renderToVirtualTextures = [] } = json;
  const identity = await identities.identityOf(json, place);
  const bounds = await boundsOfDeferred(json, place, inputs);
  const ground = landscapeNameOf(json);
  return await atPlace(place.at("deferred"), () =>
    new DeferredComponent({
      name,
      bounds,
      identity,
      renderToVirtualTextures: renderToVirtualTextures.map((asset) => inputs.assets.get(asset)!),
      landscape: ground === null ? null : landscapeOf(ground, inputs),
      // Files are shared with other components and stay read, within the limits of the scene.
      load: async ({ landscape }) => {
        await prepare();
        const components = new Map(landscape === null ? [] : [[ground!, landscape]]);
        return await buildComponent(json, place, { ...inputs, components });
      },
    }));
}

/**
 * The bounds that a project states of a deferred component, or those that are known without it.
 *
 * @throws As `componentBounds` does where none are stated.
 */
export async function boundsOfDeferred(
  json: ComponentJson,
  place: Place,
  inputs: BoundsInputs,
): Promise<WorldBounds> {
  const { bounds } = json.deferred!;
  return bounds === undefined
    ? await componentBounds(json, place, inputs)
    : bounds as unknown as WorldBounds;
}

function landscapeOf(
  name: string,
  { deferred, components }: DeferredInputs,
): LandscapeComponent | DeferredComponent {
  return deferred.get(name) ?? components.get(name) as LandscapeComponent;
}
