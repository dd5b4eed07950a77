/**
 * Plants, stones or decals, scattered by a seed.
 *
 * @module
 */

import { type Mesh, planeMesh, type Transform } from "../../../geometry/mod.ts";
import type { ComponentOptions } from "../component_options.ts";
import { InstancedStaticMeshComponent } from "../mesh/instanced_static_mesh_component.ts";
import { type ScatterOptions, scatterTransforms } from "./scatter.ts";

/** Options of {@linkcode FoliageComponent}. */
export interface FoliageOptions extends ComponentOptions {
  /** A mesh, or its levels of detail; default a flat square of extent 1, for scattered decals. */
  readonly mesh?: Mesh | readonly Mesh[];
  /** Where its instances stand, in the component's space. */
  readonly scatter: ScatterOptions;
}

/**
 * Draws a mesh at scattered places. When the landscape that they lie on changes, so do they, until
 * instances are changed one by one: from then on they stay where they are put.
 */
export class FoliageComponent extends InstancedStaticMeshComponent {
  #scatter: ScatterOptions;
  /** The instances, if they still are those that were scattered. */
  #scattered: readonly Transform[];
  #stopFollowingLandscape: (() => void) | null = null;

  /**
   * Makes foliage.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: FoliageOptions) {
    const { scatter, mesh = planeMesh(), ...rest } = options ?? {};
    const instances = scatterTransforms(scatter, "Cannot make foliage");
    super({ ...rest, mesh, instances }, { kind: "foliage", optionNames: [] });
    this.#scatter = scatter;
    this.#scattered = this.instances;
    this.#followLandscape();
  }

  /** How its instances were scattered. New options scatter them again. */
  get scatter(): ScatterOptions {
    return this.#scatter;
  }

  set scatter(scatter: ScatterOptions) {
    this.instances = scatterTransforms(scatter, this.changeFailure);
    this.#scatter = scatter;
    this.#scattered = this.instances;
    this.#followLandscape();
  }

  #followLandscape(): void {
    this.#stopFollowingLandscape?.();
    this.#stopFollowingLandscape = this.#scatter.onto?.subscribe(() => {
      if (this.instances !== this.#scattered) return;
      this.instances = scatterTransforms(this.#scatter, this.changeFailure);
      this.#scattered = this.instances;
    }) ?? null;
  }
}
