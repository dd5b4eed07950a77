/**
 * Checks what the materials of a scene sample. Pure.
 *
 * @module
 */

import { MATERIAL_TYPES, type RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import {
  type Expression,
  fillCycleOf,
  graphNodes,
  type MaterialInterface,
  sampledByFills,
} from "../../material/mod.ts";
import { type Finding, finding } from "../finding.ts";
import type { CheckedScene } from "./checked_scene.ts";

/** Samples of other material types than their assets'. */
export function* checkTypes({ components }: CheckedScene): Generator<Finding> {
  for (const material of new Set(components.map((component) => component.material))) {
    const found = new Set<string>();
    const { runtimeVirtualTextures } = material.overrides;
    for (const node of graphNodes(material.graph, "Cannot check material").nodes) {
      if (node.kind !== "runtime_virtual_texture_sample") continue;
      const { asset, materialType, parameter } = node.sample;
      const set = runtimeVirtualTextures.get(parameter ?? "");
      for (const shown of [asset, set ?? asset]) {
        if (shown.materialType !== materialType) found.add(mismatch(material, shown, materialType));
      }
    }
    for (const message of found) yield finding("type_mismatch", [material.name], message);
  }
}

function mismatch(
  material: MaterialInterface,
  asset: RuntimeVirtualTextureLike,
  materialType: keyof typeof MATERIAL_TYPES,
): string {
  const label = (type: keyof typeof MATERIAL_TYPES) => MATERIAL_TYPES[type].label;
  return `Material "${material.name}" samples "${asset.name}" as ${
    label(materialType)
  }: it stores ` +
    `${label(asset.materialType)}. Fix Material Usage of the asset mends it`;
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
    const names = [...shownWithoutFallback(material)].map(({ name }) => name);
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

/** Assets that pictures show where virtual texturing is not supported: as clear values, as nothing is there. */
function shownWithoutFallback(material: MaterialInterface): Set<RuntimeVirtualTextureLike> {
  const found = new Set<RuntimeVirtualTextureLike>();
  const reached = new Set<Expression>(material.graph.surfacePins.values());
  // The set grows while it is looked through.
  for (const node of reached) {
    if (node.kind === "runtime_virtual_texture_sample") found.add(node.sample.asset);
    if (node.kind === "function_call") reached.add(node.function.outputs[node.output]!);
    for (const input of inputsWithoutSupport(node)) reached.add(input);
  }
  return found;
}

function inputsWithoutSupport({ kind, inputs }: Expression): readonly Expression[] {
  if (kind === "virtual_texture_feature_switch") return inputs.slice(1);
  return kind === "runtime_virtual_texture_replace" ? inputs.slice(0, 1) : inputs;
}
