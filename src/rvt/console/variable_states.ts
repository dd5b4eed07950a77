/**
 * What has set console variables.
 *
 * @module
 */

import type { VirtualTextureSystem } from "../../streaming/mod.ts";
import type { RuntimeVirtualTextureScene } from "../scene/rvt_scene.ts";
import {
  findVariable,
  VARIABLE_KINDS,
  type VariableId,
  type VariableKindName,
  variableName,
} from "./variable_kinds.ts";
import { VariableTargets, type VariableValue } from "./variable_targets.ts";

/**
 * Who has set a variable: nobody, a scalability level, the console, or the options and calls of the scene and
 * its system. What the console and options set holds whatever the level; of the two the last one holds.
 */
export type VariableSetter = "default" | "scalability" | "options" | "console";

/** What a variable was set to. */
interface VariableState {
  readonly id: VariableId;
  /** By the level. */
  scalability: number | null;
  /** By the console or by options. */
  own: { readonly value: number; readonly by: "options" | "console" } | null;
}

type States = Map<string, VariableState>;

const statesOfScenes = new WeakMap<RuntimeVirtualTextureScene, VariableStates>();
const statesOfSystems = new WeakMap<VirtualTextureSystem, States>();

/** Keeps what has set each variable, and applies what that means. One of a scene, whatever its consoles. */
export class VariableStates {
  /** Name of the scalability level in force; null for none. */
  level: string | null = null;
  readonly #targets: VariableTargets;
  /** Of the variables that the scenes of a system share. */
  readonly #ofSystem: States;
  /** Of those that each scene has for itself. */
  readonly #ofScene: States = new Map();

  /** That of a scene, which begins with what options say. */
  static of(scene: RuntimeVirtualTextureScene): VariableStates {
    let states = statesOfScenes.get(scene);
    if (states === undefined) statesOfScenes.set(scene, states = new VariableStates(scene));
    return states;
  }

  private constructor(scene: RuntimeVirtualTextureScene) {
    this.#targets = new VariableTargets(scene);
    this.#ofSystem = statesOfSystems.get(scene.system) ?? new Map();
    statesOfSystems.set(scene.system, this.#ofSystem);
    for (const { id } of this.known()) this.#current(id);
  }

  #statesWith({ kind: { name } }: VariableId): States {
    return name === "r.VT.RVT.TileCountBias" ? this.#ofScene : this.#ofSystem;
  }

  /** Every variable, with a group for each that is in use, in order. */
  known(): VariableState[] {
    return VARIABLE_KINDS.flatMap(({ name, hasGroups }) => {
      const states = [...this.#ofScene.values(), ...this.#ofSystem.values()];
      const set = states.filter(({ id }) => id.kind.name === name);
      const groups = hasGroups ? this.#targets.groupsOf(name) : [];
      const all = new Set([0, ...groups, ...set.map(({ id }) => id.group)]);
      return [...all].sort((a, b) => a - b).map((group) => this.#stateOf(variableOf(name, group)));
    });
  }

  #stateOf(id: VariableId): VariableState {
    const name = variableName(id);
    const states = this.#statesWith(id);
    let state = states.get(name);
    if (state === undefined) states.set(name, state = { id, scalability: null, own: null });
    return state;
  }

  /** A variable's state, after what others have set. */
  #current(id: VariableId): VariableState {
    const state = this.#stateOf(id);
    const value = this.#targets.read(id);
    if (value !== valueOf(state)) state.own = { value, by: "options" };
    return state;
  }

  /** The value of a variable, what is in force of it, and what has set it. */
  read(id: VariableId): {
    readonly value: number;
    readonly inForce: number;
    readonly setBy: VariableSetter;
  } {
    const state = this.#current(id);
    const setBy = state.own?.by ?? (state.scalability === null ? "default" : "scalability");
    return { value: valueOf(state), inForce: this.#targets.inForce(id), setBy };
  }

  /**
   * Sets a variable from the console, or, with null, makes it as if neither the console nor options had.
   *
   * @returns A promise that resolves when that has taken effect.
   */
  setOwn(id: VariableId, value: number | null): Promise<void> {
    const own = value === null ? null : { value, by: "console" } as const;
    return this.#replace([{ ...this.#current(id), own }]);
  }

  /**
   * Sets what a scalability level says; what it does not name is as without a level.
   *
   * @returns A promise that resolves when that has taken effect.
   */
  setLevel(values: Readonly<Record<string, number>>): Promise<void> {
    const named = Object.keys(values).map((name) => this.#current(findVariable(name)!));
    const all = new Set([...this.known().map(({ id }) => this.#current(id)), ...named]);
    return this.#replace([...all].map((state) => ({
      ...state,
      scalability: values[variableName(state.id)] ?? null,
    })));
  }

  /** Applies states; if that fails at once, they are as before. */
  #replace(states: readonly VariableState[]): Promise<void> {
    // What options have set is in force already.
    const values: VariableValue[] = states.filter(({ own }) => own?.by !== "options")
      .map((state) => ({ id: state.id, value: valueOf(state) }));
    const after = new Map(states.map((state) => [variableName(state.id), state]));
    const done = this.#targets.apply(values, (name) => {
      const { own, scalability } = after.get(name) ?? this.#stateOf(variableOf(name, 0));
      return own?.by === "console" || (own === null && scalability !== null);
    });
    for (const [name, state] of after) this.#statesWith(state.id).set(name, state);
    return done;
  }
}

function variableOf(name: VariableKindName, group: number): VariableId {
  return { kind: findVariable(name)!.kind, group };
}

function valueOf({ id, scalability, own }: VariableState): number {
  return own?.value ?? scalability ?? id.kind.defaultValue;
}
