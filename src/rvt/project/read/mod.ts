/**
 * Reading of projects: their files, and the names in them.
 *
 * @module
 */

export { checkNames } from "./check_names.ts";
export { checkSettings } from "./check_settings.ts";
export { isDeferred, landscapeNameOf, sceneReferences } from "./check_scene_names.ts";
export { dependencyOrder } from "./dependency_order.ts";
export {
  elementKey,
  fileOfElement,
  NO_FILES,
  placeOfElement,
  type ProjectFiles,
  type ReadFile,
} from "./project_files.ts";
export { isInside, PROJECT_FILE, ProjectFolder } from "./project_folder.ts";
export { jsonKey, type ReadProject, readProject } from "./read_project.ts";
export {
  isMaterialJson,
  materialReferences,
  nodeReferences,
  type Reference,
} from "./references.ts";
