/**
 * The JSON files of a project, as they are to be written. Pure.
 *
 * @module
 */

import type { ProjectContent } from "../json/project_json.ts";
import { fileOfElement, jsonKey, type ProjectFiles } from "../read/mod.ts";
import { LIST_NAMES, PROJECT_FORMAT, PROJECT_VERSION, SETTING_NAMES } from "../schema/mod.ts";
import { jsonText } from "./json_text.ts";

/**
 * Texts by file. Parts that are as they were read have the very text that was read; elements that lie in
 * files of their own stay there.
 */
export function projectTexts(content: ProjectContent, files: ProjectFiles): Map<string, string> {
  const texts = new Map<string, string>();
  const lists = Object.fromEntries(
    LIST_NAMES.map((list) => [
      list,
      content[list].map((element) => {
        const file = fileOfElement(files, list, element);
        if (file === null) return element;
        texts.set(file, textFor(file, element, files));
        return file;
      }),
    ]),
  );
  const head: Record<string, unknown> = {
    format: PROJECT_FORMAT,
    version: PROJECT_VERSION,
    name: content.name,
  };
  // Fields that were there keep their order, empty lists, too.
  const fields: Record<string, unknown> = { ...files.head, ...head };
  for (const list of LIST_NAMES) {
    if (lists[list]!.length > 0 || Object.hasOwn(files.head, list)) fields[list] = lists[list];
  }
  for (const name of SETTING_NAMES) {
    if (content[name] === undefined) delete fields[name];
    else fields[name] = content[name];
  }
  texts.set(files.main, textFor(files.main, fields, files));
  return texts;
}

function textFor(file: string, value: unknown, { texts }: ProjectFiles): string {
  const read = texts.get(file);
  return read !== undefined && read.json !== "" && read.json === jsonKey(value)
    ? read.text
    : jsonText(value);
}
