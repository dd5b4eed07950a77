/**
 * Opening of a scene of a project.
 *
 * @module
 */

import {
  checkedInstance,
  checkedKnownName,
  checkedSignal,
  checkedString,
  checkOptionNames,
} from "../../../checks.ts";
import {
  imageChoiceOf,
  pictureChoiceOf,
  type StreamedTexture,
  VirtualTextureSystem,
} from "../../../streaming/mod.ts";
import type { RuntimeVirtualTexture } from "../../asset/mod.ts";
import type { DeferredComponent, PrimitiveComponent } from "../../component/mod.ts";
import { VirtualTextureConsole } from "../../console/mod.ts";
import type { Material, MaterialInstance } from "../../material/mod.ts";
import { RuntimeVirtualTextureScene } from "../../scene/rvt_scene.ts";
import type { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import type { SceneJson } from "../json/project_json.ts";
import { placeOfScene, Project } from "../project.ts";
import { isDeferred } from "../read/mod.ts";
import { assembleScene, type SceneParts } from "./assemble_scene.ts";
import { atPlace } from "./at_place.ts";

/** Options of {@linkcode openProjectScene}. */
export interface OpenProjectSceneOptions {
  /** The scene's name; default the project's only one. */
  readonly scene?: string;
  /** Level of the project's `scalability` that is put into force; default none. */
  readonly scalabilityLevel?: string;
  /** Cancels the wait, which ends with the signal's reason; nothing is left of the scene then. */
  readonly signal?: AbortSignal | undefined;
}

/** A scene of a project, in a system, with what it was made of. */
export class ProjectScene {
  /** The project. */
  readonly project: Project;
  /** What the project says of it. */
  readonly json: SceneJson;
  /** The scene, which borrows the system. */
  readonly scene: RuntimeVirtualTextureScene;
  /** The assets of the project, by name. */
  readonly assets: ReadonlyMap<string, RuntimeVirtualTexture>;
  /** Materials and instances that the scene uses, by name; of deferred components once they are loaded. */
  readonly materials: ReadonlyMap<string, Material | MaterialInstance>;
  /** Its components, as the project lists them, but for the deferred ones. */
  readonly components: readonly PrimitiveComponent[];
  /** Its deferred components, as the project lists them. */
  readonly deferredComponents: readonly DeferredComponent[];
  /** Its volumes, as the project lists them. */
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
  /** The console that has put a scalability level into force; null if none was asked for. */
  readonly console: VirtualTextureConsole | null;
  readonly #textures: readonly StreamedTexture[];

  /** Use {@linkcode openProjectScene}. */
  constructor(
    { project, json, scene }: {
      readonly project: Project;
      readonly json: SceneJson;
      readonly scene: RuntimeVirtualTextureScene;
    },
    { assets, materials, components, deferredComponents, volumes, textures, console }:
      & Omit<SceneParts, "options">
      & {
        readonly textures: readonly StreamedTexture[];
        readonly console: VirtualTextureConsole | null;
      },
  ) {
    this.project = project;
    this.json = json;
    this.scene = scene;
    this.assets = assets;
    this.materials = materials;
    this.components = components;
    this.deferredComponents = deferredComponents;
    this.volumes = volumes;
    this.console = console;
    this.#textures = textures;
  }

  /** Closes the scene, and unloads the textures that were loaded for it. The system stays open. */
  async close(): Promise<void> {
    const { system } = this.scene;
    await this.scene.close();
    const loaded = new Set(system.textures);
    for (const texture of this.#textures) {
      if (loaded.has(texture)) await system.unloadTexture(texture);
    }
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Makes a scene that a project describes: loads its files, and adds its components and volumes, in the order
 * in which the project has them. Of deferred components, files are told apart and headers read, and nothing is
 * loaded. Sizes of pools that the project sets are set in the system, and stay when the scene is closed, as what
 * a scalability level has set does.
 *
 * @param system Streams its textures; borrowed.
 * @throws {InvalidArgumentError} if the system or the project is none, or an option does not exist.
 * @throws {OutOfRangeError} if there is no such scene or level.
 * @throws {FileError} if a file is missing.
 * @throws {MalformedFileError} if a file is damaged, or something is not valid; the message names the place.
 * @throws {UnsupportedError} if a file needs what is not supported.
 * @throws {BudgetError} if the system's budget is too small.
 * @throws {DisposedError} if the system was closed. After an error nothing is left of the scene.
 */
export async function openProjectScene(
  project: Project,
  system: VirtualTextureSystem,
  options: OpenProjectSceneOptions = {},
): Promise<ProjectScene> {
  const failure = "Cannot open scene";
  checkedInstance(project, { name: "project", failure, kind: Project });
  checkedInstance(system, { name: "system", failure, kind: VirtualTextureSystem });
  checkOptionNames(options, { failure, names: ["scene", "scalabilityLevel", "signal"] });
  if (options.scene !== undefined) checkedString(options.scene, { name: "scene", failure });
  const { pools, scalability = {} } = project.content;
  const { scalabilityLevel: level } = options;
  if (level !== undefined) {
    checkedKnownName(level, {
      name: "scalabilityLevel",
      failure,
      known: Object.keys(scalability),
    });
  }
  const signal = checkedSignal(options.signal, failure);
  system.assertOpen();
  const json = project.scene(options.scene);
  const { poolConfig: poolsBefore } = system.tuning;
  const textures: StreamedTexture[] = [];
  let scene: RuntimeVirtualTextureScene | null = null;
  try {
    signal?.throwIfAborted();
    if (pools !== undefined) await system.tuning.configurePools(pools, { signal });
    const { options: settings, ...parts } = await assembleScene(project, json, {
      async streamedTexture({ colorSpace, preferredFormat, wrap, ...choice }, path) {
        const texture = await system.loadTexture(path, {
          ...(colorSpace === undefined ? {} : { colorSpace }),
          ...(preferredFormat === undefined ? {} : { preferredFormat }),
          ...(wrap === undefined ? {} : { wrap }),
          ...imageChoiceOf(choice),
          ...pictureChoiceOf(choice),
          signal,
        });
        textures.push(texture);
        return texture;
      },
      signal,
    });
    const place = placeOfScene(project, json).at("options");
    scene = await atPlace(place, () => new RuntimeVirtualTextureScene(system, settings));
    await fillScene(scene, { project, json, parts, signal });
    const console = level === undefined ? null : new VirtualTextureConsole(scene, { scalability });
    await console?.setScalabilityLevel(level!);
    signal?.throwIfAborted();
    return new ProjectScene({ project, json, scene }, { ...parts, textures, console });
  } catch (error) {
    await scene?.close();
    const loaded = new Set(system.textures);
    for (const texture of textures) if (loaded.has(texture)) await system.unloadTexture(texture);
    // Of a system that cannot resize pools now, they are resized later.
    if (pools !== undefined) await system.tuning.configurePools(poolsBefore).catch(() => {});
    throw error;
  }
}

async function fillScene(
  scene: RuntimeVirtualTextureScene,
  { project, json, parts, signal }: {
    readonly project: Project;
    readonly json: SceneJson;
    readonly parts: Omit<SceneParts, "options">;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const place = placeOfScene(project, json);
  const [components, deferred] = [[...parts.components], [...parts.deferredComponents]];
  for (const [index, one] of (json.components ?? []).entries()) {
    await atPlace(place.at("components").at(index), () => {
      if (isDeferred(one)) scene.addDeferredComponent(deferred.shift()!);
      else scene.addComponent(components.shift()!);
    });
  }
  for (const [index, volume] of parts.volumes.entries()) {
    signal?.throwIfAborted();
    await atPlace(place.at("volumes").at(index), () => scene.addVolume(volume));
  }
}
