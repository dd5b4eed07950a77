/**
 * Projects: what scenes are made of, as data.
 *
 * @module
 */

import { checkedString, checkOptionNames } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import { frozenCopy, frozenList } from "./frozen_json.ts";
import type { ProjectContent, SceneJson } from "./json/project_json.ts";
import {
  checkNames,
  checkSettings,
  elementKey,
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
  /** All of it, wherever its parts lie. Frozen, and shares nothing with what it was made of. */
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
    if (!parts.hasShape) checkShapes(options, Place.ofFile(this.files.main));
    const lists = LIST_NAMES.map((list) => [list, frozenList<unknown>(options[list] ?? [])]);
    const settings = SETTING_NAMES.filter((name) => options[name] !== undefined)
      .map((name) => [name, frozenCopy(options[name])]);
    this.content = Object.freeze({
      name: options.name,
      ...Object.fromEntries([...lists, ...settings]),
    });
    checkNames(this.content, this.files);
    checkSettings(this.content, this.files);
    checkBuilderFiles(this.content, this.files);
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
   * The same project with other lists. Elements that keep their names stay in the files where they lie, and
   * so do those of which nothing but the name is another one.
   *
   * @throws As the constructor does.
   */
  withContent(content: Partial<ProjectContent>): Project {
    checkOptionNames(content, { failure: "Cannot change project", names: NAMES });
    const { files: before, source } = this;
    const options = { ...this.content, ...content };
    const changed = new Project(options, { files: before, source, hasShape: false });
    const files = filesFor(before, this.content, changed.content);
    if (files === before) return changed;
    return new Project(changed.content, { files, source, hasShape: true });
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

function checkShapes(options: ProjectOptions, main: Place): void {
  if (options.name === "") main.at("name").refuse("must not be empty", "");
  for (const name of SETTING_NAMES) {
    const value = options[name];
    if (value !== undefined) SETTING_SHAPES[name].check(value, main.at(name));
  }
  for (const list of LIST_NAMES) {
    const elements: unknown = options[list] ?? [];
    const place = main.at(list);
    if (!Array.isArray(elements)) place.refuse("must be a list", elements);
    (elements as readonly unknown[]).forEach((element, index) =>
      ELEMENT_SHAPES[list].check(element, place.at(index))
    );
  }
}

/** The files of a project with other lists: elements that have got another name, and are the same, keep theirs. */
function filesFor(files: ProjectFiles, before: ProjectContent, now: ProjectContent): ProjectFiles {
  const renamedFiles = new Map<string, string>();
  for (const list of LIST_NAMES) {
    const [old, elements]: [readonly Named[], readonly Named[]] = [before[list], now[list]];
    if (old === elements) continue;
    const [oldNames, names] = [namesOf(old), namesOf(elements)];
    const added = new Map(
      elements.filter(({ name }) => !oldNames.has(name)).map((one) => [unnamedKey(one), one.name]),
    );
    for (const one of added.size === 0 ? [] : old) {
      const file = fileOfElement(files, list, one);
      const renamed = file === null || names.has(one.name) ? undefined : added.get(unnamedKey(one));
      if (renamed === undefined) continue;
      added.delete(unnamedKey(one));
      renamedFiles.set(elementKey(list, renamed), file!);
    }
  }
  if (renamedFiles.size === 0) return files;
  return { ...files, fileOf: new Map([...files.fileOf, ...renamedFiles]) };
}

type Named = { readonly name: string };

function namesOf(elements: readonly Named[]): Set<string> {
  return new Set(elements.map(({ name }) => name));
}

/** What an element is, but for its name. */
function unnamedKey(element: Named): string {
  return JSON.stringify({ ...element, name: "" });
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
