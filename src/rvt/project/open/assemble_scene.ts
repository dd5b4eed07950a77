/**
 * Makes what a scene of a project describes, without a system.
 *
 * @module
 */

import type { StreamedTexture } from "../../../streaming/mod.ts";
import { RuntimeVirtualTexture } from "../../asset/mod.ts";
import type { DeferredComponent, PrimitiveComponent } from "../../component/mod.ts";
import type { Material, MaterialInstance } from "../../material/mod.ts";
import {
  type CompleteSceneOptions,
  DEFAULT_SCENE_OPTIONS,
  tileCountBiasOf,
} from "../../scene/scene_options.ts";
import { volumeAround } from "../../scene/volume_bounds.ts";
import { noteProjectName } from "../../source/project_names.ts";
import { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import type { SceneJson, StreamedTextureJson, VolumeJson } from "../json/project_json.ts";
import { placeIn, placeOfScene, type Project } from "../project.ts";
import { isDeferred } from "../read/mod.ts";
import type { Place } from "../schema/mod.ts";
import {
  assembleComponents,
  type LoadedDeferred,
  type SceneContents,
} from "./assemble_components.ts";
import { atPlace } from "./at_place.ts";
import { indexByName, SceneMaterials, withoutSchema } from "./build_materials.ts";
import { FileContents } from "./file_contents.ts";
import { MaterialTextures } from "./material_textures.ts";
import { SceneInputs } from "./scene_inputs.ts";
import { sceneNeeds } from "./scene_needs.ts";

/** What a scene is made of. */
export interface SceneParts {
  /** The assets of the project, all of them, by name. */
  readonly assets: ReadonlyMap<string, RuntimeVirtualTexture>;
  /** Materials and instances that the scene needs, by name; of deferred components once they are loaded. */
  readonly materials: ReadonlyMap<string, Material | MaterialInstance>;
  /** Volumes, in their order. */
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
  /** Components, in their order, but for the deferred ones. */
  readonly components: readonly PrimitiveComponent[];
  /** Deferred components, in their order. */
  readonly deferredComponents: readonly DeferredComponent[];
  /** Deferred components that are among the others, as `loadsDeferred` asked for; else none. */
  readonly loadedDeferred: readonly LoadedDeferred[];
  /** What the scene itself is set to. */
  readonly options: Partial<Omit<CompleteSceneOptions, "logger">>;
}

/** How parts are made. */
export interface AssembleOptions {
  /** Gives a streamed texture of a file, whose real path is known. */
  readonly streamedTexture: (json: StreamedTextureJson, path: string) => Promise<StreamedTexture>;
  /** Whether deferred components are loaded at once, as any other; default false. */
  readonly loadsDeferred?: boolean;
  /** Cancels the work, which ends with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the parts of a scene, in the order in which the project has them.
 *
 * @throws {FileError} if a file is missing.
 * @throws {MalformedFileError} if a file is damaged, or something is not valid; the message names the place.
 * @throws {UnsupportedError} if a file needs what is not supported.
 */
export async function assembleScene(
  project: Project,
  scene: SceneJson,
  { streamedTexture, loadsDeferred = false, signal }: AssembleOptions,
): Promise<SceneParts> {
  const { content } = project;
  const all = scene.components ?? [];
  const needs = sceneNeeds(content, scene);
  const files = new SceneInputs(project);
  const assets = new Map<string, RuntimeVirtualTexture>();
  for (const [index, { ...json }] of content.assets.entries()) {
    const place = placeIn(project, "assets", index);
    assets.set(
      json.name,
      await atPlace(place, () => new RuntimeVirtualTexture(withoutSchema(json))),
    );
  }
  const streamedTextures = new Map<string, StreamedTexture>();
  const streamedByName = indexByName(content.streamedTextures);
  for (const name of needs.streamedTextures) {
    signal?.throwIfAborted();
    const index = streamedByName.get(name)!;
    const json = content.streamedTextures[index]!;
    const place = placeIn(project, "streamedTextures", index).at("file");
    const path = await files.realPathOf(json.file, place);
    const texture = await atPlace(place, () => streamedTexture(json, path));
    noteProjectName(texture, name);
    streamedTextures.set(name, texture);
  }
  const contents = new FileContents(project);
  const textures = new MaterialTextures(project, { files, contents });
  const materials = new SceneMaterials(project, {
    texture: (index) => textures.load(index),
    streamedTextures,
    assets,
  });
  const described = new SceneMaterials(project, {
    texture: (index) => textures.standIn(index),
    streamedTextures,
    assets,
  });
  const loaded = all.filter((json) => loadsDeferred || !isDeferred(json));
  await materials.add(sceneNeeds(content, { name: scene.name, components: loaded }), signal);
  const { components, deferredComponents, loadedDeferred, ...placed } = await assembleComponents(
    project,
    scene,
    { files, contents, streamedTextures, materials, described, assets, loadsDeferred, signal },
  );
  const volumes: RuntimeVirtualTextureVolume[] = [];
  const { options = {} } = scene;
  const set = { ...DEFAULT_SCENE_OPTIONS, ...options };
  for (const [index, json] of (scene.volumes ?? []).entries()) {
    const at = placeOfScene(project, scene).at("volumes").at(index);
    volumes.push(await buildVolume(json, at, { ...placed, assets, set, files }));
  }
  return {
    assets,
    materials: materials.all,
    volumes,
    components,
    deferredComponents,
    loadedDeferred,
    options,
  };
}

async function buildVolume(
  { asset: name, boundsFrom, virtualTextureBuilder: file, ...rest }: VolumeJson,
  place: Place,
  { assets, writers, sources, set, files }: Pick<SceneContents, "writers" | "sources"> & {
    readonly files: SceneInputs;
    readonly assets: ReadonlyMap<string, RuntimeVirtualTexture>;
    readonly set: Pick<CompleteSceneOptions, "tileCountBias" | "groupTileCountBias">;
  },
): Promise<RuntimeVirtualTextureVolume> {
  const asset = assets.get(name)!;
  const at = place.at("virtualTextureBuilder");
  const builder = file === undefined ? null : await files.builderOf(file, at);
  const settings = { ...rest, virtualTextureBuilder: builder };
  return await atPlace(place, () => {
    const volume = new RuntimeVirtualTextureVolume(asset, settings);
    if (boundsFrom === undefined) return volume;
    const source = sources.get(boundsFrom)!;
    const { position, rotation, scale } = volumeAround(volume, source, {
      isLandscape: source.isLandscape,
      writers: writers.filter((one) => one.renderToVirtualTextures.includes(asset)),
      tileCountBias: tileCountBiasOf(set, volume),
    });
    volume.change({ position, rotation, scale });
    return volume;
  });
}
