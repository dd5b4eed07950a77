/**
 * Whether a component is drawn in the main pass.
 *
 * @module
 */

import { checkedBoolean, checkedChoice, checkOptionNames } from "../../checks.ts";
import { DRAW_IN_MAIN_PASS_CHOICES, type DrawInMainPass } from "./component_options.ts";

/** What decides of components that are drawn unless a runtime virtual texture shows them. */
export interface MainPassConditions {
  /** Whether virtual texturing is supported and enabled. */
  readonly virtualTexturing: boolean;
  /** Whether a volume places one of the component's runtime virtual textures in the scene. */
  readonly hasPlacedVolume: boolean;
  /** Whether one of those volumes hides the primitives that it shows. */
  readonly someVolumeHidesPrimitives: boolean;
}

const CONDITION_NAMES: readonly (keyof MainPassConditions)[] = [
  "virtualTexturing",
  "hasPlacedVolume",
  "someVolumeHidesPrimitives",
];

/**
 * Whether a component with a setting is drawn in the main pass. With `from_virtual_texture` it is,
 * unless all the conditions hold.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if there is no such setting.
 */
export function drawsInMainPass(setting: DrawInMainPass, conditions: MainPassConditions): boolean {
  const failure = "Cannot tell whether component is drawn in the main pass";
  const choices = DRAW_IN_MAIN_PASS_CHOICES;
  checkedChoice(setting, { name: "drawInMainPass", failure, choices });
  checkOptionNames(conditions, { failure, names: CONDITION_NAMES, what: "condition" });
  const allHold = CONDITION_NAMES.map((name) => checkedBoolean(conditions[name], { name, failure }))
    .every((holds) => holds);
  if (setting === "from_virtual_texture") return !allHold;
  return setting === "always";
}
