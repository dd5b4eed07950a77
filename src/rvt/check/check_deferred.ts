/**
 * Checks whether deferred components are found where they are.
 *
 * @module
 */

import { type WorldBounds, worldBoundsOf } from "../../geometry/mod.ts";
import { boundsBeyond, type PrimitiveComponent } from "../component/mod.ts";
import type { SceneParts } from "../project/mod.ts";
import { capital, type Finding, finding } from "./finding.ts";
import { CheckedScene } from "./scene/checked_scene.ts";

/** Digits of bounds that are told, beside the first one of a component's size. */
const DIGITS = 4;

/** Components that reach beyond their bounds, lack them, or are not in pictures before they are loaded. */
export function* checkDeferred(parts: SceneParts): Generator<Finding> {
  const scene = new CheckedScene(parts);
  for (const { component, bounds, place } of parts.loadedDeferred) {
    const { name, label } = component;
    const own = worldBoundsOf(component.boxes());
    const wanted = own === null ? "any" : textOf(own);
    if (bounds === null) {
      yield finding(
        "deferred_bounds",
        [name],
        `${capital(label)} at ${
          place.at("deferred")
        } must have bounds, as they are not known before it ` +
          `is loaded: write ${wanted}`,
      );
    } else if (boundsBeyond(bounds, component.boxes()) !== null) {
      yield finding(
        "deferred_bounds",
        [name],
        `${capital(label)} reaches beyond the bounds at ${place.at("deferred")}, ${
          textOf(bounds)
        }, so that it cannot be loaded: write ${wanted}`,
      );
    }
    if (isShown(scene, component)) yield inMainPass(component);
  }
}

/** Whether pictures lack it until a tile needs it. */
function isShown(scene: CheckedScene, component: PrimitiveComponent): boolean {
  return component.boxes().length > 0 && scene.isInMainPass(component);
}

function inMainPass({ name, label, drawInMainPass }: PrimitiveComponent): Finding {
  return finding(
    "deferred_in_main_pass",
    [name],
    `${
      capital(label)
    } is deferred, and its Draw in Main Pass is ${drawInMainPass}: pictures lack it until ` +
      `a tile that is rendered needs it`,
  );
}

/** Bounds as a project has them, rounded outwards. */
function textOf({ min, max }: WorldBounds): string {
  const size = Math.max(...max.map((most, axis) => most - min[axis]!));
  const step = 10 ** (Math.floor(Math.log10(size > 0 ? size : 1)) - DIGITS);
  const rounded = (values: readonly number[], round: (value: number) => number) =>
    values.map((value) => Number((round(value / step) * step).toPrecision(12)));
  return `"bounds": { "min": [${rounded(min, Math.floor).join(", ")}], "max": [${
    rounded(max, Math.ceil).join(", ")
  }] }`;
}
