/**
 * Deferred components as JSON.
 *
 * @module
 */

import type { DeferredComponent } from "../../component/mod.ts";
import type { ComponentJson } from "../json/component_json.ts";
import { describeComponent } from "./describe_component.ts";
import type { DescribeParts } from "./describe_parts.ts";

/**
 * Describes one, which is loaded for it, and unloaded again unless it was loaded.
 *
 * @throws As `describeComponent` does, and what keeps it from being loaded.
 */
export async function describeDeferred(
  deferred: DeferredComponent,
  parts: DescribeParts,
): Promise<ComponentJson> {
  const { isLoaded, bounds: { min, max } } = deferred;
  const component = await deferred.load();
  try {
    const json = await describeComponent(component, parts);
    return { ...json, deferred: { bounds: { min: [...min], max: [...max] } } } as ComponentJson;
  } finally {
    if (!isLoaded) deferred.unload();
  }
}
