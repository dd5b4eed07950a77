/**
 * A mesh at one place.
 *
 * @module
 */

import { MeshComponent, type MeshComponentOptions } from "./mesh_component.ts";

/** Draws a mesh once. */
export class StaticMeshComponent extends MeshComponent {
  /**
   * Makes a static mesh.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: MeshComponentOptions) {
    super(options, { kind: "static mesh", optionNames: [] });
    this.place(`Cannot make ${this.label}`);
  }
}
