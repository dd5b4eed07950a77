/**
 * What a check finds.
 *
 * @module
 */

import { DEFAULT_VOLUME_NAME, type RuntimeVirtualTextureVolume } from "../volume/mod.ts";

/**
 * What is wrong, or may be:
 *
 * - `type_mismatch`: a sample is of another material type than its asset, or gives what that does not store;
 * - `samples_itself`: a texture would be filled with samples of itself;
 * - `samples_while_filling`: a texture is filled with samples of others, whose tiles it waits for;
 * - `invalid_volume`: a volume cannot be placed, as its texture would be too large;
 * - `no_volume`: an asset is rendered to or sampled, and no volume places it;
 * - `unused_asset`: no scene of a project uses an asset;
 * - `stale_bake`: low mips were not baked, or with other settings, or are stale, in the scenes that hold the
 *   volume now, or more than one volume keeps them in one file;
 * - `unused_volume`: nothing is rendered to what a volume places;
 * - `writer_outside`: a component is rendered to a texture beyond whose volume it reaches;
 * - `sampler_outside`: a component shows a texture beyond whose volume it reaches;
 * - `writes_nothing`: a component's material writes nothing that its texture stores;
 * - `never_drawn`: a component is drawn in no texture and not in the main pass;
 * - `deferred_bounds`: a deferred component reaches beyond its bounds, or must have some, so that it cannot be
 *   loaded;
 * - `deferred_in_main_pass`: a deferred component is missing from pictures until it is loaded;
 * - `undefined_order`: components of one sort priority lie above each other, so that the order in which they
 *   were made decides;
 * - `coarse_heights`: 16 bits are few for the heights of a volume;
 * - `no_fallback`: a material shows clear values where virtual texturing is not supported;
 * - `component_warning`: what a component says of itself, such as that it is movable.
 */
export type FindingCode =
  | "type_mismatch"
  | "samples_itself"
  | "samples_while_filling"
  | "invalid_volume"
  | "no_volume"
  | "unused_asset"
  | "stale_bake"
  | "unused_volume"
  | "writer_outside"
  | "sampler_outside"
  | "writes_nothing"
  | "never_drawn"
  | "deferred_bounds"
  | "deferred_in_main_pass"
  | "undefined_order"
  | "coarse_heights"
  | "no_fallback"
  | "component_warning";

/** Something that keeps a scene from working, that is likely to be a mistake, or that is good to know. */
export type FindingSeverity = "error" | "warning" | "note";

/** Something that a check has found. */
export interface Finding {
  /** What it is. */
  readonly code: FindingCode;
  /** How bad it is. */
  readonly severity: FindingSeverity;
  /** The scene of a project in which it was found; left out of what concerns the project, or a scene alone. */
  readonly scene?: string;
  /** What it is about: names of assets, volumes, components and materials. */
  readonly names: readonly string[];
  /** A sentence that says what is wrong, and what would mend it. */
  readonly message: string;
}

/** How bad findings of each code are. */
const SEVERITIES: Readonly<Record<FindingCode, FindingSeverity>> = Object.freeze({
  type_mismatch: "error",
  samples_itself: "error",
  samples_while_filling: "note",
  invalid_volume: "error",
  no_volume: "warning",
  unused_asset: "note",
  stale_bake: "warning",
  unused_volume: "warning",
  writer_outside: "warning",
  sampler_outside: "warning",
  writes_nothing: "warning",
  never_drawn: "warning",
  deferred_bounds: "error",
  deferred_in_main_pass: "note",
  undefined_order: "warning",
  coarse_heights: "warning",
  no_fallback: "warning",
  component_warning: "note",
});

/** A finding, with the severity of its code. */
export function finding(code: FindingCode, names: readonly string[], message: string): Finding {
  return { code, severity: SEVERITIES[code], names, message };
}

/** What messages call a volume; one without a name of its own by what it places. */
export function labelOf({ name, asset }: RuntimeVirtualTextureVolume): string {
  return name === DEFAULT_VOLUME_NAME ? `the volume of "${asset.name}"` : `volume "${name}"`;
}

/** A label of a component, which begins with its kind in small letters, at the beginning of a sentence. */
export function capital(label: string): string {
  return label[0]!.toUpperCase() + label.slice(1);
}
