/**
 * What those who only refer to a runtime virtual texture know of it.
 *
 * @module
 */

import type { MaterialTypeName } from "./material_type.ts";

/** A runtime virtual texture by its name and what it stores. */
export interface RuntimeVirtualTextureLike {
  /** What messages call it. */
  readonly name: string;
  /** What it stores. */
  readonly materialType: MaterialTypeName;
  /**
   * Calls a function after every change, until the function that it returns is called. Without it, nothing
   * hears that the type has changed.
   */
  subscribe?(listener: () => void): () => void;
}
