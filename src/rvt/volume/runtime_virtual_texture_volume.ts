/**
 * The volume that places a runtime virtual texture in the world.
 *
 * @module
 */

import {
  checkedAbove,
  checkedBoolean,
  checkedFunction,
  checkedInstance,
  checkedInteger,
  checkedNumber,
  checkedString,
  checkedVector,
  checkOptionNames,
} from "../../checks.ts";
import {
  type OrientedBox,
  type Transform,
  transformFrom,
  type TransformOptions,
  type Vec3,
} from "../../geometry/mod.ts";
import { OutOfRangeError } from "../../errors.ts";
import { MOST_SCALABILITY_GROUP } from "../../streaming/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { assetGrid } from "../asset/asset_grid.ts";
import { RuntimeVirtualTexture } from "../asset/runtime_virtual_texture.ts";
import { VirtualTextureBuilder } from "../low_mips/virtual_texture_builder.ts";
import { assertFiniteVolume, volumeBox, volumeExtent } from "./volume_space.ts";

/** Settings of {@linkcode RuntimeVirtualTextureVolume}. */
export interface VolumeSettings {
  /** The middle of the volume in the world; default 0, 0, 0. */
  readonly position?: ArrayLike<number>;
  /** Its rotation, a quaternion x, y, z, w; default none. Tiles are rendered along its own −z. */
  readonly rotation?: ArrayLike<number>;
  /**
   * World lengths along its own x, y and z, all above 0; default 1, 1, 1. The matrix from the volume to the
   * world and its inverse must be finite in 32 bits.
   */
  readonly scale?: ArrayLike<number>;
  /** World length that Set Bounds adds on each side, 0 or more; default 0. */
  readonly expandBounds?: number;
  /**
   * Whether Set Bounds makes texels lie on the samples of a landscape; default false. Texels then are a
   * power of two times as large as the distance of samples, so that the volume may become nearly twice as
   * long as what it holds.
   */
  readonly snapBoundsToLandscape?: boolean;
  /** Whether components of Draw in Main Pass "from virtual texture" are hidden in the editor; default false. */
  readonly hidePrimitivesInEditor?: boolean;
  /** The same in game; default false. */
  readonly hidePrimitivesInGame?: boolean;
  /**
   * Scalability group, an integer from 0 to 2^31 - 1; default 0. Scenes have a Tile Count Bias for each:
   * `SceneOptions.groupTileCountBias`.
   */
  readonly scalabilityGroup?: number;
  /**
   * Tile Count Bias: doubles the size in tiles that many times, or halves it if negative; -12 to 12,
   * default 0.
   */
  readonly tileCountBias?: number;
  /**
   * Streaming Levels: how many of the coarsest levels, counted from the one of a single tile, are baked by a
   * build and streamed from then on, 0 to 15; default 0. Finer levels are rendered.
   */
  readonly streamingLowMips?: number;
  /** What holds the baked low mips; default null: the first build makes one. Borrowed. */
  readonly virtualTextureBuilder?: VirtualTextureBuilder | null;
  /** Build Debug: whether builds tint base colours, to show where low mips are used; default false. */
  readonly buildDebug?: boolean;
  /**
   * Use Streaming Low Mips in Editor: whether baked low mips are streamed in the editor, too, but for those
   * that are stale; default false: the editor renders all.
   */
  readonly useStreamingLowMipsInEditor?: boolean;
}

/** Settings, all of them. */
export interface CompleteVolumeSettings {
  /** Position, rotation and scale. */
  readonly transform: Transform;
  /** World lengths that Set Bounds adds on each side. */
  readonly expandBounds: number;
  /** Whether Set Bounds makes texels lie on the samples of a landscape. */
  readonly snapBoundsToLandscape: boolean;
  /** Whether it hides components in the editor. */
  readonly hidePrimitivesInEditor: boolean;
  /** Whether it hides components in game. */
  readonly hidePrimitivesInGame: boolean;
  /** Scalability group. */
  readonly scalabilityGroup: number;
  /** Tile Count Bias. */
  readonly tileCountBias: number;
  /** How many of the coarsest levels are baked and streamed. */
  readonly streamingLowMips: number;
  /** What holds the baked low mips; null before the first build. */
  readonly virtualTextureBuilder: VirtualTextureBuilder | null;
  /** Whether builds tint base colours. */
  readonly buildDebug: boolean;
  /** Whether baked low mips are streamed in the editor, too. */
  readonly useStreamingLowMipsInEditor: boolean;
}

/** What messages call a volume that was given no name. */
export const DEFAULT_VOLUME_NAME = "volume";

