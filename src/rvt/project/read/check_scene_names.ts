/**
 * Checks what components and volumes of a scene name. Pure.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import { lookAt } from "../../../geometry/mod.ts";
import type { ComponentJson } from "../json/component_json.ts";
import type { SceneJson } from "../json/project_json.ts";
import type { Place } from "../schema/mod.ts";
import type { Reference } from "./references.ts";

/** What a scene names of its project. */
export function* sceneReferences(scene: SceneJson, place: Place): Generator<Reference> {
  for (const [index, component] of (scene.components ?? []).entries()) {
    const at = place.at("components").at(index);
    yield { list: "materials", name: component.material, place: at.at("material") };
    for (const [i, name] of (component.renderToVirtualTextures ?? []).entries()) {
      yield { list: "assets", name, place: at.at("renderToVirtualTextures").at(i) };
    }
    if (component.kind === "landscape" && component.heightTexture !== undefined) {
      const name = component.heightTexture.texture;
      yield { list: "streamedTextures", name, place: at.at("heightTexture").at("texture") };
    }
  }
  for (const [index, { asset }] of (scene.volumes ?? []).entries()) {
    yield { list: "assets", name: asset, place: place.at("volumes").at(index).at("asset") };
  }
}

/**
 * Checks what the parts of a scene say of each other.
 *
 * @throws {MalformedFileError} if two components have one name, one names a landscape that does not stand
 * before it, or is deferred where it is not, two volumes place one asset or keep low mips in one file, a volume
 * takes bounds of what is not there, or fields exclude each other.
 */
export function checkSceneNames(scene: SceneJson, place: Place): void {
  checkBuilders(scene, place.at("volumes"));
  checkCamera(scene, place.at("camera"));
  const known = new Map<string, ComponentJson>();
  for (const [index, component] of (scene.components ?? []).entries()) {
    const at = place.at("components").at(index);
    const [field, landscape] = landscapeOf(component);
    if (landscape !== null) {
      checkLandscape(known.get(landscape), at.at(field), { name: landscape, component });
    }
    checkChoices(component, at);
    if (component.name === undefined) continue;
    if (known.has(component.name)) {
      at.at("name").refuse(
        "must be a name that no other component of the scene has",
        component.name,
      );
    }
    known.set(component.name, component);
  }
  const placed = new Set<string>();
  for (const [index, volume] of (scene.volumes ?? []).entries()) {
    const at = place.at("volumes").at(index);
    if (placed.has(volume.asset)) {
      at.at("asset").refuse(
        "must be an asset that no other volume of the scene places",
        volume.asset,
      );
    }
    placed.add(volume.asset);
    if (volume.boundsFrom === undefined) continue;
    if (!known.has(volume.boundsFrom)) {
      at.at("boundsFrom").refuse("must be the name of a component of the scene", volume.boundsFrom);
    }
    const extra = (["position", "rotation", "scale"] as const).find((name) => name in volume);
    if (extra !== undefined) throw at.at(extra).error("must be left out beside boundsFrom");
  }
}

/** Whether a component is loaded when a tile needs it. */
export function isDeferred({ deferred }: ComponentJson): boolean {
  return deferred !== undefined;
}

/** The name of the landscape that a component lies on; null if there is none. */
export function landscapeNameOf(component: ComponentJson): string | null {
  return landscapeOf(component)[1];
}

/** A build replaces the whole file. */
function checkBuilders({ volumes = [] }: SceneJson, place: Place): void {
  const taken = new Set<string>();
  for (const [index, { virtualTextureBuilder: file }] of volumes.entries()) {
    if (file === undefined) continue;
    if (taken.has(file)) {
      const at = place.at(index).at("virtualTextureBuilder");
      at.refuse("must be a file that no other volume of the scene has", file);
    }
    taken.add(file);
  }
}

function checkCamera({ camera }: SceneJson, place: Place): void {
  if (camera === undefined) return;
  const { position, target, up = [0, 0, 1] } = camera;
  try {
    lookAt(position, target, { up });
  } catch (cause) {
    throw place.error(`cannot look at its target: ${thrownText(cause)}`, { cause });
  }
}

/** Fields of which a component must have one, and no other. */
function checkChoices(component: ComponentJson, place: Place): void {
  const checkOne = (fields: object, names: readonly string[], at: Place) => {
    if (names.filter((name) => Object.hasOwn(fields, name)).length === 1) return;
    throw at.error(`must have one of the fields ${names.join(", ")}, and no other of them`);
  };
  if (component.kind === "landscape") {
    checkOne(component, ["heights", "picture", "heightTexture"], place);
  }
  if (component.kind === "foliage") {
    checkOne(component.scatter, ["count", "density"], place.at("scatter"));
  }
}

/** The landscape that a component lies on, and the field that names it. */
function landscapeOf(component: ComponentJson): [field: string, name: string | null] {
  if (component.kind === "landscape_spline") return ["landscape", component.landscape ?? null];
  if (component.kind === "foliage") return ["scatter", component.scatter.onto ?? null];
  return ["", null];
}

function checkLandscape(
  found: ComponentJson | undefined,
  place: Place,
  { name, component }: { readonly name: string; readonly component: ComponentJson },
): void {
  const isGround = found?.kind === "landscape" && found.heightTexture === undefined;
  if (!isGround) {
    place.refuse(
      "must name a landscape with heights or a picture that stands before it in the scene",
      name,
    );
  }
  if (!isDeferred(found) || isDeferred(component)) return;
  place.refuse("must name a landscape that is not deferred, as what lies on it is not", name);
}
