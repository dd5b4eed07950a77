/**
 * What has set console variables.
 *
 * @module
 */

import {
  findVariable,
  VARIABLE_KINDS,
  type VariableId,
  type VariableKindName,
  variableName,
} from "./variable_kinds.ts";
import type { VariableTargets, VariableValue } from "./variable_targets.ts";

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

/** Keeps what has set each variable, and applies what that means. */
export class VariableStates {
  readonly #targets: VariableTargets;
  readonly #states = new Map<string, VariableState>();

  /** Begins with what options say. */
  constructor(targets: VariableTargets) {
    this.#targets = targets;
    for (const { id } of this.known()) this.#current(id);
  }

  /** Every variable, with a group for each that is in use, in order. */
  known(): VariableState[] {
    return VARIABLE_KINDS.flatMap(({ name, hasGroups }) => {
      const set = [...this.#states.values()].filter(({ id }) => id.kind.name === name);
      const groups = hasGroups ? this.#targets.groupsOf(name) : [];
      const all = new Set([0, ...groups, ...set.map(({ id }) => id.group)]);
      return [...all].sort((a, b) => a - b).map((group) => this.#stateOf(variableOf(name, group)));
    });
  }

  #stateOf(id: VariableId): VariableState {
    const name = variableName(id);
    let state = this.#states.get(name);
    if (state === undefined) {
      this.#states.set(name, state = { id, scalability: null, own: null });
    }
    return state;
  }

  /** A variable's state, after what others have set. */
  #current(id: VariableId): VariableState {
    const state = this.#stateOf(id);
    const value = this.#targets.read(id);
    if (value !== valueOf(state)) state.own = { value, by: "options" };
    return state;
  }

  /** The value of a variable, and what has set it. */
  read(id: VariableId): { readonly value: number; readonly setBy: VariableSetter } {
    const state = this.#current(id);
    const setBy = state.own?.by ?? (state.scalability === null ? "default" : "scalability");
    return { value: valueOf(state), setBy };
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
    const changes: VariableValue[] = states
      .map((state) => ({ id: state.id, value: valueOf(state) }))
      .filter(({ id, value }) => value !== this.#targets.read(id));
    const after = new Map(this.#states);
    for (const state of states) after.set(variableName(state.id), state);
    const done = this.#targets.apply(changes, (name) => {
      const { own, scalability } = after.get(name) ?? { own: null, scalability: null };
      return own?.by === "console" || (own === null && scalability !== null);
    });
    for (const [name, state] of after) this.#states.set(name, state);
    return done;
  }
}

function variableOf(name: VariableKindName, group: number): VariableId {
  return { kind: findVariable(name)!.kind, group };
}

function valueOf({ id, scalability, own }: VariableState): number {
  return own?.value ?? scalability ?? id.kind.defaultValue;
}
