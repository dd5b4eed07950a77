/**
 * Materials whose values are given by functions, for tests of what draws them.
 *
 * @module
 */

import type { MaterialInterface } from "../../../src/rvt/material/material_interface.ts";
import type { Fragment, WrittenValues } from "./fragment.ts";

/** A material that writes what a function says. It never changes. */
export class FormulaMaterial implements MaterialInterface {
  readonly name = "formula";
  /** It has no expressions. */
  readonly graph = {
    domain: "virtual_texture" as const,
    surfacePins: new Map<never, never>(),
    output: null,
    twoSided: false,
  };
  readonly overrides = {
    numbers: new Map<never, never>(),
    textures: new Map<never, never>(),
    runtimeVirtualTextures: new Map<never, never>(),
  };
  readonly revision = 0;
  readonly #write: (fragment: Fragment) => WrittenValues;

  constructor(write: (fragment: Fragment) => WrittenValues) {
    this.#write = write;
  }

  /** What it writes at a point. */
  evaluate(fragment: Fragment): WrittenValues {
    return this.#write(fragment);
  }

  subscribe(): () => void {
    return () => {};
  }
}

/** A material that writes the same everywhere, opaque unless `opacity` is given. */
export function paint(values: WrittenValues["values"], opacity = 1): FormulaMaterial {
  return new FormulaMaterial(() => ({ values, opacity }));
}

/** Evaluates materials of this kind. */
export function evaluateFormula(material: MaterialInterface, fragment: Fragment): WrittenValues {
  if (!(material instanceof FormulaMaterial)) throw new Error(`${material.name} is no formula`);
  return material.evaluate(fragment);
}
