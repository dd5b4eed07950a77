/**
 * Projects as JSON. A field that is left out has the default of the option of that name.
 *
 * @module
 */

import type { ImageChoice, PictureChoiceOptions } from "../../../sources/mod.ts";
import type { PoolConfig } from "../../../streaming/mod.ts";
import type { ColorSpace } from "../../../texels/mod.ts";
import type { WrapModes } from "../../../tiles/mod.ts";
import type { RuntimeVirtualTextureSettings } from "../../asset/mod.ts";
import type { ScalabilitySettings } from "../../console/mod.ts";
import type {
  MaterialFunctionJson,
  MaterialInstanceJson,
  MaterialJson,
  TextureAddressing,
} from "../../material/mod.ts";
import type { SceneOptions } from "../../scene/scene_options.ts";
import type { ComponentJson } from "./component_json.ts";

/** An asset: a name, and the settings of a runtime virtual texture. */
export interface AssetJson extends RuntimeVirtualTextureSettings {
  /** What components, volumes and materials call it. */
  readonly name: string;
}

/** A picture that materials sample. */
export interface TextureJson {
  /** What materials call it. */
  readonly name: string;
  /** The picture, from the project's folder on. */
  readonly file: string;
  /** How colours are stored; default `"srgb"`. */
  readonly colorSpace?: ColorSpace;
  /** What lies beyond the edges; default `"repeat"`. */
  readonly addressing?: TextureAddressing;
}

/** A streaming virtual texture that materials or landscapes read. */
export interface StreamedTextureJson extends ImageChoice, PictureChoiceOptions {
  /** What materials and landscapes call it. */
  readonly name: string;
  /** A tile store, a KTX2 file or a picture, from the project's folder on. */
  readonly file: string;
  /** How values of a picture are read; default `"srgb"`. */
  readonly colorSpace?: ColorSpace;
  /** Format to have in the atlas. */
  readonly preferredFormat?: string;
  /** How it goes on beyond its edges along u and v; default `["clamp", "clamp"]`, or what a tile store says. */
  readonly wrap?: WrapModes;
}

/** A volume: which asset it places, and where. */
export interface VolumeJson {
  /** What messages call it. */
  readonly name?: string;
  /** The name of the asset that it places. */
  readonly asset: string;
  /** The middle of the volume; default 0, 0, 0. */
  readonly position?: readonly number[];
  /** A quaternion x, y, z, w; default none. */
  readonly rotation?: readonly number[];
  /** World lengths of its sides; default 1, 1, 1. */
  readonly scale?: readonly number[];
  /** The name of a component: the volume is placed as Set Bounds does, whenever the scene is made. */
  readonly boundsFrom?: string;
  /** World length that Set Bounds adds on each side. */
  readonly expandBounds?: number;
  /** Whether Set Bounds makes texels lie on the samples of a landscape. */
  readonly snapBoundsToLandscape?: boolean;
  /** Whether components of Draw in Main Pass "from virtual texture" are hidden in the editor. */
  readonly hidePrimitivesInEditor?: boolean;
  /** The same in game. */
  readonly hidePrimitivesInGame?: boolean;
  /** Scalability group. */
  readonly scalabilityGroup?: number;
  /** Tile Count Bias. */
  readonly tileCountBias?: number;
  /** Streaming Levels: how many of the coarsest levels are baked and streamed. */
  readonly streamingLowMips?: number;
  /** The tile store of baked low mips, from the project's folder on; it need not be there yet. */
  readonly virtualTextureBuilder?: string;
  /** Whether builds tint base colours. */
  readonly buildDebug?: boolean;
  /** Whether baked low mips are streamed in the editor, too. */
  readonly useStreamingLowMipsInEditor?: boolean;
}

/** Where a scene is seen from. */
export interface CameraJson {
  /** Where the camera stands. */
  readonly position: readonly number[];
  /** The point that it looks at. */
  readonly target: readonly number[];
  /** What is up; default 0, 0, 1. */
  readonly up?: readonly number[];
  /** Vertical angle of view; default 60. */
  readonly fovYDegrees?: number;
}

/** A scene. */
export interface SceneJson {
  /** Unique among the scenes of its project. */
  readonly name: string;
  /** What the scene itself is set to. */
  readonly options?: Omit<SceneOptions, "logger">;
  /** Where it is seen from when nobody says otherwise. */
  readonly camera?: CameraJson;
  /** Its volumes, in the order in which they are added. */
  readonly volumes?: readonly VolumeJson[];
  /** Its components, in the order in which they are added. */
  readonly components?: readonly ComponentJson[];
}

/** What a project holds, wherever its parts lie. */
export interface ProjectContent {
  /** What messages call the project. */
  readonly name: string;
  /** Pictures that materials sample. */
  readonly textures: readonly TextureJson[];
  /** Streaming virtual textures. */
  readonly streamedTextures: readonly StreamedTextureJson[];
  /** Runtime virtual textures. */
  readonly assets: readonly AssetJson[];
  /** Material functions. */
  readonly materialFunctions: readonly MaterialFunctionJson[];
  /** Materials, and instances of them. */
  readonly materials: readonly (MaterialJson | MaterialInstanceJson)[];
  /** Scenes. */
  readonly scenes: readonly SceneJson[];
  /** Sizes of pools, for the maker of the system; default none. */
  readonly pools?: PoolConfig;
  /** Values of console variables by scalability level, for consoles; default none. */
  readonly scalability?: ScalabilitySettings;
}
