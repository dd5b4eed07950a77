/**
 * Files of baked low mips, which builds replace: nothing else of a project may lie in one.
 *
 * @module
 */

import type { ProjectContent } from "../json/project_json.ts";
import type { ProjectFiles } from "../read/mod.ts";
import { Place } from "../schema/mod.ts";
import { type FileReference, fileReferences } from "./file_references.ts";

/** Every file of a project that no build may replace: its JSON files, and all that is read. */
export function* keptFiles(content: ProjectContent, files: ProjectFiles): Generator<FileReference> {
  for (const file of files.texts.keys()) yield { file, place: Place.ofFile(file) };
  for (const reference of fileReferences(content, files)) if (!reference.isOutput) yield reference;
}

/**
 * Checks that no volume keeps its low mips in a file that the project names for something else.
 *
 * @throws {MalformedFileError} if one does.
 */
export function checkBuilderFiles(content: ProjectContent, files: ProjectFiles): void {
  const outputs = [...fileReferences(content, files)].filter(({ isOutput }) => isOutput);
  if (outputs.length === 0) return;
  const kept = new Set([...keptFiles(content, files)].map(({ file }) => file));
  for (const { file, place } of outputs) if (kept.has(file)) refuseBuilder(place, file);
}

/** @throws {MalformedFileError} as a file of baked low mips is something else, too. */
export function refuseBuilder(place: Place, file: string): never {
  return place.refuse(
    "must be a file that is nothing else of the project, as builds replace it",
    file,
  );
}
