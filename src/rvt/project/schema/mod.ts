/**
 * What files of projects may hold: shapes that check them and tell their JSON Schema. Pure.
 *
 * @module
 */

export { PROJECT_LIMITS, type ProjectLimits } from "./limits.ts";
export { Place } from "./place.ts";
export {
  ELEMENT_SHAPES,
  LIST_NAMES,
  type ListName,
  PROJECT,
  PROJECT_FORMAT,
  PROJECT_VERSION,
  projectSchema,
} from "./project_shape.ts";
export { SETTING_NAMES, SETTING_SHAPES } from "./setting_shapes.ts";
export type { JsonSchema, Shape } from "./shape.ts";
