/**
 * Checks how much a scene makes of few words: a short file can ask for millions of places or quads. Pure.
 *
 * @module
 */

import type { ComponentJson, MeshJson } from "../json/component_json.ts";
import type { SceneJson } from "../json/project_json.ts";
import { type Place, PROJECT_LIMITS } from "../schema/mod.ts";

/** What a component makes. */
interface Made {
  readonly places: number;
  readonly quads: number;
}

/**
 * Checks the places and quads that a scene makes.
 *
 * @throws {MalformedFileError} naming the component with which they are too many.
 */
export function checkSceneSize(scene: SceneJson, place: Place): void {
  const { scenePlaces, madeQuads } = PROJECT_LIMITS;
  const checks = [
    { name: "places", most: scenePlaces, what: "instances and scattered places" },
    { name: "quads", most: madeQuads, what: "quads of plain meshes and splines" },
  ] as const;
  for (const { name, most, what } of checks) {
    let made = 0;
    for (const [index, component] of (scene.components ?? []).entries()) {
      made += madeBy(component)[name];
      if (made <= most) continue;
      throw place.at("components").at(index).error(
        `must leave its scene at most ${most} ${what}: with it, there are ${made}`,
      );
    }
  }
}

function madeBy(component: ComponentJson): Made {
  switch (component.kind) {
    case "landscape_spline": {
      const { points, quadsAlong = 16, quadsAcross = 4 } = component;
      return { places: 0, quads: (points.length - 1) * quadsAlong * quadsAcross };
    }
    case "foliage": {
      const { region: { min, max }, count, density = 0 } = component.scatter;
      const area = Math.abs((max[0]! - min[0]!) * (max[1]! - min[1]!));
      const places = count ?? Math.round(density * area);
      return { places, quads: component.mesh === undefined ? 0 : quadsOf(component.mesh) };
    }
    case "animated_mesh":
      return { places: 0, quads: component.frames.reduce((sum, mesh) => sum + quadsOf(mesh), 0) };
    case "instanced_static_mesh":
      return { places: component.instances?.length ?? 0, quads: quadsOf(component.mesh) };
    case "static_mesh":
    case "skeletal_mesh":
      return { places: 0, quads: quadsOf(component.mesh) };
    case "landscape":
    case "decal":
      return { places: 0, quads: 0 };
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
