/**
 * What components tell the scenes that hold them, beside the changes that tiles show.
 *
 * @module
 */

/** A scene, as a component that is in it knows it. */
export interface ComponentHolder {
  /** Called after a change of its mobility. */
  mobilityChanged(): void;
}
