/**
 * Projects: what scenes are made of, as data.
 *
 * @module
 */

import { checkedString, checkOptionNames } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import type { ProjectContent, SceneJson } from "./json/project_json.ts";
import {
  checkNames,
  checkSettings,
  fileOfElement,
  NO_FILES,
  placeOfElement,
  type ProjectFiles,
  type ProjectFolder,
  type ReadProject,
} from "./read/mod.ts";
import {
  ELEMENT_SHAPES,
  LIST_NAMES,
  type ListName,
  Place,
  SETTING_NAMES,
  SETTING_SHAPES,
} from "./schema/mod.ts";
import { checkBuilderFiles } from "./write/builder_files.ts";

/** What {@linkcode Project} is made of; lists that are left out are empty. */
export type ProjectOptions = Pick<ProjectContent, "name"> & Partial<ProjectContent>;

/** Where a project comes from. */
export interface ProjectParts {
  /** The files in which its parts lie. */
  readonly files: ProjectFiles;
  /** The folder that it was read from. */
  readonly source: ProjectFolder | null;
  /** Whether its shape was checked when it was read. */
  readonly hasShape: boolean;
}

const MADE_IN_CODE: ProjectParts = Object.freeze({
  files: NO_FILES,
  source: null,
  hasShape: false,
});
const NAMES = ["name", ...LIST_NAMES, ...SETTING_NAMES];

/**
 * Textures, assets, materials and scenes as JSON, checked, with all that they name. It is immutable and
 * holds nothing on a GPU; `openProjectScene` makes what it describes.
 *
 * @example Make a project, and change it
 * ```ts
 * import { Project } from "@forge3d/forge3d";
 *
 * const project = new Project({ name: "Island", assets: [{ name: "Ground" }] });
 * const finer = project.withContent({ assets: [{ name: "Ground", sizeInTilesLog2: 10 }] });
 * finer.content.assets[0]!.sizeInTilesLog2; // 10
 * ```
 */
export class Project {
  /** All of it, wherever its parts lie. Not to be changed. */
  readonly content: ProjectContent;
  /**
   * Where its parts lie.
   *
   * @internal
   */
  readonly files: ProjectFiles;
  /**
   * The folder that it was read from; null if it was made in code.
   *
   * @internal
   */
  readonly source: ProjectFolder | null;

  /**
   * Makes a project that has no files yet.
   *
   * @param parts Of projects that were read; left out by callers.
   * @throws {InvalidArgumentError} if an option does not exist, or the name is not a string.
   * @throws {MalformedFileError} if something is not what it must be, or names what is not there; the
   * message says where, as if all of it stood in `project.json`.
   */
  constructor(options: ProjectOptions, parts: ProjectParts = MADE_IN_CODE) {
    checkOptionNames(options, { failure: "Cannot make project", names: NAMES });
    checkedString(options.name, { name: "name", failure: "Cannot make project" });
    this.files = parts.files;
    this.source = parts.source;
    const lists = LIST_NAMES.map((list) => [list, options[list] ?? []]);
    const settings = SETTING_NAMES.filter((name) => options[name] !== undefined)
      .map((name) => [name, options[name]]);
    this.content = Object.freeze({
      name: options.name,
      ...Object.fromEntries([...lists, ...settings]),
    });
    if (!parts.hasShape) this.#checkShapes();
    checkNames(this.content, this.files);
    checkSettings(this.content, this.files);
    checkBuilderFiles(this.content, this.files);
  }

  #checkShapes(): void {
    const main = Place.ofFile(this.files.main);
    if (this.name === "") main.at("name").refuse("must not be empty", "");
    for (const name of SETTING_NAMES) {
      const value = this.content[name];
      if (value !== undefined) SETTING_SHAPES[name].check(value, main.at(name));
    }
    for (const list of LIST_NAMES) {
      const elements: unknown = this.content[list];
      const place = main.at(list);
      if (!Array.isArray(elements)) place.refuse("must be a list", elements);
      (elements as readonly unknown[]).forEach((element, index) =>
        ELEMENT_SHAPES[list].check(element, place.at(index))
      );
    }
  }

  /** What messages call it. */
  get name(): string {
    return this.content.name;
  }

  /** The folder that it was read from, as it was named; null if it was made in code. */
  get folder(): string | null {
    return this.source?.path ?? null;
  }

  /**
   * The same project with other lists. Elements that keep their names stay in the files where they lie.
   *
   * @throws As the constructor does.
   */
  withContent(content: Partial<ProjectContent>): Project {
    checkOptionNames(content, { failure: "Cannot change project", names: NAMES });
    const { files, source } = this;
    return new Project({ ...this.content, ...content }, { files, source, hasShape: false });
  }

  /**
   * A scene by its name; default the only one.
   *
   * @throws {InvalidArgumentError} if the name is not a string.
   * @throws {OutOfRangeError} if there is no such scene, or no name says which of several.
   */
  scene(name?: string): SceneJson {
    const { scenes } = this.content;
    const failure = `Cannot find scene of project "${this.name}"`;
    if (name !== undefined) checkedString(name, { name: "scene", failure });
    const found = name === undefined && scenes.length === 1
      ? scenes[0]
      : scenes.find((scene) => scene.name === name);
    if (found !== undefined) return found;
    const known = scenes.map((each) => `"${each.name}"`).join(", ");
    throw new OutOfRangeError(
      "scene",
      `${failure} as ${known === "" ? "it has none" : `scene must be one of ${known}`}: ` +
        `current value is ${name === undefined ? "none" : `"${name}"`}`,
    );
  }
}

/** Where an element of a list stands, for messages. */
export function placeIn({ content, files }: Project, list: ListName, index: number): Place {
  return placeOfElement(files, { list, index, name: content[list][index]!.name });
}

/** Where a scene of the project stands, for messages. */
export function placeOfScene(project: Project, scene: SceneJson): Place {
  return placeIn(project, "scenes", project.content.scenes.indexOf(scene));
}

/** The file of an element. */
export function fileIn({ files }: Project, list: ListName, name: string): string {
  return fileOfElement(files, list, { name }) ?? files.main;
}

/** A project of what was read. */
export function projectOfRead({ content, files }: ReadProject, source: ProjectFolder): Project {
  return new Project(content, { files, source, hasShape: true });
}

/** A project that was made in code, with pictures and meshes that are in no file yet, and files from elsewhere. */
export function projectWithData(
  content: ProjectContent,
  { data, copies }: Pick<ProjectFiles, "data" | "copies">,
): Project {
  return new Project(content, { ...MADE_IN_CODE, files: { ...NO_FILES, data, copies } });
}
