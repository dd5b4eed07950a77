/**
 * Checks the baked low mips of volumes.
 *
 * @module
 */

import { type Finding, finding } from "../finding.ts";
import type { CheckedScene } from "./checked_scene.ts";

/** What volumes warn of in the scenes that they are in. */
export function* checkLowMips({ volumes }: CheckedScene): Generator<Finding> {
  for (const { name, asset, warnings } of volumes) {
    for (const warning of warnings) yield finding("low_mips", [name, asset.name], warning);
  }
}
