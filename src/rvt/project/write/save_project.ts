/**
 * Saving of projects.
 *
 * @module
 */

import { checkedInstance, checkedString } from "../../../checks.ts";
import { requireDeno } from "../../../deno_runtime.ts";
import { FileError } from "../../../errors.ts";
import { Project } from "../project.ts";
import { fileReferences } from "./file_references.ts";
import { OutputFolder } from "./output_folder.ts";
import { projectTexts } from "./project_texts.ts";

/**
 * Saves a project. What is as it was loaded is written byte for byte as it was: a project that is loaded and
 * saved is the same. Into another folder the pictures, meshes, textures and baked low mips that it names are
 * copied; of these alone some may be missing. Each file appears whole or not at all, and those that hold the same bytes already are left alone.
 *
 * @param folder Made if it is not there.
 * @returns The files that were written, in order, from the folder on.
 * @throws {InvalidArgumentError} if the project is none, or the folder is not a string.
 * @throws {FileError} if a file that is to be copied is missing, or one would be written outside of the
 * folder, through a link.
 * @throws {BakeError} if a file cannot be written.
 */
export async function saveProject(project: Project, folder: string): Promise<string[]> {
  const written: string[] = [];
  await saveFiles(project, folder, { onWritten: (file) => written.push(file) });
  return written;
}

/**
 * As {@linkcode saveProject}, and tells of each file as soon as it is written, so that it is known which ones are
 * if a later one cannot be.
 *
 * @internal
 */
export async function saveFiles(
  project: Project,
  folder: string,
  { onWritten }: { readonly onWritten: (file: string) => void },
): Promise<void> {
  const failure = "Cannot save project";
  checkedInstance(project, { name: "project", failure, kind: Project });
  checkedString(folder, { name: "folder", failure });
  const { content, files, source } = project;
  const output = await OutputFolder.openFolder(folder);
  const copied = new Map<string, string>();
  // All of them are found before anything is written.
  for (const { file, place, isOutput = false } of fileReferences(content, files)) {
    if (copied.has(file) || files.data.has(file)) continue;
    const elsewhere = files.copies.get(file);
    if (elsewhere !== undefined) {
      copied.set(file, elsewhere);
      continue;
    }
    if (isOutput) {
      const path = await source?.outputPathOf(file, place) ?? null;
      if (path !== null && await isFile(path)) copied.set(file, path);
      continue;
    }
    if (source === null) {
      throw new FileError(
        "file-not-found",
        file,
        `${failure} as ${place} names ${file}, and the project was made in code, without files`,
      );
    }
    copied.set(file, await source.realPathOf(file, place));
  }
  for (const [file, path] of copied) if (await output.copyFile(file, path)) onWritten(file);
  for (const [file, bytes] of files.data) {
    if (await output.writeFile(file, bytes)) onWritten(file);
  }
  // The project's own file comes last, when all that it names is there.
  for (const [file, text] of projectTexts(content, files)) {
    if (await output.writeFile(file, new TextEncoder().encode(text))) onWritten(file);
  }
}

async function isFile(path: string): Promise<boolean> {
  return await requireDeno().stat(path).then((info) => info.isFile, () => false);
}
