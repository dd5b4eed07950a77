/**
 * Reads the JSON files of a project, and puts what they hold together.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import { MalformedFileError, UnsupportedError } from "../../../errors.ts";
import type { ProjectContent } from "../json/project_json.ts";
import {
  ELEMENT_SHAPES,
  LIST_NAMES,
  type ListName,
  Place,
  PROJECT,
  PROJECT_FORMAT,
  PROJECT_VERSION,
  SETTING_NAMES,
} from "../schema/mod.ts";
import { elementKey, type ProjectFiles, type ReadFile } from "./project_files.ts";
import type { ProjectFolder } from "./project_folder.ts";
import { repeatedField } from "./repeated_field.ts";

/** A project as it was read. */
export interface ReadProject {
  readonly content: ProjectContent;
  readonly files: ProjectFiles;
}

/** An element of a list. */
type Element = Readonly<Record<string, unknown>> & { readonly name: string };

/**
 * Reads a project's files. What they hold has the shapes that it must have; whether names are known is
 * not looked at.
 *
 * @throws {FileError} if a file is missing, or cannot be read.
 * @throws {MalformedFileError} if a file is not JSON, lies outside of the folder, is too large, or does not
 * hold what it must.
 * @throws {UnsupportedError} if the project has another version.
 */
export async function readProject(folder: ProjectFolder, main: string): Promise<ReadProject> {
  const texts = new Map<string, ReadFile>();
  const fileOf = new Map<string, string>();
  const place = Place.ofFile(main);
  const head = await readJson(folder, { file: main, place, texts }) as Record<string, unknown>;
  assertVersion(head, place);
  PROJECT.check(head, place);
  const lists: Partial<Record<ListName, Element[]>> = {};
  for (const list of LIST_NAMES) {
    const elements = lists[list] = [] as Element[];
    const named = (head[list] ?? []) as (string | Element)[];
    for (const [index, one] of named.entries()) {
      if (typeof one !== "string") {
        elements.push(one);
        continue;
      }
      const at = place.at(list).at(index);
      if (texts.has(one)) throw at.error(`names ${one}, which the project names already`);
      const element = await readJson(folder, { file: one, place: at, texts });
      ELEMENT_SHAPES[list].check(element, Place.ofFile(one));
      elements.push(element as Element);
      fileOf.set(elementKey(list, (element as Element).name), one);
    }
  }
  const settings = SETTING_NAMES.filter((name) => Object.hasOwn(head, name))
    .map((name) => [name, head[name]]);
  const content = {
    name: head.name,
    ...lists,
    ...Object.fromEntries(settings),
  } as unknown as ProjectContent;
  const fields = { ...head, ...emptyLists(head) };
  const files = { main, head: fields, fileOf, texts, data: new Map(), copies: new Map() };
  return { content, files };
}

/** The lists that a project's own file has, empty: of those, only the order of fields is kept. */
function emptyLists(head: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    LIST_NAMES.filter((list) => Object.hasOwn(head, list)).map((list) => [list, []]),
  );
}

/** Before anything else: what is said about fields means nothing of another version. */
function assertVersion(head: Readonly<Record<string, unknown>> | null, { file }: Place): void {
  if (head?.format !== PROJECT_FORMAT || !Number.isInteger(head.version)) return;
  if (head.version === PROJECT_VERSION) return;
  throw new UnsupportedError(
    "version",
    `Cannot read project as version in ${file} must be ${PROJECT_VERSION}: ` +
      `current value is ${head.version}`,
  );
}

async function readJson(
  folder: ProjectFolder,
  { file, place, texts }: {
    readonly file: string;
    readonly place: Place;
    readonly texts: Map<string, ReadFile>;
  },
): Promise<unknown> {
  const text = await folder.readText(file, place);
  const json = text.replace(/^\ufeff/, "");
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new MalformedFileError(
      file,
      `Cannot read project as ${file} is not JSON: ${thrownText(cause)}`,
      { cause },
    );
  }
  const repeated = repeatedField(json, Place.ofFile(file));
  if (repeated !== null) throw repeated.error("must stand once in its object");
  texts.set(file, { text, json: jsonKey(value) });
  return value;
}

/** What a value is, for comparison. */
export function jsonKey(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // It nests too deep for the stack, so that its shape will refuse it.
    return "";
  }
}
