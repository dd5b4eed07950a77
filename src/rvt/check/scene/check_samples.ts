/**
 * Checks what the materials of a scene sample. Pure.
 *
 * @module
 */

import { MATERIAL_TYPES, type RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import {
  fillCycleOf,
  graphNodes,
  sampledByFills,
  shownWithoutSupport,
} from "../../material/mod.ts";
import { type Finding, finding } from "../finding.ts";
import { MENDED_BY_FIX, mendedByGiving, notStored, otherType } from "../type_messages.ts";
import type { CheckedScene } from "./checked_scene.ts";

/** Samples of other material types than their assets', and of what those do not store. */
export function* checkTypes({ components }: CheckedScene): Generator<Finding> {
  for (const material of new Set(components.map((component) => component.material))) {
    const found = new Set<string>();
    const { runtimeVirtualTextures } = material.overrides;
    for (const node of graphNodes(material.graph, "Cannot check material").nodes) {
      if (node.kind !== "runtime_virtual_texture_sample") continue;
      const { attribute, sample: { asset, materialType, parameter } } = node;
      const set = runtimeVirtualTextures.get(parameter ?? "");
      for (const shown of [asset, set ?? asset]) {
        const what = `Material "${material.name}" samples "${shown.name}"`;
        const stored = MATERIAL_TYPES[shown.materialType];
        if (shown.materialType !== materialType) {
          const mends = shown === asset ? MENDED_BY_FIX : mendedByGiving(parameter!);
          found.add(`${what} as ${otherType(materialType, shown.materialType)}. ${mends}`);
        } else if (!stored.attributes.includes(attribute)) {
          found.add(`${what} for ${notStored(attribute, materialType)}`);
        }
      }
    }
    for (const message of found) yield finding("type_mismatch", [material.name], message);
  }
}

/** Textures that are filled with samples of themselves, or of others. */
export function* checkFills(scene: CheckedScene): Generator<Finding> {
  const { components } = scene;
  const writers = components.map(({ material, renderToVirtualTextures: assets }) => ({
    material,
    assets,
  }));
  const sampledBy = sampledByFills(writers);
  for (const [filled, all] of sampledBy) {
    for (const sampled of all) {
      const cycle = fillCycleOf({ filled, sampled }, sampledBy);
      if (cycle !== null) {
        yield finding(
          "samples_itself",
          [filled.name],
          `"${filled.name}" would be filled with samples of itself, ${cycle}: materials that write to it ` +
            `must not sample it, nor what is made from it; a Replace node or a Feature Switch can part both`,
        );
      } else {
        yield finding(
          "samples_while_filling",
          [filled.name, sampled.name],
          `"${filled.name}" is filled with samples of "${sampled.name}": its tiles wait for those`,
        );
      }
    }
    for (const texture of streamedTexturesOf(scene, filled)) {
      yield finding(
        "samples_while_filling",
        [filled.name, texture],
        `"${filled.name}" is filled with samples of the streaming texture "${texture}": its tiles wait ` +
          `for what is streamed`,
      );
    }
  }
}

function streamedTexturesOf(scene: CheckedScene, filled: RuntimeVirtualTextureLike): Set<string> {
  return new Set(
    scene.writersOf(filled).flatMap(({ material }) =>
      [...scene.readInFills(material, filled).streamedTextures].map(({ name }) => name)
    ),
  );
}

/** Materials of pictures that have nothing to show where virtual texturing is not supported. */
export function* checkFallbacks(scene: CheckedScene): Generator<Finding> {
  const shown = scene.components.filter(({ drawInMainPass }) => drawInMainPass !== "never");
  for (const material of new Set(shown.map((component) => component.material))) {
    const names = [...shownWithoutSupport(material)].map(({ name }) => name);
    if (names.length === 0) continue;
    yield finding(
      "no_fallback",
      [material.name, ...names],
      `Material "${material.name}" shows clear values of ${
        names.map((name) => `"${name}"`).join(", ")
      } ` +
        `where virtual texturing is not supported: a Virtual Texture Feature Switch can give it another way`,
    );
  }
}
