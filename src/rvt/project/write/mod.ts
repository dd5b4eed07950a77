/**
 * Writing of projects.
 *
 * @module
 */

export { jsonText } from "./json_text.ts";
export { saveProject } from "./save_project.ts";
