/**
 * Checks of scenes and projects, and what mends their materials.
 *
 * @module
 */

export { checkProject, type CheckProjectOptions } from "./check_project.ts";
export type { Finding, FindingCode, FindingSeverity } from "./finding.ts";
export { findMaterials, type FoundMaterial } from "./materials/find_materials.ts";
export {
  type FixedMaterials,
  fixMaterials,
  type SampleTypeChange,
} from "./materials/fix_materials.ts";
export type { InstanceMisfit } from "./materials/instance_types.ts";
export { type NamedVolume, type SharedBuilder, sharedBuilders } from "./shared_builders.ts";
export { checkScene } from "./scene/check_scene.ts";
export type { SceneToCheck } from "./scene/checked_scene.ts";
