/**
 * Where console variables act: a scene and its system.
 *
 * @module
 */

import { BudgetError, OutOfRangeError } from "../../errors.ts";
import type { VirtualTextureSystem } from "../../streaming/mod.ts";
import type { RuntimeVirtualTextureScene } from "../scene/rvt_scene.ts";
import type { SceneMode } from "../scene/scene_options.ts";
import { type VariableId, type VariableKindName, variableName } from "./variable_kinds.ts";

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

/** Modes in which consoles made streaming textures count against the uploads, by system. */
const limitedByConsoles = new WeakMap<VirtualTextureSystem, readonly SceneMode[]>();

/** Reads and sets what variables stand for. */
export class VariableTargets {
  readonly #scene: RuntimeVirtualTextureScene;

  /** @param scene Borrowed, with its system. */
  constructor(scene: RuntimeVirtualTextureScene) {
    this.#scene = scene;
  }

  /** The value of a variable, by what was set; see {@linkcode inForce}. */
  read(id: VariableId): number {
    const { options, system: { tuning } } = this.#scene;
    const { kind, group } = id;
    switch (kind.name) {
      case "r.VT.RVT.TileCountBias":
        return options.groupTileCountBias[group] ?? kind.defaultValue;
      case "r.VT.PoolSizeScale":
        return tuning.poolSizeScales[group] ?? kind.defaultValue;
      case "r.VT.MaxAnisotropy":
        return tuning.isAnisotropySet ? tuning.maxAnisotropy : kind.defaultValue;
      default:
        return options[SCENE_OPTIONS[kind.name]];
    }
  }

  /** What is in force of a variable: until anisotropy is set, textures are filtered trilinearly. */
  inForce(id: VariableId): number {
    const isAnisotropy = id.kind.name === "r.VT.MaxAnisotropy";
    return isAnisotropy ? this.#scene.system.tuning.maxAnisotropy : this.read(id);
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
   * @param values What may change.
   * @param isSet Whether a variable is set then, to whatever value.
   * @returns A promise that resolves when the change has taken effect.
   * @throws {OutOfRangeError} naming the variable for a bias that a volume's texture cannot have.
   * @throws {BudgetError} the same, if the budget is too small for it.
   */
  apply(
    values: readonly VariableValue[],
    isSet: (name: VariableKindName) => boolean,
  ): Promise<void> {
    const { system: { tuning } } = this.#scene;
    const changes = values.filter(({ id, value }) => value !== this.read(id));
    this.#changeOptions(changes, isSet);
    const anisotropy = values.find(({ id }) => id.kind.name === "r.VT.MaxAnisotropy");
    if (anisotropy !== undefined && !this.#hasOwnAnisotropy(anisotropy, isSet)) {
      tuning.setMaxAnisotropy(isSet("r.VT.MaxAnisotropy") ? anisotropy.value : null);
    }
    const scales = { ...tuning.poolSizeScales };
    for (const { id: { kind: { name }, group }, value } of changes) {
      if (name === "r.VT.PoolSizeScale") scales[group] = value;
    }
    const names = new Set(changes.map(({ id }) => id.kind.name));
    const waits: Promise<void>[] = [];
    if (names.has("r.VT.RVT.TileCountBias")) waits.push(this.#scene.settled());
    if (names.has("r.VT.PoolSizeScale")) waits.push(tuning.setPoolSizeScales(scales));
    return Promise.all(waits).then(() => {});
  }

  /** Whether the anisotropy is as wanted, and was set or was not. */
  #hasOwnAnisotropy(
    { id, value }: VariableValue,
    isSet: (name: VariableKindName) => boolean,
  ): boolean {
    const { isAnisotropySet } = this.#scene.system.tuning;
    return value === this.read(id) && isSet("r.VT.MaxAnisotropy") === isAnisotropySet;
  }

  #changeOptions(
    changes: readonly VariableValue[],
    isSet: (name: VariableKindName) => boolean,
  ): void {
    const { options, system } = this.#scene;
    const changed: Record<string, number> = {};
    const groupTileCountBias = { ...options.groupTileCountBias };
    for (const { id: { kind: { name }, group }, value } of changes) {
      if (name === "r.VT.RVT.TileCountBias") groupTileCountBias[group] = value;
      else if (name in SCENE_OPTIONS) {
        changed[SCENE_OPTIONS[name as keyof typeof SCENE_OPTIONS]] = value;
      }
    }
    const before = limitedByConsoles.get(system) ?? [];
    const others = options.streamingCountsIn.filter((mode) => !before.includes(mode));
    const limited = UPLOAD_LIMITS.filter(([name]) => isSet(name)).map(([, mode]) => mode)
      .filter((mode) => !others.includes(mode));
    const streamingCountsIn = [...others, ...limited];
    try {
      this.#scene.change({ ...changed, groupTileCountBias, streamingCountsIn });
    } catch (error) {
      throw biasError(error, changes);
    }
    limitedByConsoles.set(system, limited);
  }
}

/** The same error, with the biases that were to be set. */
function biasError(error: unknown, changes: readonly VariableValue[]): unknown {
  const biases = changes.filter(({ id }) => id.kind.name === "r.VT.RVT.TileCountBias")
    .map(({ id, value }) => `${variableName(id)} to ${value}`);
  const isOurs = error instanceof OutOfRangeError || error instanceof BudgetError;
  if (!isOurs || biases.length === 0) return error;
  const message = `Cannot set ${biases.join(", ")}: ${error.message}`;
  const options = { cause: error };
  return error instanceof BudgetError
    ? new BudgetError(error.budgetBytes, error.minimumBytes, message, options)
    : new OutOfRangeError("value", message, options);
}
