/**
 * Checks whether components are drawn at all. Pure.
 *
 * @module
 */

import type { PrimitiveComponent } from "../../component/mod.ts";
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
      const reasons = assets.map((asset) => scene.whyNotRendered(component, asset));
      if (!reasons.includes(null)) {
        const others = reasons.length === 0 ? ["it names no texture"] : reasons as string[];
        yield neverDrawn(component, [whyNotInMainPass(component), ...others]);
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

function whyNotInMainPass({ material, drawInMainPass }: PrimitiveComponent): string {
  return material.graph.domain === "virtual_texture"
    ? `its material "${material.name}" is for virtual textures alone`
    : `its Draw in Main Pass is ${drawInMainPass}`;
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
