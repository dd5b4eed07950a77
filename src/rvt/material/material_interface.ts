/**
 * What components hold: a material, or an instance of one.
 *
 * @module
 */

/** A material, or an instance of one with parameters of its own. */
export interface MaterialInterface {
  /** What messages call it. */
  readonly name: string;
  /**
   * Calls a function after every change of a parameter or of the graph.
   *
   * @returns A function that ends this.
   */
  subscribe(listener: () => void): () => void;
}
