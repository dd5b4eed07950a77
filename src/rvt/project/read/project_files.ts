/**
 * Which files a project lies in.
 *
 * @module
 */

import { type ListName, Place } from "../schema/mod.ts";
import { PROJECT_FILE } from "./project_folder.ts";

/** A file as it was read. */
export interface ReadFile {
  /** Its text, byte for byte. */
  readonly text: string;
  /** What it holds, as JSON without white space, by which a change is found. */
  readonly json: string;
}

/** Where the parts of a project lie. Immutable. */
export interface ProjectFiles {
  /** The project's own file. */
  readonly main: string;
  /** What that file holds: its fields and their order are kept. */
  readonly head: Readonly<Record<string, unknown>>;
  /** Files of elements of lists, by list and name; others lie in the project's own file. */
  readonly fileOf: ReadonlyMap<string, string>;
  /** Texts that were read, by file. */
  readonly texts: ReadonlyMap<string, ReadFile>;
  /** Pictures and meshes that are in no file yet, by the file that they will be. */
  readonly data: ReadonlyMap<string, Uint8Array>;
  /** Real paths of files that lie elsewhere, by the file that they will be. */
  readonly copies: ReadonlyMap<string, string>;
}

/** A project that was not read from files. */
export const NO_FILES: ProjectFiles = Object.freeze({
  main: PROJECT_FILE,
  head: Object.freeze({}),
  fileOf: new Map(),
  texts: new Map(),
  data: new Map(),
  copies: new Map(),
});

/** Key of an element of a list. */
export function elementKey(list: ListName, name: string): string {
  return `${list} ${name}`;
}

/** The file of an element; null if it stands in the project's own. */
export function fileOfElement(
  files: ProjectFiles,
  list: ListName,
  { name }: { readonly name: string },
): string | null {
  return files.fileOf.get(elementKey(list, name)) ?? null;
}

/** The place of an element of a list. */
export function placeOfElement(
  files: ProjectFiles,
  { list, index, name }: {
    readonly list: ListName;
    readonly index: number;
    readonly name: string;
  },
): Place {
  const file = fileOfElement(files, list, { name });
  return file === null ? Place.ofFile(files.main).at(list).at(index) : Place.ofFile(file);
}
