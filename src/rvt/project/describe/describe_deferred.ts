/**
 * Deferred components as JSON.
 *
 * @module
 */

import { UnsupportedError } from "../../../errors.ts";
import {
  AnimatedMeshComponent,
  DecalComponent,
  type DeferredComponent,
  FoliageComponent,
  InstancedStaticMeshComponent,
  type PrimitiveComponent,
  SkeletalMeshComponent,
  StaticMeshComponent,
} from "../../component/mod.ts";
import type { ComponentJson } from "../json/component_json.ts";
import { describeComponent } from "./describe_component.ts";
import type { DescribeParts } from "./describe_parts.ts";

/** Classes that projects can load later. */
const DEFERRABLE: readonly (new (options: never) => PrimitiveComponent)[] = [
  StaticMeshComponent,
  InstancedStaticMeshComponent,
  DecalComponent,
  SkeletalMeshComponent,
  AnimatedMeshComponent,
];

/**
 * Describes one, which is loaded for it, and unloaded again unless it was loaded.
 *
 * @throws {UnsupportedError} if a component of its kind cannot be deferred in a project.
 * @throws What keeps it from being loaded.
 */
export async function describeDeferred(
  deferred: DeferredComponent,
  parts: DescribeParts,
): Promise<ComponentJson> {
  const { isLoaded, bounds: { min, max } } = deferred;
  const component = await deferred.load();
  try {
    const isKnown = DEFERRABLE.some((kind) => component instanceof kind);
    if (!isKnown || component instanceof FoliageComponent) {
      throw new UnsupportedError(
        deferred.label,
        `${parts.failure} as ${deferred.label} cannot be saved: projects cannot defer ${component.label}`,
      );
    }
    const json = await describeComponent(component, parts);
    return { ...json, deferred: { bounds: { min: [...min], max: [...max] } } } as ComponentJson;
  } finally {
    if (!isLoaded) deferred.unload();
  }
}
