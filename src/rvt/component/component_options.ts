/**
 * What every component can be given, and the checks of it.
 *
 * @module
 */

import { checkedChoice, checkedInteger, checkedNumber, describeValue } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { TransformOptions } from "../../geometry/mod.ts";
import { MATERIAL_TYPE_NAMES } from "../asset/material_type.ts";
import type { RuntimeVirtualTextureLike } from "../asset/runtime_virtual_texture_like.ts";
import { isMaterial, type MaterialInterface } from "../material/material_interface.ts";

/**
 * When a component is drawn in the main pass: never; unless runtime virtual textures show it
 * ({@linkcode drawsInMainPass}); or always.
 */
export type DrawInMainPass = "never" | "from_virtual_texture" | "always";

/** Whether a component is meant to stay where it is. */
export type Mobility = "static" | "movable";

/** Values of {@linkcode ComponentSettings.drawInMainPass}. */
export const DRAW_IN_MAIN_PASS_CHOICES: readonly DrawInMainPass[] = Object.freeze([
  "never",
  "from_virtual_texture",
  "always",
]);

/** Values of {@linkcode ComponentSettings.mobility}. */
export const MOBILITIES: readonly Mobility[] = Object.freeze(["static", "movable"]);

/** How a component takes part in runtime virtual textures and in the main pass. */
export interface ComponentSettings {
  /** The runtime virtual textures that it is rendered to, wherever a volume places them. */
  renderToVirtualTextures: readonly RuntimeVirtualTextureLike[];
  /** When it is drawn in the main pass. */
  drawInMainPass: DrawInMainPass;
  /** Added to the LOD that {@linkcode selectLod} finds; above 0 is coarser. From -16 to 16. */
  virtualTextureLodBias: number;
  /** How many of the coarsest levels it is not rendered to, 0 to 20. */
  virtualTextureSkipMips: number;
  /**
   * Binary logarithm of the size in pixels below which it is left out of a level, 0 to 20: 3 stands
   * for 8 pixels. Null: {@linkcode virtualTextureSkipMips} decides instead.
   */
  virtualTextureMinCoverage: number | null;
  /** Components with smaller numbers are drawn first, below the others; a 32-bit integer. */
  translucencySortPriority: number;
  /** Whether it is meant to stay where it is. A movable one is rendered with a warning. */
  mobility: Mobility;
}

/** Options of every component. */
export interface ComponentOptions extends Partial<Readonly<ComponentSettings>> {
  /** What messages call it; default its kind and id. */
  readonly name?: string;
  /** What it is drawn with. */
  readonly material: MaterialInterface;
  /** Where it stands; default at the world's origin. */
  readonly transform?: TransformOptions;
}

/** The settings of a component that names none. */
export const COMPONENT_DEFAULTS: Readonly<ComponentSettings> = Object.freeze({
  renderToVirtualTextures: Object.freeze([]),
  drawInMainPass: "from_virtual_texture",
  virtualTextureLodBias: 0,
  virtualTextureSkipMips: 0,
  virtualTextureMinCoverage: null,
  translucencySortPriority: 0,
  mobility: "static",
});

/** Names of the options of every component. */
export const COMPONENT_OPTION_NAMES: readonly string[] = Object.freeze([
  "name",
  "material",
  "transform",
  ...Object.keys(COMPONENT_DEFAULTS),
]);

const MAX_LOD_BIAS = 16;
/** More than a texture of 2^20 texels has levels. */
const MAX_LEVELS = 20;

type Checks = {
  readonly [Name in keyof ComponentSettings]: (
    value: unknown,
    checked: { readonly name: string; readonly failure: string },
  ) => ComponentSettings[Name];
};

const CHECKS: Checks = {
  renderToVirtualTextures: checkedTextures,
  drawInMainPass: (value, checked) =>
    checkedChoice(value, { ...checked, choices: DRAW_IN_MAIN_PASS_CHOICES }),
  virtualTextureLodBias: (value, checked) =>
    checkedInteger(value, { ...checked, range: [-MAX_LOD_BIAS, MAX_LOD_BIAS] }),
  virtualTextureSkipMips: (value, checked) =>
    checkedInteger(value, { ...checked, range: [0, MAX_LEVELS] }),
  virtualTextureMinCoverage: (value, checked) =>
    value === null ? null : checkedNumber(value, { ...checked, range: [0, MAX_LEVELS] }),
  translucencySortPriority: (value, checked) =>
    checkedInteger(value, { ...checked, range: [-(2 ** 31), 2 ** 31 - 1] }),
  mobility: (value, checked) => checkedChoice(value, { ...checked, choices: MOBILITIES }),
};

/**
 * Checks one setting of a component.
 *
 * @param options `failure`: what cannot be done if it is wrong.
 * @throws {InvalidArgumentError} if it has the wrong type.
 * @throws {OutOfRangeError} if it has a value that is not allowed.
 */
export function checkedSetting<Name extends keyof ComponentSettings>(
  name: Name,
  value: unknown,
  options: { readonly failure: string },
): ComponentSettings[Name] {
  return CHECKS[name](value, { name, failure: options.failure });
}

/**
 * Checks the material of a component.
 *
 * @throws {InvalidArgumentError} if it is not a material.
 */
export function checkedMaterial(value: unknown, failure: string): MaterialInterface {
  if (isMaterial(value)) return value;
  throw new InvalidArgumentError(
    "material",
    `${failure} as material must be a Material or a MaterialInstance: current value is ` +
      describeValue(value),
  );
}

/** What gives a material that is known, or will be: it gives null if none was given, and checks what it gives. */
export function materialGiven(
  given: MaterialInterface | (() => MaterialInterface) | undefined,
  failure: string,
): () => MaterialInterface | null {
  if (given === undefined) return () => null;
  if (typeof given === "function") return () => checkedMaterial(given(), failure);
  const material = checkedMaterial(given, failure);
  return () => material;
}

function checkedTextures(
  value: unknown,
  { name, failure }: { readonly name: string; readonly failure: string },
): readonly RuntimeVirtualTextureLike[] {
  const isList = Array.isArray(value) && value.every((texture: unknown) => {
    const { name, materialType } = (texture ?? {}) as Partial<RuntimeVirtualTextureLike>;
    return typeof name === "string" && MATERIAL_TYPE_NAMES.includes(materialType!);
  });
  if (!isList) {
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be a list of runtime virtual textures: current value is ` +
        describeValue(value),
    );
  }
  const textures = value as RuntimeVirtualTextureLike[];
  const twice = textures.find((texture, index) => textures.indexOf(texture) !== index);
  if (twice === undefined) return Object.freeze([...textures]);
  throw new OutOfRangeError(name, `${failure} as ${name} names texture "${twice.name}" twice`);
}
