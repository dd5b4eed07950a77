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
}
