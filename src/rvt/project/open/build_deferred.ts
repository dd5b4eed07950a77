/**
 * Makes the components of a project that are loaded later.
 *
 * @module
 */

import { identifyContent } from "../../../bake/mod.ts";
import type { WorldBounds } from "../../../geometry/mod.ts";
import { DeferredComponent, type LandscapeComponent } from "../../component/mod.ts";
import type { MaterialInterface } from "../../material/mod.ts";
import type { ComponentJson } from "../json/component_json.ts";
import { placeIn, type Project } from "../project.ts";
import { landscapeNameOf } from "../read/mod.ts";
import type { Place } from "../schema/mod.ts";
import { componentFiles } from "../write/file_references.ts";
import { atPlace } from "./at_place.ts";
import type { BoundsInputs, LandscapesByName } from "./bounds/bounds_inputs.ts";
import { componentBounds } from "./bounds/component_bounds.ts";
import { buildComponent } from "./build_component.ts";
import type { FileContents } from "./file_contents.ts";

/** Fields that do not say what a component draws into tiles, or say it by names of what is looked at anyway. */
const LEFT_OUT = new Set([
  "name",
  "material",
  "renderToVirtualTextures",
  "drawInMainPass",
  "mobility",
  "deferred",
]);
/** Fields that hold names of what is looked at anyway. */
const NAMING = new Set(["file", "texture", "landscape", "onto"]);

/** Tells components of a project apart by what they are made of, but for their materials. */
export class ComponentIdentities {
  readonly #project: Project;
  readonly #contents: FileContents;
  readonly #landscapes: LandscapesByName;
  readonly #grounds = new Map<string, Promise<string>>();

  /**
   * @param parts What tells files apart, and what the scene says of its landscapes, by their names; both are
   * borrowed.
   */
  constructor(
    project: Project,
    { contents, landscapes }: {
      readonly contents: FileContents;
      readonly landscapes: LandscapesByName;
    },
  ) {
    this.#project = project;
    this.#contents = contents;
    this.#landscapes = landscapes;
  }

  /**
   * A text that is another one whenever the component would draw something else with the same material: of what
   * the project says of its form and place, of the landscape that it lies on, and of the content of files.
   *
   * @throws {FileError} if a file is missing.
   * @throws {MalformedFileError} if it lies outside of the project's folder.
   */
  async identityOf(json: ComponentJson, place: Place): Promise<string> {
    const form = Object.entries(json)
      .filter(([field]) => !LEFT_OUT.has(field))
      .sort(([one], [other]) => one < other ? -1 : 1);
    const files: string[] = [];
    for (const { file, place: at } of componentFiles(json, place)) {
      files.push(await this.#contents.identityOf(file, at));
    }
    const parts = [form, files, await this.#heightsOf(json), await this.#groundOf(json)];
    return JSON.stringify(parts, withoutNames);
  }

  /** The streaming texture that holds the heights of a landscape. */
  async #heightsOf(json: ComponentJson): Promise<unknown> {
    const wanted = json.kind === "landscape" ? json.heightTexture?.texture : undefined;
    if (wanted === undefined) return null;
    const { streamedTextures } = this.#project.content;
    const index = streamedTextures.findIndex(({ name }) => name === wanted);
    const { name: _, file, ...settings } = streamedTextures[index]!;
    const at = placeIn(this.#project, "streamedTextures", index).at("file");
    return [settings, await this.#contents.identityOf(file, at)];
  }

  /** The landscape that a component lies on, if there is one, by a digest. */
  async #groundOf(json: ComponentJson): Promise<string | null> {
    const name = landscapeNameOf(json);
    if (name === null) return null;
    let ground = this.#grounds.get(name);
    if (ground === undefined) {
      const { json, place } = this.#landscapes.get(name)!;
      const identity = this.identityOf(json, place);
      ground = identity.then((text) => identifyContent(new TextEncoder().encode(text)));
      this.#grounds.set(name, ground);
    }
    return await ground;
  }
}

function withoutNames(field: string, value: unknown): unknown {
  return NAMING.has(field) && typeof value === "string" ? "" : value;
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
  { identities, inputs, material, prepare }: {
    readonly identities: ComponentIdentities;
    readonly inputs: DeferredInputs;
    /** Its material once that was made, and until then one that writes the same. */
    readonly material: () => MaterialInterface;
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
      material,
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
