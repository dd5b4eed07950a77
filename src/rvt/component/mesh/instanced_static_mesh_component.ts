/**
 * One mesh at many places.
 *
 * @module
 */

import { checkedInteger, describeValue } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import {
  multiply4,
  type OrientedBox,
  sameTransforms,
  type Transform,
  transformFrom,
  transformMatrix,
  type TransformOptions,
} from "../../../geometry/mod.ts";
import type { ComponentKind } from "../primitive_component.ts";
import { MeshComponent, type MeshComponentOptions } from "./mesh_component.ts";

/** Options of {@linkcode InstancedStaticMeshComponent}. */
export interface InstancedStaticMeshOptions extends MeshComponentOptions {
  /** Where each instance stands, in the component's space; default none. */
  readonly instances?: readonly TransformOptions[];
}

/** Mesh to world of each instance, under one matrix of the component. */
interface InstancePlaces {
  readonly under: ArrayLike<number>;
  readonly list: readonly Float64Array[];
}

const KIND: ComponentKind = { kind: "instanced static mesh", optionNames: [] };

/** Draws a mesh once for each of its instances, in their order. A change of one is told alone. */
export class InstancedStaticMeshComponent extends MeshComponent {
  /** Never changed in place: boxes and draws that were handed out stay what they were. */
  #instances: readonly Transform[] = [];
  #places: InstancePlaces | null = null;

  /**
   * Makes an instanced static mesh.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: InstancedStaticMeshOptions, { kind, optionNames }: ComponentKind = KIND) {
    super(options, { kind, optionNames: ["instances", ...optionNames] });
    this.#instances = this.#checkedInstances(options.instances ?? [], 0);
    this.place(`Cannot make ${this.label}`);
  }

  /** Where each instance stands, in the component's space. Those that stay equal change nothing. */
  get instances(): readonly Transform[] {
    this.catchUp();
    return this.#instances;
  }

  set instances(transforms: readonly TransformOptions[]) {
    this.catchUp();
    this.#replaceInstances(this.#checkedInstances(transforms, 0));
  }

  /**
   * Adds instances behind the others.
   *
   * @returns The index of the first of them.
   * @throws {InvalidArgumentError} if a transform has the wrong type.
   * @throws {OutOfRangeError} if a number in it is not allowed.
   */
  addInstances(transforms: readonly TransformOptions[]): number {
    this.catchUp();
    const first = this.#instances.length;
    const added = this.#checkedInstances(transforms, first);
    this.#replaceInstances([...this.#instances, ...added]);
    return first;
  }

  /**
   * Moves one instance.
   *
   * @throws {InvalidArgumentError} if a value has the wrong type.
   * @throws {OutOfRangeError} if there is no such instance, or a number is not allowed.
   */
  updateInstance(index: number, transform: TransformOptions): void {
    this.catchUp();
    this.#checkIndex(index);
    const instance = this.#checkedInstances([transform], index)[0]!;
    this.#replaceInstances(this.#instances.with(index, instance));
  }

  /**
   * Removes one instance; those behind it keep their order.
   *
   * @throws {InvalidArgumentError} if the index is not a number.
   * @throws {OutOfRangeError} if there is no such instance.
   */
  removeInstance(index: number): void {
    this.catchUp();
    this.#checkIndex(index);
    const removed = this.boxes()[index]!;
    const { under, list } = this.#currentPlaces();
    this.#instances = this.#instances.toSpliced(index, 1);
    this.#places = { under, list: list.toSpliced(index, 1) };
    this.takeBoxes(this.boxes().toSpliced(index, 1));
    this.announceChange([removed]);
  }

  /** A place for each instance. */
  protected override placesUnder(toWorld: ArrayLike<number>): readonly Float64Array[] {
    if (toWorld === this.#places?.under) return this.#places.list;
    const list = placesOf(this.#instances, toWorld);
    if (toWorld === this.toWorld) this.#places = { under: toWorld, list };
    return list;
  }

  /** A box for each instance. Places are kept once they are drawn. */
  protected override boxesUnder(toWorld: ArrayLike<number>): readonly OrientedBox[] {
    const [own, place] = [new Float64Array(16), new Float64Array(16)];
    return this.#instances.map((instance) =>
      this.boxAt(multiply4(toWorld, transformMatrix(instance, own), place))
    );
  }

  #currentPlaces(): InstancePlaces {
    return { under: this.toWorld, list: this.placesUnder(this.toWorld) };
  }

  /**
   * Takes a list that differs in some places, and tells of these: of what lies between those at the
   * beginning and at the end that stay.
   */
  #replaceInstances(instances: readonly Transform[]): void {
    const old = this.#instances;
    const oldBoxes = this.boxes();
    const { under, list: oldPlaces } = this.#currentPlaces();
    const added = instances.length - old.length;
    const stays = new Uint8Array(old.length);
    const made: OrientedBox[] = [];
    const places: Float64Array[] = [];
    let last = -1;
    const boxes = instances.map((instance, index) => {
      // Those that stay must stay in their order, too.
      let kept = index > last && sameInstances(old[index], instance) ? index : index - added;
      if (kept <= last || !sameInstances(old[kept], instance)) kept = -1;
      places.push(kept < 0 ? multiply4(under, transformMatrix(instance)) : oldPlaces[kept]!);
      if (kept < 0) return made[made.push(this.boxAt(places.at(-1)!)) - 1]!;
      last = kept;
      stays[kept] = 1;
      return oldBoxes[kept]!;
    });
    this.checkBoxes(made, this.changeFailure);
    this.takeBoxes(boxes);
    this.#instances = instances;
    this.#places = { under, list: places };
    this.announceChange([...oldBoxes.filter((_, index) => stays[index] === 0), ...made]);
  }

  #checkIndex(index: number): void {
    const { length } = this.#instances;
    checkedInteger(index, {
      name: "index",
      failure: `Cannot find instance of ${this.label}`,
      range: [0, length - 1],
    });
  }

  /** Transforms from their options; messages count the instances from a number on. */
  #checkedInstances(transforms: readonly TransformOptions[], first: number): readonly Transform[] {
    if (Array.isArray(transforms)) {
      return transforms.map((transform, index) =>
        transform === this.#instances[first + index]
          ? this.#instances[first + index]!
          : transformFrom(transform, `Cannot place instance ${first + index} of ${this.label}`)
      );
    }
    throw new InvalidArgumentError(
      "instances",
      `Cannot place instances of ${this.label} as instances must be a list of transforms: ` +
        `current value is ${describeValue(transforms)}`,
    );
  }
}

function sameInstances(a: Transform | undefined, b: Transform): boolean {
  return a === b || (a !== undefined && sameTransforms(a, b));
}

/** Instance to world of all instances, in one buffer: there may be a million of them. */
function placesOf(instances: readonly Transform[], toWorld: ArrayLike<number>): Float64Array[] {
  const all = new Float64Array(16 * instances.length);
  const own = new Float64Array(16);
  return instances.map((instance, index) =>
    multiply4(toWorld, transformMatrix(instance, own), all.subarray(16 * index, 16 * index + 16))
  );
}
