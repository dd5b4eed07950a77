/**
 * What bounds of components are found with.
 *
 * @module
 */

import type { ComponentJson } from "../../json/component_json.ts";
import type { Place } from "../../schema/mod.ts";
import type { ComponentInputs } from "../build_component.ts";

/** What a scene says of its landscapes, by their names, and where. */
export type LandscapesByName = ReadonlyMap<
  string,
  { readonly json: ComponentJson; readonly place: Place }
>;

/** What bounds are found with, beside what components are made with. */
export interface BoundsInputs extends ComponentInputs {
  /** The landscapes of the scene. */
  readonly landscapes: LandscapesByName;
}
