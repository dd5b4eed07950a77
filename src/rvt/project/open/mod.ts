/**
 * Making of what projects describe.
 *
 * @module
 */

export type { LoadedDeferred } from "./assemble_components.ts";
export { type AssembleOptions, assembleScene, type SceneParts } from "./assemble_scene.ts";
export {
  openProjectScene,
  type OpenProjectSceneOptions,
  ProjectScene,
} from "./open_project_scene.ts";
export { sceneNeeds } from "./scene_needs.ts";
