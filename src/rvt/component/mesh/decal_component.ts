/**
 * A material on a rectangle, for what lies on other surfaces.
 *
 * @module
 */

import { checkedAbove, checkedVector, failureToMake } from "../../../checks.ts";
import { planeMesh } from "../../../geometry/mod.ts";
import type { ComponentOptions } from "../component_options.ts";
import { MeshComponent } from "./mesh_component.ts";

/** Options of {@linkcode DecalComponent}. */
export interface DecalComponentOptions extends ComponentOptions {
  /** Extent along its own x and y, each above 0; default 1 and 1. */
  readonly size?: ArrayLike<number>;
}

/**
 * A flat rectangle in its own xy plane. Its material is written over what lies below it in a runtime
 * virtual texture; in the main pass it is never drawn unless it is told to be.
 */
export class DecalComponent extends MeshComponent {
  #size: readonly [number, number];

  /**
   * Makes a decal.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: DecalComponentOptions) {
    const { size = [1, 1], ...rest } = options ?? {};
    const mesh = planeMesh({ size: checkedSize(size, failureToMake("decal", options)) });
    super({ drawInMainPass: "never", ...rest, mesh }, { kind: "decal", optionNames: [] });
    this.#size = [size[0]!, size[1]!];
    this.place(`Cannot make ${this.label}`);
  }

  /** Extent along its own x and y. */
  get size(): readonly [number, number] {
    return this.#size;
  }

  set size(size: ArrayLike<number>) {
    const mesh = planeMesh({ size: checkedSize(size, this.changeFailure) });
    if (size[0] === this.#size[0] && size[1] === this.#size[1]) return;
    this.lods = mesh;
    this.#size = [size[0]!, size[1]!];
  }
}

function checkedSize(value: ArrayLike<number>, failure: string): ArrayLike<number> {
  const size = checkedVector(value, { name: "size", failure, length: 2 });
  for (const extent of Array.from(size)) checkedAbove(extent, { name: "size", failure, bound: 0 });
  return size;
}
