/**
 * Writing of projects.
 *
 * @module
 */

export { jsonText } from "./json_text.ts";
export { saveFiles, saveProject, type SaveProjectOptions } from "./save_project.ts";