/**
 * What a change of settings asks for: `texture`: everything is made anew; `content`: every tile is
 * rendered again; `none`: nothing.
 */
export type VolumeChange = "texture" | "content" | "none";

/** Hears of changes. */
export type VolumeListener = (change: VolumeChange) => void;

/** What volumes are set to of which nothing is said, but for their transforms. */
export const DEFAULT_VOLUME_SETTINGS: Omit<CompleteVolumeSettings, "transform"> = Object.freeze({
  expandBounds: 0,
  snapBoundsToLandscape: false,
  hidePrimitivesInEditor: false,
  hidePrimitivesInGame: false,
  scalabilityGroup: 0,
  tileCountBias: 0,
  streamingLowMips: 0,
  virtualTextureBuilder: null,
  buildDebug: false,
  useStreamingLowMipsInEditor: false,
});

const SETTING_NAMES = [
  "position",
  "rotation",
  "scale",
  ...Object.keys(DEFAULT_VOLUME_SETTINGS),
] as (keyof VolumeSettings)[];

const BIAS_RANGE = [-12, 12] as const;
/** No texture has more levels: 2^20 texels are 2^14 tiles of 64. */
const LOW_MIP_RANGE = [0, 15] as const;

const BOOLEAN_NAMES = [
  "snapBoundsToLandscape",
  "hidePrimitivesInEditor",
  "hidePrimitivesInGame",
  "buildDebug",
  "useStreamingLowMipsInEditor",
] as const;

/** What decides on which levels are streamed: the texture may be made anew. */
const STREAMING_NAMES = [
  "streamingLowMips",
  "virtualTextureBuilder",
  "useStreamingLowMipsInEditor",
] as const;

/**
 * Places a runtime virtual texture: what is inside the box and assigned to the texture is rendered to it.
 * The texture's columns run along the volume's own x, its rows along its y.
 */
export class RuntimeVirtualTextureVolume {
  /** What messages call it. */
  readonly name: string;
  /** The texture that it places. */
  readonly asset: RuntimeVirtualTexture;
  #settings: CompleteVolumeSettings;
  readonly #listeners = new Set<VolumeListener>();
  readonly #warningSources = new Set<() => readonly string[]>();

  /**
   * Makes a volume.
   *
   * @param asset The texture; borrowed. Only one volume of a scene may have it.
   * @throws {InvalidArgumentError} for a setting that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value that is not allowed, such as a scale of 0.
   */
  constructor(
    asset: RuntimeVirtualTexture,
    options: VolumeSettings & { readonly name?: string } = {},
  ) {
    const { name = DEFAULT_VOLUME_NAME, ...settings } = options ?? {};
    this.name = checkedString(name, { name: "name", failure: "Cannot make volume" });
    const failure = this.#failure("make");
    this.asset = checkedInstance(asset, {
      name: "asset",
      failure,
      kind: RuntimeVirtualTexture,
    });
    const transform = transformFrom({}, failure);
    this.#settings = changedSettings({ ...DEFAULT_VOLUME_SETTINGS, transform }, settings, failure);
  }

