/**
 * What components ask and tell the scenes that hold them, beside the changes that tiles show.
 *
 * @module
 */

import type { MaterialWriter } from "../material/material_dependencies.ts";

/** A scene, as a component that is in it knows it. */
export interface ComponentHolder {
  /**
   * Called before a component gets another material or other textures to be rendered to.
   *
   * @param failure What cannot be done if it may not have them.
   * @throws {InvalidArgumentError} if one of the textures is none that scenes place.
   * @throws {OutOfRangeError} if a texture would be filled with samples of itself; the component stays as it is.
   */
  assertMayWrite(writer: MaterialWriter, failure: string): void;
  /** Called after a change of its mobility. */
  mobilityChanged(): void;
}
