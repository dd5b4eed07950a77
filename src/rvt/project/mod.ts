/**
 * Projects: assets, materials and scenes as JSON files. `FORMAT.md` tells what they hold.
 *
 * @module
 */

export {
  describeScene,
  type DescribeSceneOptions,
  type SceneToDescribe,
} from "./describe/describe_scene.ts";
export type * from "./json/component_json.ts";
export type * from "./json/project_json.ts";
export { loadProject } from "./load_project.ts";
export * from "./open/mod.ts";
export { fileIn, Project, type ProjectOptions } from "./project.ts";
export { dependencyOrder, isMaterialJson } from "./read/mod.ts";
export { saveFiles, saveProject, type SaveProjectOptions } from "./write/mod.ts";
