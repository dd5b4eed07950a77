/**
 * The console of a scene.
 *
 * @module
 */

import { checkedInstance, checkedString, checkOptionNames } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import { textTable } from "../../text_table.ts";
import { RuntimeVirtualTextureScene } from "../scene/rvt_scene.ts";
import { COMMAND_HELP, type ConsoleCommand, readCommands } from "./commands.ts";
import { checkedScalability, type ScalabilitySettings } from "./scalability.ts";
import {
  memoryTables,
  texturingTables,
  type VirtualTextureMemory,
  type VirtualTexturingStatistics,
} from "./statistics.ts";
import {
  checkedVariable,
  checkedVariableValue,
  type VariableId,
  variableName,
} from "./variable_kinds.ts";
import { type VariableSetter, VariableStates } from "./variable_states.ts";

/** Options of {@linkcode VirtualTextureConsole}. */
export interface VirtualTextureConsoleOptions {
  /** Values of variables by scalability level; default no levels. */
  readonly scalability?: ScalabilitySettings;
}

/** A variable of a console. */
export interface VariableInfo {
  /** Its name, with its group unless that is 0. */
  readonly name: string;
  /** Its value now. */
  readonly value: number;
  /**
   * What is in force: the value, but 1 or the system's `maxAnisotropy` for `r.VT.MaxAnisotropy` until it is set.
   */
  readonly inForce: number;
  /** Its value until it is set. */
  readonly defaultValue: number;
  /** Least and largest value. */
  readonly range: readonly [number, number];
  /** Whether values are integers. */
  readonly isInteger: boolean;
  /** What has set it. */
  readonly setBy: VariableSetter;
  /** What it does. */
  readonly help: string;
}

const OPTION_NAMES: readonly (keyof VirtualTextureConsoleOptions)[] = ["scalability"];

/**
 * Commands and variables of runtime virtual textures, and statistics. Borrows the scene and its system,
 * whose options the variables are: a value is what is in force, however it was set. Consoles of one scene are
 * one, and all variables but `r.VT.RVT.TileCountBias` are those of the system, whichever scene's console sets
 * them.
 *
 * As soon as there is a console, the system measures its updates; nothing else changes. `r.VT.MaxAnisotropy` is
 * 8 by default, but textures are filtered trilinearly (1, see {@linkcode VariableInfo.inForce}) until it is set,
 * by a command, a level or the system's `maxAnisotropy`: more taps cost CPU adapters a multiple.
 *
 * | command | |
 * | --- | --- |
 * | `r.VT.Flush` | empties the physical caches: every tile is made anew when it is wanted |
 * | `stat virtualtexturing` | shows milliseconds of updates by stage, counts of tiles and page-table edits |
 * | `stat virtualtexturememory` | shows the memory of each pool, and of everything else |
 * | `help`, `help NAME` | lists commands and variables, or explains one |
 * | `NAME`, `NAME ?`, `NAME VALUE` | prints, explains or sets a variable; `NAME=VALUE` sets it, too |
 *
 * @example Fewer tiles in an update, and half the memory
 * ```ts ignore
 * import { RuntimeVirtualTextureScene, VirtualTextureConsole } from "@forge3d/forge3d";
 *
 * const scene = new RuntimeVirtualTextureScene(system);
 * const vt = new VirtualTextureConsole(scene);
 * await vt.exec("r.VT.MaxUploadsPerFrame 4; r.VT.PoolSizeScale 0.5");
 * console.log(await vt.exec("stat virtualtexturememory"));
 * ```
 */
export class VirtualTextureConsole {
  /** The scene that it is of; borrowed. */
  readonly scene: RuntimeVirtualTextureScene;
  readonly #states: VariableStates;
  #scalability: ScalabilitySettings;

  /**
   * A console of a scene.
   *
   * @throws {InvalidArgumentError} if it is not a scene, an option does not exist or is of the wrong type.
   * @throws {OutOfRangeError} for a level with a variable that does not exist, or a value out of its range.
   * @throws {DisposedError} if the scene or its system was closed.
   */
  constructor(scene: RuntimeVirtualTextureScene, options: VirtualTextureConsoleOptions = {}) {
    const failure = "Cannot make console";
    this.scene = checkedInstance(scene, {
      name: "scene",
      failure,
      kind: RuntimeVirtualTextureScene,
    });
    checkOptionNames(options, { failure, names: OPTION_NAMES });
    this.#scalability = checkedScalability(options.scalability ?? {}, failure);
    scene.assertOpen();
    scene.system.tuning.measureUpdates(true);
    this.#states = VariableStates.of(scene);
  }

  /**
   * Runs commands one after the other. They are parted by line ends, semicolons or commas, and case does not
   * matter. All of them are read before the first one is run.
   *
   * @returns What they print, by lines, when all of them have taken effect.
   * @throws {InvalidArgumentError} if they are not a string, or a value is not a number.
   * @throws {OutOfRangeError} for a command or variable that does not exist, or a value that is not allowed;
   * nothing changes then. A bias that textures cannot have shows when its turn comes, as does {BudgetError}: it
   * changes nothing, and the commands after it are not run.
   * @throws {DisposedError} if the scene or its system was closed.
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   */
  async exec(commands: string): Promise<string> {
    const read = readCommands(commands);
    this.scene.assertOpen();
    const printed: string[] = [];
    for (const command of read) printed.push(await this.#run(command));
    // What has several lines stands apart from what follows.
    return printed.map((text) => text.includes("\n") ? `${text}\n` : text).join("\n").trimEnd();
  }

  async #run(command: ConsoleCommand): Promise<string> {
    switch (command.kind) {
      case "flush":
        return `Flushed ${this.flushCaches()} tiles`;
      case "help":
        return this.#helpText();
      case "help_of":
        return command.text;
      case "stat":
        return command.name === "virtualtexturing"
          ? texturingTables(this.statistics())
          : memoryTables(this.memory());
      case "set":
        await this.#setOwn(command.id, command.value);
        return `${variableName(command.id)} = ${command.value}`;
      case "print":
        return this.#valueText(command.id);
      case "explain":
        return `${this.#valueText(command.id)}\n${this.#infoOf(command.id).help}`;
    }
  }

