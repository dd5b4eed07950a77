/**
 * A mesh that changes its shape.
 *
 * @module
 */

import { checkedInteger, describeValue, failureToMake } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import { checkedMesh, type Mesh } from "../../../geometry/mod.ts";
import type { ComponentOptions } from "../component_options.ts";
import { MeshComponent } from "./mesh_component.ts";

/** Options of {@linkcode AnimatedMeshComponent}. */
export interface AnimatedMeshOptions extends ComponentOptions {
  /** The shapes that the mesh takes, at least one. */
  readonly frames: readonly Mesh[];
}

/** Draws one of several meshes; the scene decides when which one. */
export class AnimatedMeshComponent extends MeshComponent {
  readonly #frames: readonly Mesh[];
  #frame = 0;

  /**
   * Makes an animated mesh that shows its first frame.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: AnimatedMeshOptions) {
    const { frames, ...rest } = options ?? {};
    const failure = failureToMake("animated mesh", options);
    if (!Array.isArray(frames) || frames.length === 0) {
      throw new InvalidArgumentError(
        "frames",
        `${failure} as frames must be a list of one or more meshes: current value is ` +
          describeValue(frames),
      );
    }
    super({ ...rest, mesh: frames[0]! }, { kind: "animated mesh", optionNames: [] });
    this.#frames = Object.freeze(frames.map((mesh) => checkedMesh(mesh, failure)));
    this.place(`Cannot make ${this.label}`);
  }

  /** The shapes that the mesh takes. */
  get frames(): readonly Mesh[] {
    return this.#frames;
  }

  /** Which of the frames is drawn, 0 the first. */
  get frame(): number {
    return this.#frame;
  }

  set frame(frame: number) {
    const range = [0, this.#frames.length - 1] as const;
    checkedInteger(frame, { name: "frame", failure: this.changeFailure, range });
    this.lods = this.#frames[frame]!;
    this.#frame = frame;
  }

  /** The base's warnings, and that frames cost. */
  override warnings(): string[] {
    return [
      ...super.warnings(),
      `${this.label} is animated: with each frame, runtime virtual textures are rendered again`,
    ];
  }
}
