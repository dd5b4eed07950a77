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
  #instances: readonly Transform[];
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
    return this.#instances;
  }

  set instances(transforms: readonly TransformOptions[]) {
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
    this.#checkIndex(index);
    const removed = this.boxes()[index]!;
    const { under, list } = this.#currentPlaces();
    this.#instances = this.#instances.toSpliced(index, 1);
    this.#places = { under, list: list.toSpliced(index, 1) };
    this.replaceBoxes(this.boxes().toSpliced(index, 1), this.changeFailure);
    this.announceChange([removed]);
  }

  /** A place for each instance. */
  protected override placesUnder(toWorld: ArrayLike<number>): readonly Float64Array[] {
    if (toWorld === this.#places?.under) return this.#places.list;
    const list = this.#instances.map((instance) => multiply4(toWorld, transformMatrix(instance)));
    if (toWorld === this.toWorld) this.#places = { under: toWorld, list };
    return list;
  }

  #currentPlaces(): InstancePlaces {
    return { under: this.toWorld, list: this.placesUnder(this.toWorld) };
  }

  /**
   * Takes a list that differs in some places, and tells of these: of what lies between those at the
   * beginning and at the end that stay.
   */
  #replaceInstances(instances: readonly Transform[]): void {
    const oldBoxes = this.boxes();
    const { under, list: oldPlaces } = this.#currentPlaces();
    const added = instances.length - oldPlaces.length;
    const gone = new Set(oldPlaces.keys());
    const made: OrientedBox[] = [];
    const places: Float64Array[] = [];
    let last = -1;
    const boxes = instances.map((instance, index) => {
      const place = multiply4(under, transformMatrix(instance));
      // Those that stay must stay in their order, too.
      const kept = [index, index - added].find((old) =>
        old > last && samePlaces(oldPlaces[old], place)
      );
      places.push(kept === undefined ? place : oldPlaces[kept]!);
      if (kept === undefined) return made[made.push(this.boxAt(place)) - 1]!;
      last = kept;
      gone.delete(kept);
      return oldBoxes[kept]!;
    });
    this.replaceBoxes(boxes, this.changeFailure);
    this.#instances = instances;
    this.#places = { under, list: places };
    this.announceChange([...[...gone].map((index) => oldBoxes[index]!), ...made]);
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
        transformFrom(transform, `Cannot place instance ${first + index} of ${this.label}`)
      );
    }
    throw new InvalidArgumentError(
      "instances",
      `Cannot place instances of ${this.label} as instances must be a list of transforms: ` +
        `current value is ${describeValue(transforms)}`,
    );
  }
}

function samePlaces(a: Float64Array | undefined, b: Float64Array): boolean {
  return a !== undefined && b.every((number, i) => number === a[i]);
}
