/**
 * Bounds of components that a project describes, before they are loaded.
 *
 * @module
 */

import {
  multiply4,
  type OrientedBox,
  orientedBoxOf,
  transformFrom,
  transformMatrix,
  type WorldBounds,
  worldBoundsOf,
} from "../../../../geometry/mod.ts";
import { Material } from "../../../material/mod.ts";
import type { ComponentJson, TransformJson } from "../../json/component_json.ts";
import { isDeferred } from "../../read/mod.ts";
import type { Place } from "../../schema/mod.ts";
import { atPlace } from "../at_place.ts";
import { buildComponent } from "../build_component.ts";
import type { BoundsInputs } from "./bounds_inputs.ts";
import { scatteredBoxes } from "./foliage_bounds.ts";
import { landscapeSpace } from "./landscape_bounds.ts";
import { meshBounds } from "./mesh_bounds.ts";

/**
 * Bounds in the world that hold a component, from its fields and the headers of the files that it names. They
 * are those of its boxes where these are known, else larger: heights of pictures may be any that their
 * texels can have, and scattered meshes may be turned anyhow.
 *
 * @throws {FileError} if a file is missing.
 * @throws {MalformedFileError} if a file is damaged, or does not say how large it is: the message names the
 * place and the reason.
 * @throws {UnsupportedError} if a file needs what is not supported.
 */
export async function componentBounds(
  json: ComponentJson,
  place: Place,
  inputs: BoundsInputs,
): Promise<WorldBounds> {
  const toWorld = await atPlace(place.at("transform"), () => matrixOf(json.transform));
  const boxes = await boxesOf(json, place, { toWorld, inputs });
  const [x, y, z] = [toWorld[12]!, toWorld[13]!, toWorld[14]!];
  return worldBoundsOf(boxes) ?? { min: [x, y, z], max: [x, y, z] };
}

async function boxesOf(
  json: ComponentJson,
  place: Place,
  { toWorld, inputs }: { readonly toWorld: Float64Array; readonly inputs: BoundsInputs },
): Promise<OrientedBox[]> {
  const { files } = inputs;
  switch (json.kind) {
    case "landscape": {
      const { bounds } = await landscapeSpace(json, place, inputs);
      return [orientedBoxOf(bounds, toWorld)];
    }
    case "landscape_spline":
      return await splineBoxes(json, place, inputs);
    case "static_mesh":
    case "skeletal_mesh":
      return [orientedBoxOf(await meshBounds(json.mesh, place.at("mesh"), files), toWorld)];
    case "instanced_static_mesh": {
      const bounds = await meshBounds(json.mesh, place.at("mesh"), files);
      const { instances = [] } = json;
      return await atPlace(
        place.at("instances"),
        () =>
          instances.map((instance) =>
            orientedBoxOf(bounds, multiply4(toWorld, matrixOf(instance)))
          ),
      );
    }
    case "foliage":
      return await scatteredBoxes(json, place, { toWorld, inputs });
    case "decal": {
      const shape = { shape: "plane", ...(json.size === undefined ? {} : { size: json.size }) };
      return [orientedBoxOf(await meshBounds(shape as never, place, files), toWorld)];
    }
    case "animated_mesh":
      return [orientedBoxOf(await meshBounds(json.frames, place.at("frames"), files), toWorld)];
  }
}

/** Names no file, so that it can be made for it, of any material, unless heights are missing. */
async function splineBoxes(
  json: ComponentJson & { readonly kind: "landscape_spline" },
  place: Place,
  inputs: BoundsInputs,
): Promise<OrientedBox[]> {
  const { landscape = null } = json;
  if (landscape !== null && isDeferred(inputs.landscapes.get(landscape)!.json)) {
    throw place.at("deferred").error(
      `must have bounds: they depend on the heights of landscape "${landscape}", which is deferred, too. ` +
        `deno task vt rvt check finds them`,
    );
  }
  const materials = new Map([[json.material, new Material({ name: json.material })]]);
  return [...(await buildComponent(json, place, { ...inputs, materials })).boxes()];
}

/** @throws As `transformFrom` does. */
function matrixOf(transform: TransformJson | undefined): Float64Array {
  return transformMatrix(transformFrom(transform));
}
