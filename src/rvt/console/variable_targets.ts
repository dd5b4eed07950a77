/**
 * Where console variables act: a scene and its system.
 *
 * @module
 */

import type { RuntimeVirtualTextureScene } from "../scene/rvt_scene.ts";
import {
  type CompleteSceneOptions,
  type SceneMode,
  tileCountBiasOf,
} from "../scene/scene_options.ts";
import type { VariableId, VariableKindName } from "./variable_kinds.ts";

/** A value that is to be set. */
export interface VariableValue {
  readonly id: VariableId;
  /** In the variable's range. */
  readonly value: number;
}

/** Options of scenes that variables are. */
const SCENE_OPTIONS = {
  "r.VT.MaxUploadsPerFrame": "maxUploadsPerFrame",
  "r.VT.MaxUploadsPerFrameInEditor": "maxUploadsPerFrameInEditor",
  "r.VT.MaxContinuousUpdatesPerFrame": "maxContinuousUpdatesPerFrame",
  "r.VT.MaxContinuousUpdatesPerFrameInEditor": "maxContinuousUpdatesPerFrameInEditor",
} as const;

/** Variables that limit tiles of streaming textures once they are set, and where. */
const UPLOAD_LIMITS: readonly (readonly [VariableKindName, SceneMode])[] = [
  ["r.VT.MaxUploadsPerFrame", "game"],
  ["r.VT.MaxUploadsPerFrameInEditor", "editor"],
];

/** Reads and sets what variables stand for. */
export class VariableTargets {
  readonly #scene: RuntimeVirtualTextureScene;
  /** Modes in which streaming textures were limited before. */
  readonly #limitedBefore: readonly SceneMode[];

  /** @param scene Borrowed, with its system. */
  constructor(scene: RuntimeVirtualTextureScene) {
    this.#scene = scene;
    this.#limitedBefore = scene.options.streamingCountsIn;
  }

  /** The value of a variable that is in force. */
  read({ kind, group }: VariableId): number {
    const { options, system: { tuning } } = this.#scene;
    switch (kind.name) {
      case "r.VT.RVT.TileCountBias":
        return options.groupTileCountBias[group] ?? kind.defaultValue;
      case "r.VT.PoolSizeScale":
        return tuning.poolSizeScales[group] ?? kind.defaultValue;
      case "r.VT.MaxAnisotropy":
        return tuning.maxAnisotropy;
      default:
        return options[SCENE_OPTIONS[kind.name]];
    }
  }

  /** Groups that something has been set for, or is in. */
  groupsOf(name: VariableKindName): number[] {
    const { options, volumes, system: { tuning } } = this.#scene;
    if (name === "r.VT.RVT.TileCountBias") {
      const ofVolumes = volumes.map(({ settings }) => settings.scalabilityGroup);
      return [...ofVolumes, ...Object.keys(options.groupTileCountBias).map(Number)];
    }
    if (name !== "r.VT.PoolSizeScale") return [];
    const ofPools = tuning.poolInfos().map(({ scalabilityGroup }) => scalabilityGroup);
    const configured = tuning.poolConfig.pools!.map(({ scalabilityGroup = 0 }) => scalabilityGroup);
    return [...ofPools, ...configured, ...Object.keys(tuning.poolSizeScales).map(Number)];
  }

  /**
   * Sets values, all of them or none.
   *
   * @param values What changes.
   * @param isSet Whether a variable is set then, to whatever value.
   * @returns A promise that resolves when the change has taken effect.
   * @throws {OutOfRangeError} if a volume's tiles × tile size would exceed 2^20 texels after the bias.
   */
  apply(
    values: readonly VariableValue[],
    isSet: (name: VariableKindName) => boolean,
  ): Promise<void> {
    const { system: { tuning } } = this.#scene;
    const options = this.#optionsWith(values, isSet);
    this.#assertPlaces(options);
    this.#scene.change(options);
    const scales = { ...tuning.poolSizeScales };
    const waits: Promise<void>[] = [];
    for (const { id: { kind, group }, value } of values) {
      if (kind.name === "r.VT.MaxAnisotropy") tuning.setMaxAnisotropy(value);
      if (kind.name === "r.VT.PoolSizeScale") scales[group] = value;
    }
    const names = new Set(values.map(({ id }) => id.kind.name));
    if (names.has("r.VT.RVT.TileCountBias")) waits.push(this.#scene.settled());
    if (names.has("r.VT.PoolSizeScale")) waits.push(tuning.setPoolSizeScales(scales));
    return Promise.all(waits).then(() => {});
  }

  #optionsWith(
    values: readonly VariableValue[],
    isSet: (name: VariableKindName) => boolean,
  ): CompleteSceneOptions {
    const { options } = this.#scene;
    const changed: Record<string, number> = {};
    const groupTileCountBias = { ...options.groupTileCountBias };
    for (const { id: { kind: { name }, group }, value } of values) {
      if (name === "r.VT.RVT.TileCountBias") groupTileCountBias[group] = value;
      else if (name in SCENE_OPTIONS) {
        changed[SCENE_OPTIONS[name as keyof typeof SCENE_OPTIONS]] = value;
      }
    }
    const limited = UPLOAD_LIMITS.filter(([name]) => isSet(name)).map(([, mode]) => mode);
    const streamingCountsIn = [...new Set([...this.#limitedBefore, ...limited])];
    return { ...options, ...changed, groupTileCountBias, streamingCountsIn };
  }

  /** Checks that the volumes whose bias changes can be placed with it. */
  #assertPlaces(options: CompleteSceneOptions): void {
    for (const volume of this.#scene.volumes) {
      const bias = tileCountBiasOf(options, volume);
      if (bias !== tileCountBiasOf(this.#scene.options, volume)) volume.grid(bias);
    }
  }
}