  #failure(verb: string): string {
    return `Cannot ${verb} volume "${this.name}"`;
  }

  /** The settings, all of them. */
  get settings(): CompleteVolumeSettings {
    return this.#settings;
  }

  /** Where it stands. */
  get transform(): Transform {
    return this.#settings.transform;
  }

  /**
   * What is not as it should be of its low mips in the scenes that it is in, as they are now: none built,
   * built with other settings, stale, or not to be read; empty if all is. Finding out which are stale takes
   * time where much was edited.
   */
  get warnings(): readonly string[] {
    return [...this.#warningSources].flatMap((source) => source());
  }

  /**
   * Adds what a scene knows to {@linkcode warnings}.
   *
   * @returns A function that ends this.
   * @internal
   */
  addWarningSource(source: () => readonly string[]): () => void {
    this.#warningSources.add(source);
    return () => void this.#warningSources.delete(source);
  }

  /** Its box in the world. */
  get box(): OrientedBox {
    return volumeBox(this.transform);
  }

  /**
   * The tiles of its texture.
   *
   * @param tileCountBias More bias, beside its own; default 0.
   * @throws {InvalidArgumentError} if the bias is not a number.
   * @throws {OutOfRangeError} if tiles × tile size exceeds 2^20 texels after the bias.
   */
  grid(tileCountBias = 0): TileGrid {
    return this.gridAt(volumeExtent(this.transform), tileCountBias);
  }

  /**
   * The tiles that its texture would have with other lengths.
   *
   * @param extent World lengths along its own x, y and z.
   * @throws {InvalidArgumentError} if the extent is not three numbers, or the bias not a number.
   * @throws {OutOfRangeError} if tiles × tile size exceeds 2^20 texels after the bias.
   */
  gridAt(extent: Vec3, tileCountBias = 0): TileGrid {
    const failure = `${this.#failure("place")} of "${this.asset.name}"`;
    const [x, y] = checkedVector(extent, { name: "extent", failure, length: 3 }) as Vec3;
    for (const length of extent) checkedAbove(length, { name: "extent", failure, bound: 0 });
    checkedInteger(tileCountBias, { name: "tileCountBias", failure, range: BIAS_RANGE });
    return assetGrid(this.asset.settings, {
      extent: [x, y],
      tileCountBias: this.#settings.tileCountBias + tileCountBias,
      failure,
    });
  }

  /**
   * Changes settings; those that are not named stay. Nothing changes if one is wrong.
   *
   * @returns What the change asks for.
   * @throws {InvalidArgumentError} for a setting that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value that is not allowed, or more tiles than the device can hold where it
   * is in a scene; {BudgetError} for more than fit the budget there.
   */
  change(settings: VolumeSettings): VolumeChange {
    const before = this.#settings;
    const gridBefore = this.#gridKey();
    this.#settings = changedSettings(before, settings, this.#failure("change"));
    try {
      const change = this.#changeFrom(before, gridBefore);
      if (this.#settings !== before) {
        for (const listener of [...this.#listeners]) listener(change);
      }
      return change;
    } catch (error) {
      this.#settings = before;
      throw error;
    }
  }

  /** Width and height of the grid; null if the asset's settings do not allow one. */
  #gridKey(): string | null {
    try {
      const { width, height } = this.grid();
      return `${width}x${height}`;
    } catch (error) {
      if (error instanceof OutOfRangeError) return null;
      throw error;
    }
  }

  #changeFrom(before: CompleteVolumeSettings, gridBefore: string | null): VolumeChange {
    const place = ({ transform, tileCountBias }: CompleteVolumeSettings) =>
      JSON.stringify([transform, tileCountBias]);
    if (STREAMING_NAMES.some((name) => before[name] !== this.#settings[name])) return "texture";
    if (place(before) === place(this.#settings)) return "none";
    const { width, height } = this.grid();
    if (`${width}x${height}` !== gridBefore) return "texture";
    // A streamed texture stays where it was added, so that it is added anew.
    const isMoved = JSON.stringify(before.transform) !== JSON.stringify(this.#settings.transform);
    return isMoved ? "texture" : "none";
  }

  /**
   * Calls a function after every change.
   *
   * @returns A function that ends this.
   * @throws {InvalidArgumentError} if the listener is not a function.
   */
  subscribe(listener: VolumeListener): () => void {
    checkedFunction(listener, { name: "listener", failure: this.#failure("subscribe to") });
    const own: VolumeListener = (change) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}

function changedSettings(
  before: CompleteVolumeSettings,
  changes: VolumeSettings,
  failure: string,
): CompleteVolumeSettings {
  checkOptionNames(changes, { failure, names: SETTING_NAMES });
  const named = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined && value !== null),
  ) as VolumeSettings;
  const { position, rotation, scale, ...others } = named;
  const { virtualTextureBuilder: builder } = changes;
  if (builder !== undefined && builder !== null) {
    const kind = VirtualTextureBuilder;
    checkedInstance(builder, { name: "virtualTextureBuilder", failure, kind });
  }
  const place: TransformOptions = {
    position: position ?? before.transform.position,
    rotation: rotation ?? before.transform.rotation,
    scale: scale ?? before.transform.scale,
  };
  const transform = transformFrom(place, failure);
  for (const [axis, length] of transform.scale.entries()) {
    checkedAbove(length, { name: `scale[${axis}]`, failure, bound: 0 });
  }
  assertFiniteVolume(transform, failure);
  const forgotten = builder === null ? { virtualTextureBuilder: null } : {};
  const settings = { ...before, ...others, ...forgotten, transform };
  for (const name of BOOLEAN_NAMES) checkedBoolean(settings[name], { name, failure });
  checkedInteger(settings.streamingLowMips, {
    name: "streamingLowMips",
    failure,
    range: LOW_MIP_RANGE,
  });
  checkedNumber(settings.expandBounds, {
    name: "expandBounds",
    failure,
    range: [0, Number.MAX_VALUE],
  });
  checkedInteger(settings.scalabilityGroup, {
    name: "scalabilityGroup",
    failure,
    range: [0, MOST_SCALABILITY_GROUP],
  });
  checkedInteger(settings.tileCountBias, { name: "tileCountBias", failure, range: BIAS_RANGE });
  return Object.freeze(settings);
}
