/**
 * Saving of projects.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedInstance,
  checkedString,
  checkOptionNames,
} from "../../../checks.ts";
import { requireDeno } from "../../../deno_runtime.ts";
import { FileError, SourceChangedError } from "../../../errors.ts";
import { Project } from "../project.ts";
import type { ProjectFiles, ProjectFolder } from "../read/mod.ts";
import { fileReferences } from "./file_references.ts";
import { OutputFolder } from "./output_folder.ts";
import { projectTexts } from "./project_texts.ts";

/** Options of {@linkcode saveProject}. */
export interface SaveProjectOptions {
  /**
   * Whether JSON files that somebody has edited since the project was loaded are written over; default false:
   * they are an error.
   */
  readonly overwrite?: boolean;
}

/**
 * Saves a project. What is as it was loaded is written byte for byte as it was: a project that is loaded and
 * saved is the same. Into another folder the pictures, meshes, textures and baked low mips that it names are
 * copied; of these alone some may be missing. Each file appears whole or not at all, and those that hold the
 * same bytes already are left alone.
 *
 * @param folder Made if it is not there.
 * @returns The files that were written, in order, from the folder on.
 * @throws {InvalidArgumentError} if the project is none, the folder is not a string, an option does not exist
 * or has the wrong type.
 * @throws {SourceChangedError} if somebody has edited a JSON file of the folder since the project was loaded from
 * it; nothing is written then.
 * @throws {FileError} if a file that is to be copied is missing, or one would be written outside of the
 * folder, through a link.
 * @throws {BakeError} if a file cannot be written.
 */
export async function saveProject(
  project: Project,
  folder: string,
  options: SaveProjectOptions = {},
): Promise<string[]> {
  const written: string[] = [];
  const failure = "Cannot save project";
  checkOptionNames(options, { failure, names: ["overwrite"] });
  const { overwrite = false } = options;
  checkedBoolean(overwrite, { name: "overwrite", failure });
  await saveFiles(project, folder, { overwrite, onWritten: (file) => written.push(file) });
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
  { overwrite = false, onWritten }: SaveProjectOptions & {
    readonly onWritten: (file: string) => void;
  },
): Promise<void> {
  const failure = "Cannot save project";
  checkedInstance(project, { name: "project", failure, kind: Project });
  checkedString(folder, { name: "folder", failure });
  const { content, files, source } = project;
  const output = await OutputFolder.openFolder(folder);
  const texts = projectTexts(content, files);
  const home = source?.isAt(output.root) === true ? source : null;
  if (home !== null && !overwrite) await assertUnedited(texts, { files, home, output });
  const copied = new Map<string, string>();
  // All of them are found before anything is written.
  for (const { file, place: named, isOutput = false } of fileReferences(content, files)) {
    const place = named.failing(failure);
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
  for (const [file, text] of texts) {
    if (await output.writeFile(file, new TextEncoder().encode(text))) onWritten(file);
    home?.noteWritten(file, text);
  }
}

/** Files that hold neither what was read or written last, nor what is to be written, were edited. */
async function assertUnedited(
  texts: ReadonlyMap<string, string>,
  { files, home, output }: {
    readonly files: ProjectFiles;
    readonly home: ProjectFolder;
    readonly output: OutputFolder;
  },
): Promise<void> {
  for (const [file, text] of texts) {
    const known = home.writtenText(file) ?? files.texts.get(file)?.text;
    if (known === undefined || !await output.holdsOther(file, [text, known])) continue;
    throw new SourceChangedError(
      file,
      `Cannot save project as ${file} was edited since the project was loaded: load it again and change ` +
        `that, or save with overwrite`,
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  return await requireDeno().stat(path).then((info) => info.isFile, () => false);
}
