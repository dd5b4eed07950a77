/**
 * Scenes that were made in code, as projects.
 *
 * @module
 */

import {
  checkedInstance,
  checkedString,
  checkOptionNames,
  describeValue,
} from "../../../checks.ts";
import { requireDeno } from "../../../deno_runtime.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import { DEFAULT_SETTINGS, type RuntimeVirtualTexture } from "../../asset/mod.ts";
import { DeferredComponent, type PrimitiveComponent } from "../../component/mod.ts";
import type { MaterialTexture } from "../../material/mod.ts";
import { assertComponent } from "../../scene/scene_checks.ts";
import { DEFAULT_SCENE_OPTIONS, type SceneOptions } from "../../scene/scene_options.ts";
import { DEFAULT_VOLUME_SETTINGS, RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import type { ComponentJson } from "../json/component_json.ts";
import type { AssetJson, SceneJson, TextureJson, VolumeJson } from "../json/project_json.ts";
import { type Project, projectWithData } from "../project.ts";
import { describeComponent, describeTransform } from "./describe_component.ts";
import { describeDeferred } from "./describe_deferred.ts";
import type { DescribeParts } from "./describe_parts.ts";
import { describeStreamedTextures, withProjectNames } from "./describe_streamed_textures.ts";
import { DescribedFiles } from "./described_files.ts";
import { NamedParts } from "./named_parts.ts";

/** What is described: a `RuntimeVirtualTextureScene`, or what could be put into one. */
export interface SceneToDescribe {
  /** Its components. */
  readonly components: readonly PrimitiveComponent[];
  /** Its deferred components, which are loaded to describe them; default none. */
  readonly deferredComponents?: readonly DeferredComponent[];
  /** Its volumes, in their order. */
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
  /** What it is set to; default nothing. */
  readonly options?: SceneOptions;
}

/** Options of {@linkcode describeScene}. */
export interface DescribeSceneOptions {
  /** The project's name, and the scene's. */
  readonly name: string;
  /**
   * The folder that it will be saved to: files of streaming textures that lie in it stay where they are. Those of
   * others, all by default, are copied when it is saved.
   */
  readonly folder?: string;
}

/**
 * A project of a scene that was made in code, whose defaults are left out. Textures and heights become PNG
 * pictures, or TIFF pictures of floats where 16 bits do not hold heights as they are, meshes GLB files, baked
 * low mips tile stores, which `saveProject` writes beside the JSON. All is as it was, but foliage that was
 * changed one by one becomes instances, an animated mesh begins at its first frame, and components come in the
 * order in which they were made, deferred ones last, of these landscapes first. Those are loaded for it, and
 * have the identities of their files from then on. Streaming textures become the files that they were loaded
 * from, with colour space and format, and without placement.
 *
 * @throws {InvalidArgumentError} if the scene is none, an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if two assets, materials, functions or textures have one name.
 * @throws {UnsupportedError} naming what has no form in a project: components and materials of the caller's own
 * classes, and streaming textures that were not loaded from files.
 * @throws {MalformedFileError} if components have one name, or are more than a project may hold.
 * @throws {FileError} and {SourceReadError} if baked low mips are there and cannot be read.
 */
export async function describeScene(
  scene: SceneToDescribe,
  options: DescribeSceneOptions,
): Promise<Project> {
  const failure = "Cannot describe scene";
  checkOptionNames(options, { failure, names: ["name", "folder"] });
  const name = checkedString(options.name, { name: "name", failure });
  const { folder } = options;
  if (folder !== undefined) checkedString(folder, { name: "folder", failure });
  const { components, deferredComponents = [], volumes, options: set = {} } = checkedScene(
    scene,
    failure,
  );
  const loaded = new Set(deferredComponents.map(({ component }) => component));
  const ordinary = components.filter((component) => !loaded.has(component));
  const files = new DescribedFiles(folder === undefined ? null : await realFolder(folder));
  const named = new NamedParts(failure);
  const described: SceneJson["components"] = await inTurn(
    ordinary.sort((a, b) => a.id - b.id),
    (component) => describeComponent(component, { files, named, failure }),
  );
  const deferred = await describeAllDeferred(deferredComponents, { files, named, failure });
  const placed = await inTurn(volumes, (volume) => describeVolume(volume, { files, named }));
  const settings = different(set, DEFAULT_SCENE_OPTIONS);
  const json: SceneJson = {
    name,
    ...(Object.keys(settings).length === 0 ? {} : { options: settings }),
    volumes: placed,
    components: [...described, ...deferred],
  };
  const textures = await inTurn([...named.textures], (one) => describeTexture(one, files));
  const { list: streamedTextures, names } = describeStreamedTextures(named.streamedTextures, files);
  const assets = [...named.assets].map(describeAsset);
  const content = {
    ...{ name, textures, streamedTextures, assets },
    ...named.documents(),
    scenes: [json],
  };
  return projectWithData(withProjectNames(content, names), files);
}

/** Where a folder really lies; null if it is not there yet. */
async function realFolder(folder: string): Promise<string | null> {
  return await requireDeno().realPath(folder).catch(() => null);
}

function checkedScene(scene: SceneToDescribe, failure: string): SceneToDescribe {
  for (const name of ["components", "volumes"] as const) {
    const list: unknown = scene?.[name];
    if (Array.isArray(list)) continue;
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be a list: current value is ${describeValue(list)}`,
    );
  }
  for (const component of scene.components) assertComponent(component, failure);
  const { deferredComponents: deferred = [] } = scene;
  if (!Array.isArray(deferred)) {
    throw new InvalidArgumentError(
      "deferredComponents",
      `${failure} as deferredComponents must be a list: current value is ${
        describeValue(deferred)
      }`,
    );
  }
  for (const one of deferred) {
    checkedInstance(one, { name: "deferredComponents", failure, kind: DeferredComponent });
  }
  for (const volume of scene.volumes) {
    checkedInstance(volume, { name: "volumes", failure, kind: RuntimeVirtualTextureVolume });
  }
  return scene;
}

/** Landscapes stand before what lies on them, which may load them. */
async function describeAllDeferred(
  all: readonly DeferredComponent[],
  parts: DescribeParts,
): Promise<ComponentJson[]> {
  const unloaded = all.filter(({ isLoaded }) => !isLoaded);
  try {
    const described = await inTurn(all, (one) => describeDeferred(one, parts));
    const isLandscape = ({ kind }: ComponentJson) => kind === "landscape";
    return [
      ...described.filter(isLandscape),
      ...described.filter((json) => !isLandscape(json)),
    ];
  } finally {
    for (const one of unloaded) one.unload();
  }
}

/** One after the other, as each names files. */
async function inTurn<One, Made>(
  list: readonly One[],
  make: (one: One) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (const one of list) made.push(await make(one));
  return made;
}

async function describeVolume(
  { name, asset, settings }: RuntimeVirtualTextureVolume,
  { files, named }: Pick<DescribeParts, "files" | "named">,
): Promise<VolumeJson> {
  const { transform, virtualTextureBuilder, ...others } = settings;
  const builder = virtualTextureBuilder === null
    ? {}
    : { virtualTextureBuilder: await files.addBake(name, virtualTextureBuilder) };
  return {
    name,
    asset: named.addAsset(asset),
    ...describeTransform(transform),
    ...different(others, DEFAULT_VOLUME_SETTINGS),
    ...builder,
  };
}

function describeAsset({ name, settings }: RuntimeVirtualTexture): AssetJson {
  return { name, ...different(settings, DEFAULT_SETTINGS) };
}

async function describeTexture(
  { name, width, height, levels, colorSpace, addressing }: MaterialTexture,
  files: DescribedFiles,
): Promise<TextureJson> {
  const file = await files.addPicture(name, {
    width,
    height,
    data: levels[0]!.texels as Uint8Array,
  });
  return { name, file, ...different({ colorSpace, addressing }, TEXTURE_DEFAULTS) };
}

const TEXTURE_DEFAULTS = { colorSpace: "srgb", addressing: "repeat" };

/** The settings that are not their defaults. */
function different<Settings extends object>(
  settings: Settings,
  defaults: Readonly<Record<string, unknown>>,
): Partial<Settings> {
  const entries = Object.entries(settings).filter(([name, value]) =>
    Object.hasOwn(defaults, name) && value !== undefined &&
    JSON.stringify(value) !== JSON.stringify(defaults[name])
  );
  return Object.fromEntries(entries) as Partial<Settings>;
}
