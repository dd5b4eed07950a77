/**
 * Checks how much a scene makes of few words: a short file can ask for millions of places or quads. Pure.
 *
 * @module
 */

import type { ComponentJson, MeshJson } from "../json/component_json.ts";
import type { SceneJson } from "../json/project_json.ts";
import { type Place, PROJECT_LIMITS } from "../schema/mod.ts";

/**
 * Checks the places and quads that a scene makes.
 *
 * @throws {MalformedFileError} naming the component with which they are too many.
 */
export function checkSceneSize(scene: SceneJson, place: Place): void {
  const { madeParts } = PROJECT_LIMITS;
  let made = 0;
  for (const [index, component] of (scene.components ?? []).entries()) {
    made += partsMadeBy(component);
    if (made <= madeParts) continue;
    throw place.at("components").at(index).error(
      `must leave its scene at most ${madeParts} scattered places and quads: ` +
        `with it, there are ${made}`,
    );
  }
}

function partsMadeBy(component: ComponentJson): number {
  switch (component.kind) {
    case "landscape_spline": {
      const { points, quadsAlong = 16, quadsAcross = 4 } = component;
      return (points.length - 1) * quadsAlong * quadsAcross;
    }
    case "foliage": {
      const { region: { min, max }, count, density = 0 } = component.scatter;
      const area = Math.abs((max[0]! - min[0]!) * (max[1]! - min[1]!));
      const places = count ?? Math.round(density * area);
      return places + (component.mesh === undefined ? 0 : quadsOf(component.mesh));
    }
    case "animated_mesh":
      return component.frames.reduce((sum, mesh) => sum + quadsOf(mesh), 0);
    case "static_mesh":
    case "instanced_static_mesh":
    case "skeletal_mesh":
      return quadsOf(component.mesh);
    case "landscape":
    case "decal":
      return 0;
  }
}

function quadsOf(mesh: MeshJson | readonly MeshJson[]): number {
  if (isList(mesh)) return mesh.reduce((sum, one) => sum + quadsOf(one), 0);
  if (!("shape" in mesh)) return 0;
  if (mesh.shape === "box") return 6;
  const [columns = 1, rows = 1] = mesh.quads ?? [];
  return columns * rows;
}

function isList(mesh: MeshJson | readonly MeshJson[]): mesh is readonly MeshJson[] {
  return Array.isArray(mesh);
}
