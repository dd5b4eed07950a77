/**
 * Checks whether components are drawn at all. Pure.
 *
 * @module
 */

import { BoxOutlines, isCulled, type PrimitiveComponent } from "../../component/mod.ts";
import { MATERIAL_TYPES, type RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import { capital, type Finding, finding } from "../finding.ts";
import type { CheckedScene } from "./checked_scene.ts";

/** Components that write nothing to a texture, or are drawn nowhere, and what they say of themselves. */
export function* checkDrawing(scene: CheckedScene): Generator<Finding> {
  for (const component of scene.components) {
    const assets = component.renderToVirtualTextures;
    for (const asset of assets) {
      if (scene.writtenTo(component, asset).length === 0) yield writesNothing(component, asset);
    }
    if (component.boxes().length === 0) yield neverDrawn(component, ["it has no instances"]);
    else if (!scene.isInMainPass(component)) {
      const reasons = assets.map((asset) => notRendered(scene, component, asset));
      if (!reasons.includes(null)) {
        const others = reasons.length === 0 ? ["it names no texture"] : reasons as string[];
        const setting = `its Draw in Main Pass is ${component.drawInMainPass}`;
        yield neverDrawn(component, [setting, ...others]);
      }
    }
    for (const warning of component.warnings()) {
      yield finding("component_warning", [component.name], warning);
    }
  }
}

function neverDrawn(component: PrimitiveComponent, reasons: readonly string[]): Finding {
  const message = `${capital(component.label)} is never drawn: ${reasons.join(", and ")}`;
  return finding("never_drawn", [component.name], message);
}

function writesNothing(component: PrimitiveComponent, asset: RuntimeVirtualTextureLike): Finding {
  const { attributes, label } = MATERIAL_TYPES[asset.materialType];
  return finding(
    "writes_nothing",
    [component.name, component.material.name, asset.name],
    `Material "${component.material.name}" of ${component.label} writes nothing to "${asset.name}", ` +
      `which stores ${label}: connect ${attributes.join(" or ")} of its output`,
  );
}

/** Why a component does not come to a texture; null if it does. */
function notRendered(
  scene: CheckedScene,
  component: PrimitiveComponent,
  asset: RuntimeVirtualTextureLike,
): string | null {
  const volume = scene.volumeOf(asset);
  if (volume === undefined) return `no volume places "${asset.name}"`;
  if (scene.writtenTo(component, asset).length === 0) {
    return `its material writes nothing to "${asset.name}"`;
  }
  const boxes = component.boxes();
  const outlines = new BoxOutlines(boxes, scene.toVolume(volume));
  const { bounds } = outlines;
  const isOutside = bounds === null || bounds.u1 < 0 || bounds.u0 > 1 || bounds.v1 < 0 ||
    bounds.v0 > 1;
  if (isOutside) return `it lies outside of volume "${volume.name}"`;
  const grid = scene.gridOf(volume);
  if (grid === null) return `volume "${volume.name}" cannot be placed`;
  const coveragePixels = outlines.largestSizeTexels(boxes.map((_, i) => i), grid.level(0));
  const isLeftOut = isCulled({
    skipMips: component.virtualTextureSkipMips,
    minCoverage: component.virtualTextureMinCoverage,
    level: 0,
    maxLevel: grid.levelCount - 1,
    coveragePixels,
  });
  if (!isLeftOut) return null;
  return component.virtualTextureMinCoverage === null
    ? `its Virtual Texture Skip Mips leaves out all ${grid.levelCount} levels of "${asset.name}"`
    : `it is smaller than its Virtual Texture Min Coverage on every level of "${asset.name}"`;
}
