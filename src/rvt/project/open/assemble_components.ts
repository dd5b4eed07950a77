/**
 * Makes the components of a scene that a project describes.
 *
 * @module
 */

import { MalformedFileError } from "../../../errors.ts";
import { transformFrom, type WorldBounds } from "../../../geometry/mod.ts";
import {
  checkedBounds,
  type DeferredComponent,
  LandscapeComponent,
  type PrimitiveComponent,
} from "../../component/mod.ts";
import type { VolumeSource } from "../../scene/volume_bounds.ts";
import type { ComponentJson } from "../json/component_json.ts";
import type { SceneJson } from "../json/project_json.ts";
import { placeOfScene, type Project } from "../project.ts";
import { isDeferred } from "../read/mod.ts";
import type { Place } from "../schema/mod.ts";
import { atPlace } from "./at_place.ts";
import type { BoundsInputs, LandscapesByName } from "./bounds/bounds_inputs.ts";
import { buildComponent, type ComponentInputs } from "./build_component.ts";
import type { SceneMaterials } from "./build_materials.ts";
import type { FileContents } from "./file_contents.ts";
import { sceneNeeds } from "./scene_needs.ts";
import {
  boundsOfDeferred,
  buildDeferred,
  ComponentIdentities,
  type DeferredInputs,
} from "./build_deferred.ts";

/** A deferred component that was loaded at once, to be checked. */
export interface LoadedDeferred {
  /** What it loads. */
  readonly component: PrimitiveComponent;
  /** Where it stands. */
  readonly place: Place;
  /** The bounds by which it is found before it is loaded; null if they must be stated, and are not. */
  readonly bounds: WorldBounds | null;
}

/** Something that is rendered to textures, as large as it is known to be before anything is loaded. */
export type SceneWriter = Pick<PrimitiveComponent, "boxes" | "renderToVirtualTextures">;

/** What a volume can be placed around. */
export interface NamedSource extends VolumeSource {
  /** Whether its samples can be snapped to. */
  readonly isLandscape: boolean;
}

/** The components of a scene, each list in their order. */
export interface SceneContents {
  /** Those that are loaded. */
  readonly components: readonly PrimitiveComponent[];
  /** Those that are not. */
  readonly deferredComponents: readonly DeferredComponent[];
  /** Deferred ones among those that are loaded. */
  readonly loadedDeferred: readonly LoadedDeferred[];
  /** All of them, as volumes are placed around them. */
  readonly writers: readonly SceneWriter[];
  /** All that have names. */
  readonly sources: ReadonlyMap<string, NamedSource>;
}

/**
 * Makes the components of a scene.
 *
 * @throws As `assembleScene` does.
 */
export async function assembleComponents(
  project: Project,
  scene: SceneJson,
  { loadsDeferred, signal, materials, described, contents, ...parts }:
    & Omit<ComponentInputs, "components" | "materials">
    & {
      readonly materials: SceneMaterials;
      /** Materials that write the same, and are made without reading pictures. */
      readonly described: SceneMaterials;
      /** Tells files apart. */
      readonly contents: FileContents;
      readonly loadsDeferred: boolean;
      readonly signal: AbortSignal | undefined;
    },
): Promise<SceneContents> {
  const components: PrimitiveComponent[] = [];
  const deferredComponents: DeferredComponent[] = [];
  const loadedDeferred: LoadedDeferred[] = [];
  const writers: SceneWriter[] = [];
  const sources = new Map<string, NamedSource>();
  const named = new Map<string, PrimitiveComponent>();
  const deferred = new Map<string, DeferredComponent>();
  const place = placeOfScene(project, scene).at("components");
  const landscapes = landscapesOf(scene, place);
  const made = { ...parts, materials: materials.all, components: named };
  const inputs: DeferredInputs = { ...made, landscapes, deferred };
  const identities = new ComponentIdentities(project, { contents, landscapes });
  for (const [index, json] of (scene.components ?? []).entries()) {
    signal?.throwIfAborted();
    const { name } = json;
    const at = place.at(index);
    if (isDeferred(json) && !loadsDeferred) {
      const needs = () => sceneNeeds(project.content, { name: "", components: [json] });
      const { material } = json;
      if (!described.all.has(material)) await described.add(needs(), signal);
      const one = await buildDeferred(json, at, {
        identities,
        inputs,
        material: () => materials.all.get(material) ?? described.all.get(material)!,
        prepare: () => materials.add(needs()),
      });
      deferredComponents.push(one);
      writers.push(one);
      if (name === undefined) continue;
      deferred.set(name, one);
      sources.set(name, await sourceOf(json, at, one));
      continue;
    }
    const component = await buildComponent(json, at, inputs);
    components.push(component);
    let writer: SceneWriter = component;
    if (isDeferred(json)) {
      const loaded = await loadedDeferredOf(component, { json, place: at, inputs });
      loadedDeferred.push(loaded);
      writer = await writerOf(loaded);
    }
    writers.push(writer);
    if (name === undefined) continue;
    named.set(name, component);
    const { label, transform } = component;
    const isLandscape = component instanceof LandscapeComponent;
    sources.set(name, { label, transform, boxes: () => writer.boxes(), isLandscape });
  }
  return { components, deferredComponents, loadedDeferred, writers, sources };
}

function landscapesOf({ components = [] }: SceneJson, place: Place): LandscapesByName {
  const found = new Map<string, { readonly json: ComponentJson; readonly place: Place }>();
  for (const [index, json] of components.entries()) {
    if (json.kind !== "landscape" || json.name === undefined) continue;
    found.set(json.name, { json, place: place.at(index) });
  }
  return found;
}

async function sourceOf(
  { kind, transform }: ComponentJson,
  place: Place,
  deferred: DeferredComponent,
): Promise<NamedSource> {
  const { label } = deferred;
  const placed = await atPlace(place.at("transform"), () => transformFrom(transform));
  const isLandscape = kind === "landscape";
  return { label, transform: placed, boxes: () => deferred.boxes(), isLandscape };
}

async function loadedDeferredOf(
  component: PrimitiveComponent,
  { json, place, inputs }: {
    readonly json: ComponentJson;
    readonly place: Place;
    readonly inputs: BoundsInputs;
  },
): Promise<LoadedDeferred> {
  try {
    return { component, place, bounds: await boundsOfDeferred(json, place, inputs) };
  } catch (error) {
    // Its files can be read: it was made of them.
    if (error instanceof MalformedFileError) return { component, place, bounds: null };
    throw error;
  }
}

/** As large as it is while it is not loaded, so that volumes are placed as in a scene. */
async function writerOf({ component, place, bounds }: LoadedDeferred): Promise<SceneWriter> {
  if (bounds === null) return component;
  const failure = `Cannot make deferred ${component.label}`;
  const box = await atPlace(place.at("deferred"), () => checkedBounds(bounds, failure));
  return { renderToVirtualTextures: component.renderToVirtualTextures, boxes: () => [box] };
}
