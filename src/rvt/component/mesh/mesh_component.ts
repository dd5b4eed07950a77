/**
 * What components that draw a mesh have in common.
 *
 * @module
 */

import { describeValue } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import {
  checkedMesh,
  type Mesh,
  type OrientedBox,
  orientedBoxOf,
  type WorldBounds,
} from "../../../geometry/mod.ts";
import type { ComponentDraw } from "../component_draw.ts";
import type { ComponentOptions } from "../component_options.ts";
import { type ComponentKind, PrimitiveComponent } from "../primitive_component.ts";

/** Options of components that draw a mesh. */
export interface MeshComponentOptions extends ComponentOptions {
  /** A mesh, or its levels of detail, finest first. */
  readonly mesh: Mesh | readonly Mesh[];
}

/** A component that draws a mesh once, or at several places. */
export abstract class MeshComponent extends PrimitiveComponent {
  #lods: readonly Mesh[];
  #bounds: WorldBounds;

  /**
   * Takes the mesh. The class that extends this calls {@linkcode place} once its fields are set.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  protected constructor(options: MeshComponentOptions, { kind, optionNames }: ComponentKind) {
    super(options, { kind, optionNames: ["mesh", ...optionNames] });
    this.#lods = checkedLods(options.mesh, `Cannot make ${this.label}`);
    this.#bounds = boundsOfAll(this.#lods);
  }

  /** Its levels of detail, finest first. Takes a single mesh as well. */
  get lods(): readonly Mesh[] {
    return this.#lods;
  }

  set lods(meshes: Mesh | readonly Mesh[]) {
    const lods = checkedLods(meshes, this.changeFailure);
    if (lods.length === this.lods.length && lods.every((mesh, i) => mesh === this.lods[i])) return;
    const oldBoxes = this.boxes();
    const oldLods = this.#lods;
    this.#lods = lods;
    this.#bounds = boundsOfAll(lods);
    try {
      this.place(this.changeFailure);
    } catch (error) {
      this.#lods = oldLods;
      this.#bounds = boundsOfAll(oldLods);
      throw error;
    }
    this.announceChange([...oldBoxes, ...this.boxes()]);
  }

  /** Levels of detail. */
  get lodCount(): number {
    return this.#lods.length;
  }

  /** Computes the boxes, and checks them. */
  protected place(failure: string): void {
    this.replaceBoxes(this.boxesUnder(this.toWorld), failure);
  }

  /** Mesh to world of each place where the mesh stands, if object to world were a matrix. */
  protected placesUnder(toWorld: ArrayLike<number>): readonly ArrayLike<number>[] {
    return [toWorld];
  }

  /** The box of the mesh, whatever its LOD, at one place. */
  protected boxAt(meshToWorld: ArrayLike<number>): OrientedBox {
    return orientedBoxOf(this.#bounds, meshToWorld);
  }

  /** A box for each place. */
  protected override boxesUnder(toWorld: ArrayLike<number>): readonly OrientedBox[] {
    return this.placesUnder(toWorld).map((place) => this.boxAt(place));
  }

  /** The mesh, with all places as instances. */
  protected override drawsAt(lod: number): readonly ComponentDraw[] {
    const instances = this.placesUnder(this.toWorld);
    if (instances.length === 0) return [];
    return [{ kind: "mesh", mesh: this.#lods[lod]!, material: this.material, instances }];
  }
}

function checkedLods(value: Mesh | readonly Mesh[], failure: string): readonly Mesh[] {
  const meshes: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (meshes.length > 0) return Object.freeze(meshes.map((mesh) => checkedMesh(mesh, failure)));
  throw new InvalidArgumentError(
    "mesh",
    `${failure} as mesh must be a mesh or a list of one or more: current value is ` +
      describeValue(value),
  );
}

/** LODs that are given need not lie within the finest one. */
function boundsOfAll(lods: readonly Mesh[]): WorldBounds {
  const extreme = (pick: (...numbers: number[]) => number, end: "min" | "max", axis: number) =>
    pick(...lods.map(({ bounds }) => bounds[end][axis]!));
  const corner = (pick: (...numbers: number[]) => number, end: "min" | "max") =>
    [0, 1, 2].map((axis) => extreme(pick, end, axis)) as unknown as WorldBounds["min"];
  return { min: corner(Math.min, "min"), max: corner(Math.max, "max") };
}
