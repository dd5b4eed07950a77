/**
 * What a Python script may do: read and write where the user stands, read its own folder, and
 * nothing else that it was not given.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CACHE_FOLDER_VARIABLES, CACHE_LIMIT_VARIABLE } from "../../cache_folder.ts";
import { DECODER_VARIABLE, PICTURE_LIMIT_VARIABLES } from "../../picture_variables.ts";
import type { PyCommand } from "../py/py_options.ts";
import { closedPaths, linksOnTheWay } from "./closed_paths.ts";
import {
  type CodeFolders,
  isShared,
  isTooWide,
  outputFolder,
  whyNotWritable,
} from "./code_folders.ts";
import { type FolderSearch, searchFolder, whyUnsafe } from "./folder_search.ts";
import { bothPaths, isInside, linkTarget, realPathOf } from "./paths.ts";
import type { Grants } from "./permission_flags.ts";
import { privateFolderOf } from "./private_folder.ts";
import type { ScriptContext } from "./script_context.ts";
import { texturePlaces } from "./texture_places.ts";

/** Environment variables that every script sees. */
export const SCRIPT_ENVIRONMENT: readonly string[] = [
  ..."COLUMNS FORCE_COLOR LANG LC_ALL LC_CTYPE LINES NO_COLOR TEMP TERM TMP TMPDIR TZ".split(" "),
  ..."PYTHONIOENCODING PYTHONOPTIMIZE PYTHONPATH PYTHONUNBUFFERED PYTHONWARNINGS".split(" "),
  ...CACHE_FOLDER_VARIABLES,
  ...PICTURE_LIMIT_VARIABLES,
  DECODER_VARIABLE,
  CACHE_LIMIT_VARIABLE,
];

/** Characters of a reason that are shown. */
const MOST_REASON = 600;

/** A folder that a script would write if nothing spoke against it. */
export interface ReadOnlyFolder {
  readonly folder: string;
  readonly reason: string;
}

/** The rights of a script, and why they are not wider. */
export interface ScriptGrants extends Grants {
  /** The working folder, the cache of baked textures and the output folder, where not written. */
  readonly readOnly: readonly ReadOnlyFolder[];
  /** Why the working folder cannot be written, or null if it can. */
  readonly readOnlyReason: string | null;
}

/**
 * Works out what a script may do.
 *
 * @throws {SyntaxError} if an option would let it write where code lies that runs outside of the
 * sandbox; the message names the reason.
 */
export function scriptGrants(command: PyCommand, context: ScriptContext): ScriptGrants {
  const { working, temporary, runtime } = context;
  const { options } = command;
  const given = (paths: readonly string[]) =>
    paths.flatMap((path) => bothPaths(resolve(working, path)));
  for (const path of given(options.write)) checkWritable(path, context);
  const searches = new Map<string, FolderSearch>();
  const search = (path: string): FolderSearch => {
    const found = searches.get(path) ?? searchFolder(path);
    searches.set(path, found);
    return found;
  };
  const named = given(options.write);
  const readOnly: ReadOnlyFolder[] = [];
  const candidates = ownPlaces(context, readOnly);
  const names = [working, temporary, ...candidates, ...named].flatMap(bothPaths);
  const whyNot = (folder: string, others: readonly string[]) =>
    whyNotWritable(folder, context) ?? whyShared(folder) ??
      whyUnsafe(search(folder), {
        places: [folder, privateFolderOf(temporary), ...named, ...others].map(realPathOf),
        names,
      });
  const isWritten = (folder: string, others: readonly string[]) => {
    const reason = whyNot(folder, others);
    if (reason !== null) readOnly.push({ folder, reason: shortened(reason) });
    return reason === null;
  };
  const own = candidates.filter((folder) => isWritten(folder, []));
  const here = [working].filter((folder) => isWritten(folder, own));
  const write = [
    ...[temporary, ...own].flatMap(bothPaths),
    ...named,
    ...here.flatMap(bothPaths),
  ];
  const places = [...readableFolder(working, context), ...scriptPlaces(command, context)];
  const read = [
    ...places.flatMap(bothPaths),
    ...given([...options.read, ...command.packages.filter(isWheelPath)]),
    ...runtime,
    ...write,
  ];
  const ways = unique(places.flatMap(linksOnTheWay))
    .filter((way) => places.some((place) => isInside(way, place)));
  const searched = unique([...[...places, ...own].flatMap(bothPaths), ...ways]).map(search);
  const closed = closedPaths(searched, {
    readable: read.map(realPathOf),
    named: given([...options.read, ...options.write]),
    ways,
  });
  return {
    read: unique(read),
    write: unique(write),
    closed,
    net: options.net,
    env: unique([...SCRIPT_ENVIRONMENT, ...options.env]),
    readOnly,
    readOnlyReason: readOnly.find(({ folder }) => folder === working)?.reason ?? null,
  };
}

/** What a script may write besides, if nothing speaks against it. */
function ownPlaces(context: ScriptContext, readOnly: ReadOnlyFolder[]): string[] {
  const output = outputFolder(context);
  const isInProject = isInside(realPathOf(context.working), realPathOf(context.project));
  const { places, ledAway } = texturePlaces(context);
  if (ledAway !== null) {
    const reason = "a link leads to it from a folder that scripts write";
    readOnly.push({ folder: ledAway, reason });
  }
  return [...places, ...(isInProject ? [output] : [])].filter((folder) => {
    const isLink = linkTarget(folder) !== null;
    if (isLink) readOnly.push({ folder, reason: "it is a link" });
    return !isLink;
  });
}

function checkWritable(path: string, context: ScriptContext): void {
  const reason = whyNotWritable(path, context);
  if (reason === null) return;
  throw new SyntaxError(
    `Cannot run Python as scripts must not write ${path}: ${reason}. Name a folder in which nothing ` +
      "lies that is run outside of the sandbox",
  );
}

function whyShared(folder: string): string | null {
  return isShared(folder) ? "all users of the system share it" : null;
}

/** A folder, or if that is too much, the files in it that are not hidden. */
function readableFolder(folder: string, context: CodeFolders): string[] {
  if (!isTooMuch(folder, context)) return [folder];
  return filesIn(folder).filter((path) => !/[/\\]\.[^/\\]*$/.test(path));
}

/** The script and the folder that it imports its siblings from. */
function scriptPlaces({ program }: PyCommand, context: ScriptContext): string[] {
  if (program?.kind !== "script") return [];
  const script = resolve(context.working, program.target);
  const folders = unique(bothPaths(script).map((path) => dirname(path)));
  return [
    script,
    ...folders.flatMap((folder) =>
      isTooMuch(folder, context) ? filesIn(folder).filter((path) => path.endsWith(".py")) : [folder]
    ),
  ];
}

function isTooMuch(folder: string, context: CodeFolders): boolean {
  return isTooWide(folder, context) || isShared(folder);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

/** True if a package is named as a file. */
export function isWheelPath(name: string): boolean {
  return name.endsWith(".whl") && !/^\w+:\/\//.test(name);
}

/** A text without the middle, if it names a path that nobody reads to its end. */
function shortened(text: string): string {
  const half = MOST_REASON / 2;
  return text.length <= MOST_REASON ? text : `${text.slice(0, half)}…${text.slice(-half)}`;
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}
