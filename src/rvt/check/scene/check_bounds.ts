/**
 * Checks whether what writes and samples textures lies in their volumes. Pure.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import type { PrimitiveComponent } from "../../component/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import { capital, type Finding, finding, labelOf } from "../finding.ts";
import { spanOf } from "./box_bounds.ts";
import type { CheckedScene } from "./checked_scene.ts";

/** How far a box may reach beyond its volume, in parts of its length: rounding. */
const SLACK = 1e-6;

/** Assets without volumes, volumes without writers, and what reaches beyond volumes. */
export function* checkBounds(scene: CheckedScene): Generator<Finding> {
  yield* checkPlacement(scene);
  for (const volume of scene.volumes) {
    const { asset } = volume;
    const samplers = scene.components.filter((component) =>
      scene.isInMainPass(component) &&
      scene.shownByPlace(component.material).has(asset)
    );
    for (const component of scene.writersOf(asset)) {
      const reach = reachOf(component, scene.toVolume(volume));
      if (reach === "inside") continue;
      yield finding(
        "writer_outside",
        [component.name, volume.name],
        `${capital(component.label)} is rendered to "${asset.name}" and ${
          beyond(reach, volume)
        }: ` +
          `what lies outside is not stored. Set Bounds mends it`,
      );
    }
    for (const component of samplers) {
      const reach = reachOf(component, scene.toVolume(volume), { ignoresDepth: true });
      if (reach === "inside") continue;
      yield finding(
        "sampler_outside",
        [component.name, volume.name],
        `${capital(component.label)} shows "${asset.name}" and ${
          beyond(reach, volume)
        }: what lies ` +
          `outside shows the texture's edge`,
      );
    }
  }
}

function* checkPlacement(scene: CheckedScene): Generator<Finding> {
  const missing = new Map<RuntimeVirtualTextureLike, Set<string>>();
  const note = (asset: RuntimeVirtualTextureLike, user: string) => {
    if (scene.volumeOf(asset) !== undefined) return;
    if (!missing.has(asset)) missing.set(asset, new Set());
    missing.get(asset)!.add(user);
  };
  for (const component of scene.components) {
    for (const asset of component.renderToVirtualTextures) {
      note(asset, `${component.label} is rendered to it`);
      for (const other of scene.readInFills(component.material, asset).runtimeVirtualTextures) {
        note(other, `material "${component.material.name}" samples it`);
      }
    }
    if (!scene.isInMainPass(component)) continue;
    for (const asset of scene.readInPictures(component.material).runtimeVirtualTextures) {
      note(asset, `material "${component.material.name}" samples it`);
    }
  }
  for (const [asset, users] of missing) {
    const [first, ...others] = users;
    yield finding(
      "no_volume",
      [asset.name],
      `No volume places "${asset.name}": ${first}` +
        (others.length > 0 ? `, and ${others.length} more use it` : ""),
    );
  }
  for (const volume of scene.volumes) {
    const problem = scene.problemOf(volume);
    if (problem !== null) {
      yield finding("invalid_volume", [volume.name, volume.asset.name], problem);
    }
    for (const warning of volume.warnings) {
      yield finding("stale_bake", [volume.name, volume.asset.name], warning);
    }
    if (scene.writersOf(volume.asset).length > 0) continue;
    yield finding(
      "unused_volume",
      [volume.name, volume.asset.name],
      `Nothing is rendered to "${volume.asset.name}" in ${labelOf(volume)}: no component names it`,
    );
  }
}

/** Where something lies, seen from a volume. */
type Reach = "inside" | "partly" | "outside";

function reachOf(
  component: PrimitiveComponent,
  toVolume: ArrayLike<number>,
  { ignoresDepth = false }: { readonly ignoresDepth?: boolean } = {},
): Reach {
  const boxes = component.boxes();
  let [inside, outside] = [0, 0];
  const axes = ignoresDepth ? 2 : 3;
  const span = { least: new Float64Array(3), largest: new Float64Array(3) };
  for (const box of boxes) {
    spanOf(box, toVolume, span);
    const least = span.least.subarray(0, axes);
    const largest = span.largest.subarray(0, axes);
    if (least.every((from) => from >= -SLACK) && largest.every((to) => to <= 1 + SLACK)) inside++;
    else if (least.some((from) => from > 1) || largest.some((to) => to < 0)) outside++;
  }
  if (inside === boxes.length) return "inside";
  return outside === boxes.length ? "outside" : "partly";
}

function beyond(reach: Reach, volume: RuntimeVirtualTextureVolume): string {
  return reach === "outside"
    ? `lies outside of ${labelOf(volume)}`
    : `reaches beyond ${labelOf(volume)}`;
}
