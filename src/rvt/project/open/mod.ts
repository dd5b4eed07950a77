/**
 * Making of what projects describe.
 *
 * @module
 */

export { type AssembleOptions, assembleScene, type SceneParts } from "./assemble_scene.ts";
export { openScene, type OpenSceneOptions, ProjectScene } from "./open_scene.ts";
