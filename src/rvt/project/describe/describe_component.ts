/**
 * Components as JSON.
 *
 * @module
 */

import { UnsupportedError } from "../../../errors.ts";
import { sameTransforms, type Transform } from "../../../geometry/mod.ts";
import {
  AnimatedMeshComponent,
  COMPONENT_DEFAULTS,
  type ComponentSettings,
  DecalComponent,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  type PrimitiveComponent,
  scatterTransforms,
  SkeletalMeshComponent,
  StaticMeshComponent,
} from "../../component/mod.ts";
import type { ComponentCommonJson, ComponentJson, TransformJson } from "../json/component_json.ts";
import { describeLandscape } from "./describe_landscape.ts";
import type { DescribeParts } from "./describe_parts.ts";

/** The settings that a kind has when nothing is said. */
const OWN_DEFAULTS: Readonly<Record<string, Partial<ComponentSettings>>> = {
  landscape: { drawInMainPass: "always" },
  decal: { drawInMainPass: "never" },
};

/**
 * Describes one; pictures and meshes are added to the files.
 *
 * @throws {UnsupportedError} if it is of a class of the caller's own, or reads a streaming texture that was not
 * loaded from a file.
 * @throws {OutOfRangeError} if two of the things that components refer to have one name.
 */
export async function describeComponent(
  component: PrimitiveComponent,
  parts: DescribeParts,
): Promise<ComponentJson> {
  const { files, failure } = parts;
  const own = async (): Promise<Record<string, unknown> & { kind: ComponentJson["kind"] }> => {
    if (component instanceof LandscapeComponent) {
      return { kind: "landscape", ...await describeLandscape(component, parts) };
    }
    if (component instanceof LandscapeSplineComponent) return describeSpline(component);
    if (component instanceof DecalComponent) return { kind: "decal", size: [...component.size] };
    if (component instanceof AnimatedMeshComponent) {
      const frames = await files.describeLods(component.name, component.frames);
      return { kind: "animated_mesh", frames: [frames].flat() };
    }
    if (component instanceof FoliageComponent && standsAsScattered(component)) {
      const { onto = null, ...scatter } = component.scatter;
      const named = onto === null ? {} : { onto: onto.name };
      const mesh = await files.describeLods(component.name, component.lods);
      return { kind: "foliage", mesh, scatter: { ...plainScatter(scatter), ...named } };
    }
    if (component instanceof InstancedStaticMeshComponent) {
      const mesh = await files.describeLods(component.name, component.lods);
      const instances = component.instances.map(describeTransform);
      return { kind: "instanced_static_mesh", mesh, instances };
    }
    if (component instanceof StaticMeshComponent) {
      const mesh = await files.describeLods(component.name, component.lods);
      return { kind: "static_mesh", mesh };
    }
    if (component instanceof SkeletalMeshComponent) {
      const mesh = await files.describeLods(component.name, component.lods);
      return { kind: "skeletal_mesh", mesh };
    }
    throw new UnsupportedError(
      component.label,
      `${failure} as ${component.label} cannot be saved: its class is not known`,
    );
  };
  const { kind, ...fields } = await own();
  return { kind, ...commonFields(component, kind, parts), ...fields } as unknown as ComponentJson;
}

function commonFields(
  component: PrimitiveComponent,
  kind: string,
  { named }: DescribeParts,
): ComponentCommonJson {
  const defaults = { ...COMPONENT_DEFAULTS, ...OWN_DEFAULTS[kind] };
  const names = component.renderToVirtualTextures.map((asset) => named.addAsset(asset));
  const settings = Object.keys(COMPONENT_DEFAULTS).flatMap((name): [string, unknown][] => {
    const key = name as keyof ComponentSettings;
    if (key === "renderToVirtualTextures" || component[key] === defaults[key]) return [];
    return [[key, component[key]]];
  });
  const transform = describeTransform(component.transform);
  return {
    name: component.name,
    material: named.addMaterial(component.material),
    ...(Object.keys(transform).length === 0 ? {} : { transform }),
    ...(names.length === 0 ? {} : { renderToVirtualTextures: names }),
    ...Object.fromEntries(settings),
  };
}

/** A transform without what is nothing. */
export function describeTransform({ position, rotation, scale }: Transform): TransformJson {
  const isDefault = (values: readonly number[], wanted: readonly number[]) =>
    values.every((value, i) => value === wanted[i]);
  return {
    ...(isDefault(position, [0, 0, 0]) ? {} : { position: [...position] }),
    ...(isDefault(rotation, [0, 0, 0, 1]) ? {} : { rotation: [...rotation] }),
    ...(isDefault(scale, [1, 1, 1]) ? {} : { scale: [...scale] }),
  };
}

function describeSpline(spline: LandscapeSplineComponent) {
  const { points, quadsAlong, quadsAcross, landscape, landscapeOffset } = spline;
  return {
    kind: "landscape_spline" as const,
    points: points.map(({ position, width, rollRadians, tangent }) => ({
      position: [...position],
      width,
      ...(rollRadians === 0 ? {} : { rollRadians }),
      ...(tangent === undefined ? {} : { tangent: [...tangent] }),
    })),
    ...(quadsAlong === 16 ? {} : { quadsAlong }),
    ...(quadsAcross === (landscape === null ? 1 : 4) ? {} : { quadsAcross }),
    ...(landscape === null ? {} : { landscape: landscape.name }),
    ...(landscapeOffset === 0 ? {} : { landscapeOffset }),
  };
}

/** Whether instances stand where they were scattered: those that were changed are saved one by one. */
function standsAsScattered({ scatter, instances }: FoliageComponent): boolean {
  const scattered = scatterTransforms(scatter);
  return scattered.length === instances.length &&
    scattered.every((transform, i) => sameTransforms(transform, instances[i]!));
}

/** Options of scattering whose lists may be of any kind. */
function plainScatter(scatter: Omit<FoliageComponent["scatter"], "onto">): Record<string, unknown> {
  const { region: { min, max }, ...rest } = scatter;
  const lists = Object.entries(rest).filter(([, value]) => value !== undefined).map(
    ([name, value]) => [name, typeof value === "object" ? Array.from(value) : value],
  );
  return {
    region: { min: Array.from(min), max: Array.from(max) },
    ...Object.fromEntries(lists),
  };
}
