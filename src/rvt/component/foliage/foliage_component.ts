/**
 * Plants, stones or decals, scattered by a seed.
 *
 * @module
 */

import { failureToMake } from "../../../checks.ts";
import { type Mesh, type OrientedBox, planeMesh, type Transform } from "../../../geometry/mod.ts";
import type { ComponentOptions } from "../component_options.ts";
import { ChangedArea } from "../landscape/changed_area.ts";
import { LandscapeFollower } from "../landscape/landscape_follower.ts";
import { InstancedStaticMeshComponent } from "../mesh/instanced_static_mesh_component.ts";
import { type ScatterOptions, type ScatterPlaces, scatterPlaces } from "./scatter.ts";

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
  #places: ScatterPlaces;
  /** The instances, if they still are those that were scattered. */
  #scattered: readonly Transform[];
  readonly #follower = new LandscapeFollower((boxes) => this.#standAgain(boxes));

  /**
   * Makes foliage.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: FoliageOptions) {
    const { scatter, mesh = planeMesh(), ...rest } = options ?? {};
    const failure = failureToMake("foliage", options);
    const places = scatterPlaces(scatter, { name: "scatter", failure });
    super({ ...rest, mesh, instances: places.placed(scatter) }, {
      kind: "foliage",
      optionNames: [],
    });
    this.#scatter = scatter;
    this.#places = places;
    this.#scattered = this.instances;
    this.#followLandscape();
  }

  /** How its instances were scattered. New options scatter them again. */
  get scatter(): ScatterOptions {
    return this.#scatter;
  }

  set scatter(scatter: ScatterOptions) {
    const places = scatterPlaces(scatter, { name: "scatter", failure: this.changeFailure });
    this.instances = places.placed(scatter);
    this.#scatter = scatter;
    this.#places = places;
    this.#scattered = this.instances;
    this.#followLandscape();
  }

  /** Follows the landscape that it was scattered onto. */
  protected override followOthers(isListenedTo: boolean): void {
    this.#follower.isFollowing = isListenedTo;
  }

  /** Stands on the landscape as it is now. */
  protected override catchUp(): void {
    this.#follower.catchUp();
  }

  #followLandscape(): void {
    this.#follower.landscape = this.#scatter.onto ?? null;
  }

  #standAgain(boxes: readonly OrientedBox[] | null): void {
    if (this.instances !== this.#scattered) return;
    // Another place may have ground below it now.
    if (boxes === null) this.scatter = this.#scatter;
    else this.#layDownAgain(new ChangedArea(this.#scatter.onto!, { boxes, reach: 0 }));
  }

  #layDownAgain(area: ChangedArea): void {
    this.instances = this.#scattered.map((instance, index) =>
      area.meets([instance.position]) ? this.#places.placedAt(index, this.#scatter) : instance
    );
    this.#scattered = this.instances;
  }
}
