/**
 * What tells the files of a project apart.
 *
 * @module
 */

import { identifyContent } from "../../../bake/mod.ts";
import type { Project } from "../project.ts";
import type { Place } from "../schema/mod.ts";
import { SceneInputs } from "./scene_inputs.ts";

/** Tells files apart by their content, wherever they lie; each is looked at once. */
export class FileContents {
  readonly #project: Project;
  readonly #known = new Map<string, Promise<string>>();

  constructor(project: Project) {
    this.#project = project;
  }

  /**
   * A text that is another one whenever the content of a file is; see `identifyContent`.
   *
   * @throws {FileError} if it is missing.
   * @throws {MalformedFileError} if it lies outside of the project's folder.
   */
  async identityOf(file: string, place: Place): Promise<string> {
    let identity = this.#known.get(file);
    if (identity === undefined) this.#known.set(file, identity = this.#identify(file, place));
    return await identity;
  }

  async #identify(file: string, place: Place): Promise<string> {
    const data = this.#project.files.data.get(file);
    if (data !== undefined) return await identifyContent(data);
    return await identifyContent(await new SceneInputs(this.#project).realPathOf(file, place));
  }
}
