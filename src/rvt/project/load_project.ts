/**
 * Loading of projects.
 *
 * @module
 */

import { checkedString } from "../../checks.ts";
import { type Project, projectOfRead } from "./project.ts";
import { ProjectFolder, readProject } from "./read/mod.ts";

/**
 * Loads a project: its JSON files, which are checked with all names in them. Pictures, meshes and textures
 * are loaded when a scene is opened. Nothing outside of its folder is read, through links neither, and what
 * it holds is data: of code, there is WGSL alone.
 *
 * @param path The project's folder, which holds `project.json`, or a JSON file in a folder.
 * @throws {InvalidArgumentError} if the path is not a string.
 * @throws {FileError} if a file is missing, or cannot be read.
 * @throws {MalformedFileError} if a file is not JSON, lies outside of the folder, is larger than 64 MiB, or
 * says something that it must not; the message names file and place, such as
 * `scenes/main.json: components[3].material`.
 * @throws {UnsupportedError} if the project has another version, and where there is no file system.
 */
export async function loadProject(path: string): Promise<Project> {
  checkedString(path, { name: "path", failure: "Cannot read project" });
  const { folder, main } = await ProjectFolder.openFolder(path);
  return projectOfRead(await readProject(folder, main), folder);
}