  #valueText(id: VariableId): string {
    const { name, value, inForce, setBy } = this.#infoOf(id);
    const force = inForce === value ? "" : `, ${inForce} in force until it is set`;
    return `${name} = ${value} (${setBy === "default" ? "default" : `set by ${setBy}`}${force})`;
  }

  #helpText(): string {
    return [
      textTable(["Command", ""], COMMAND_HELP),
      textTable(
        ["Variable", "value", "in force", "set by", ""],
        this.variables().map(({ name, value, inForce, setBy, help }) => [
          name,
          `${value}`,
          `${inForce}`,
          setBy,
          help,
        ]),
      ),
    ].join("\n\n");
  }

  /** Every variable; those of scalability groups for each group that is in use, and group 0. */
  variables(): readonly VariableInfo[] {
    return this.#states.known().map(({ id }) => this.#infoOf(id));
  }

  #infoOf(id: VariableId): VariableInfo {
    const { defaultValue, range, isInteger, help } = id.kind;
    const { value, inForce, setBy } = this.#states.read(id);
    return { name: variableName(id), value, inForce, defaultValue, range, isInteger, setBy, help };
  }

  /**
   * The value of a variable.
   *
   * @param name In any case; `NAME.Group<x>` for a scalability group, which is 0 without.
   * @throws {InvalidArgumentError} if the name is not a string.
   * @throws {OutOfRangeError} if there is no such variable.
   */
  get(name: string): number {
    return this.#states.read(checkedVariable(name, "Cannot get variable")).value;
  }

  /**
   * Sets a variable, whatever a scalability level says of it.
   *
   * @returns A promise that resolves when that has taken effect.
   * @throws {InvalidArgumentError} if the name is not a string, or the value not a number.
   * @throws {OutOfRangeError} if there is no such variable, the value is out of its range, or a volume's
   * texture cannot have the bias; {BudgetError} if the budget is too small for it. Nothing changes then.
   * @throws {DisposedError} if the scene or its system was closed.
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   */
  async set(name: string, value: number): Promise<void> {
    const id = checkedVariable(name, "Cannot set variable");
    await this.#setOwn(id, checkedVariableValue(id, value, "Cannot set variable"));
  }

  /**
   * Gives a variable the value that it has if nothing but the scalability level sets it.
   *
   * @throws As {@linkcode set} does.
   */
  async reset(name: string): Promise<void> {
    await this.#setOwn(checkedVariable(name, "Cannot reset variable"), null);
  }

  async #setOwn(id: VariableId, value: number | null): Promise<void> {
    this.scene.assertOpen();
    await this.#states.setOwn(id, value);
  }

  /** Values of variables by scalability level. */
  get scalability(): ScalabilitySettings {
    return this.#scalability;
  }

  /** The scalability level in force, whichever console of the scene has set it; null for none. */
  get scalabilityLevel(): string | null {
    return this.#states.level;
  }

  /**
   * Puts a scalability level into force, or none. What it leaves out becomes as it is without a level; what
   * the console or options have set stays.
   *
   * @param level Name of a level; null for none.
   * @returns A promise that resolves when that has taken effect.
   * @throws {InvalidArgumentError} if it is neither a string nor null.
   * @throws {OutOfRangeError} if there is no such level, or textures cannot have a bias of it; {BudgetError} if
   * the budget is too small for that. Nothing changes then.
   * @throws {DisposedError} if the scene or its system was closed.
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   */
  async setScalabilityLevel(level: string | null): Promise<void> {
    const failure = "Cannot set scalability level";
    if (level !== null) checkedString(level, { name: "level", failure });
    const known = Object.keys(this.#scalability);
    if (level !== null && !known.includes(level)) {
      throw new OutOfRangeError(
        "level",
        `${failure} as there is no level "${level}": there are ${
          known.map((each) => `"${each}"`).join(", ") || "none"
        }`,
      );
    }
    this.scene.assertOpen();
    const done = this.#states.setLevel(level === null ? {} : this.#scalability[level]!);
    this.#states.level = level;
    await done;
  }

  /**
   * Empties the physical caches, as `r.VT.Flush` does: tiles lose their slots, and those that must not, such
   * as the coarsest, are made anew. It is not {@linkcode VirtualTextureSystem.flush}, which settles.
   *
   * @returns Number of tiles that have lost their slot.
   * @throws {DisposedError} if the scene or its system was closed.
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   */
  flushCaches(): number {
    this.scene.assertOpen();
    const { system } = this.scene;
    for (const texture of system.textures) system.invalidate(texture);
    return system.evictTiles();
  }

  /**
   * What `stat virtualtexturing` shows, as data.
   *
   * @throws {DisposedError} if the scene or its system was closed.
   */
  statistics(): VirtualTexturingStatistics {
    this.scene.assertOpen();
    const { system } = this.scene;
    system.tuning.measureUpdates(true);
    return { updates: system.tuning.updateProfile!, counters: system.getStatistics() };
  }

  /**
   * What `stat virtualtexturememory` shows, as data.
   *
   * @throws {DisposedError} if the scene or its system was closed.
   */
  memory(): VirtualTextureMemory {
    this.scene.assertOpen();
    const { system } = this.scene;
    return { pools: system.tuning.poolInfos(), total: system.getMemoryInfo() };
  }
}
