/**
 * A mesh that a skeleton would move.
 *
 * @module
 */

import { MeshComponent, type MeshComponentOptions } from "./mesh_component.ts";

/** Draws a mesh that has a skeleton, in its bind pose. */
export class SkeletalMeshComponent extends MeshComponent {
  /**
   * Makes a skeletal mesh.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: MeshComponentOptions) {
    super(options, { kind: "skeletal mesh", optionNames: [] });
    this.place(`Cannot make ${this.label}`);
  }

  /** The base's warnings, and that the pose does not change. */
  override warnings(): string[] {
    return [...super.warnings(), `${this.label} is rendered in its bind pose`];
  }
}
