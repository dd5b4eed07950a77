/**
 * Makes the components that a project describes.
 *
 * @module
 */

import type { Mesh } from "../../../geometry/mod.ts";
import type { RuntimeVirtualTexture } from "../../asset/mod.ts";
import {
  AnimatedMeshComponent,
  type ComponentOptions,
  DecalComponent,
  type DecalComponentOptions,
  FoliageComponent,
  InstancedStaticMeshComponent,
  type LandscapeComponent,
  LandscapeSplineComponent,
  type LandscapeSplineOptions,
  type PrimitiveComponent,
  type ScatterOptions,
  SkeletalMeshComponent,
  StaticMeshComponent,
} from "../../component/mod.ts";
import type { Material, MaterialInstance } from "../../material/mod.ts";
import type { ComponentCommonJson, ComponentJson, MeshJson } from "../json/component_json.ts";
import type { Place } from "../schema/mod.ts";
import { atPlace } from "./at_place.ts";
import { buildLandscape, type LandscapeInputs } from "./build_landscape.ts";
import { buildMesh } from "./build_mesh.ts";

/** What components are made with. */
export interface ComponentInputs extends LandscapeInputs {
  readonly materials: ReadonlyMap<string, Material | MaterialInstance>;
  readonly assets: ReadonlyMap<string, RuntimeVirtualTexture>;
  /** Components that were made before, by the names that they have. */
  readonly components: ReadonlyMap<string, PrimitiveComponent>;
}

/**
 * A component.
 *
 * @throws {FileError} if a file that it names is missing.
 * @throws {MalformedFileError} if a file is damaged, or a value is not allowed.
 * @throws {UnsupportedError} if a file needs what is not supported.
 */
export async function buildComponent(
  json: ComponentJson,
  place: Place,
  inputs: ComponentInputs,
): Promise<PrimitiveComponent> {
  const [common, own] = splitOptions(json, inputs);
  const meshOf = (mesh: MeshJson | readonly MeshJson[], at = place.at("mesh")) =>
    buildMesh(mesh, at, inputs.files);
  switch (json.kind) {
    case "landscape":
      return await buildLandscape(json, place, { common, inputs });
    case "landscape_spline": {
      const landscape = landscapeNamed(json.landscape, inputs);
      const options = { ...common, ...own, landscape } as LandscapeSplineOptions;
      return await atPlace(place, () => new LandscapeSplineComponent(options));
    }
    case "static_mesh": {
      const mesh = await meshOf(json.mesh);
      return await atPlace(place, () => new StaticMeshComponent({ ...common, mesh }));
    }
    case "skeletal_mesh": {
      const mesh = await meshOf(json.mesh);
      return await atPlace(place, () => new SkeletalMeshComponent({ ...common, mesh }));
    }
    case "instanced_static_mesh": {
      const mesh = await meshOf(json.mesh);
      const options = { ...common, mesh, instances: json.instances ?? [] };
      return await atPlace(place, () => new InstancedStaticMeshComponent(options));
    }
    case "foliage": {
      const mesh = json.mesh === undefined ? {} : { mesh: await meshOf(json.mesh) };
      const onto = landscapeNamed(json.scatter.onto, inputs);
      const scatter = { ...json.scatter, onto } as ScatterOptions;
      return await atPlace(place, () => new FoliageComponent({ ...common, ...mesh, scatter }));
    }
    case "decal": {
      const options = { ...common, ...own } as DecalComponentOptions;
      return await atPlace(place, () => new DecalComponent(options));
    }
    case "animated_mesh": {
      const frames: Mesh[] = [];
      for (const [frame, mesh] of json.frames.entries()) {
        frames.push((await meshOf(mesh, place.at("frames").at(frame)))[0]!);
      }
      return await atPlace(place, () => new AnimatedMeshComponent({ ...common, frames }));
    }
  }
}

const COMMON_NAMES: readonly (keyof ComponentCommonJson)[] = [
  "name",
  "transform",
  "drawInMainPass",
  "virtualTextureLodBias",
  "virtualTextureSkipMips",
  "virtualTextureMinCoverage",
  "translucencySortPriority",
  "mobility",
];

/** The options that all components have, with what they name, and the others as they are. */
function splitOptions(
  json: ComponentJson,
  { materials, assets }: ComponentInputs,
): [ComponentOptions, Record<string, unknown>] {
  const { kind: _, deferred: __, material, renderToVirtualTextures = [], ...rest } = json;
  const entries = Object.entries(rest);
  const isCommon = ([name]: [string, unknown]) => (COMMON_NAMES as string[]).includes(name);
  return [
    {
      material: materials.get(material)!,
      renderToVirtualTextures: renderToVirtualTextures.map((name) => assets.get(name)!),
      ...Object.fromEntries(entries.filter(isCommon)),
    },
    Object.fromEntries(entries.filter((entry) => !isCommon(entry))),
  ];
}

function landscapeNamed(
  name: string | null | undefined,
  { components }: ComponentInputs,
): LandscapeComponent | null {
  return (components.get(name ?? "") ?? null) as LandscapeComponent | null;
}
