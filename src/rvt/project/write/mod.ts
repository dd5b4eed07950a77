/**
 * Writing of projects.
 *
 * @module
 */

export { jsonText } from "./json_text.ts";
export { saveFiles, saveProject } from "./save_project.ts";
