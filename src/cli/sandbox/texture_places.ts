/**
 * The folder of baked textures, which all scripts write.
 *
 * @module
 */

import { readdirSync, unlinkSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { textureFolder } from "../../cache_folder.ts";
import { outputFolder } from "./code_folders.ts";
import { searchFolder } from "./folder_search.ts";
import { bothPaths, isInside, linkTarget, realPathOf } from "./paths.ts";
import { isTooDeep, openFolders, removeWhole } from "./remove_whole.ts";
import type { ScriptContext } from "./script_context.ts";

/** Files that the cache makes. */
const OWN_FILE = /^[0-9a-f]{40}\.(pmtiles|used|lock)/;

/** True of the names of files that forge3d makes among the textures. */
export function isTextureFile(name: string): boolean {
  return OWN_FILE.test(name);
}

/** What the places depend on. */
type Places = Pick<ScriptContext, "cache" | "working" | "project">;

/**
 * The paths of the folder. The user may have made a link of the cache's folder; but one that lies
 * where scripts write may be somebody else's.
 *
 * @returns `ledAway` is a path that is not among them for that reason.
 */
export function texturePlaces(
  context: Places,
): { readonly places: readonly string[]; readonly ledAway: string | null } {
  const { cache, working } = context;
  if (cache === null) return { places: [], ledAway: null };
  const real = realPathOf(cache);
  const isLedAway = [working, outputFolder(context)].flatMap(bothPaths).some((place) =>
    isInside(cache, place) && !isInside(real, realPathOf(place))
  );
  if (isLedAway) return { places: [], ledAway: textureFolder(cache) };
  return { places: [...new Set([cache, real])].map(textureFolder), ledAway: null };
}

/**
 * Removes from the folder what a script may have left to keep others from writing it: files that have
 * another name elsewhere, where their content stays, and folders that are too deep to be searched. Folders
 * there are opened for the user.
 *
 * @param options `isOwn`: whether nobody but forge3d keeps files there. Else only those that it names
 * itself are removed.
 */
export function tidyTexturePlaces(context: Places, { isOwn }: { readonly isOwn: boolean }): void {
  for (const place of texturePlaces(context).places) {
    if (linkTarget(place) !== null) continue;
    let found = searchFolder(place);
    if (found.unsearched.length > 0) {
      if (isOwn) openFolders(place);
      removeDeepFolders(place, found.unsearched);
      found = searchFolder(place);
    }
    if (isOwn && found.unsearched.length > 0) {
      removeOtherFolders(place);
      found = searchFolder(place);
    }
    for (const path of found.sharedFiles) {
      if (isOwn || isTextureFile(basename(path))) unlinkIfAllowed(path);
    }
  }
}

/** Removes the folders in a place that paths do not reach to the end of. */
function removeDeepFolders(place: string, unsearched: readonly string[]): void {
  for (const path of unsearched.filter(isTooDeep)) {
    const [first = ""] = relative(place, path).split(sep);
    // The place itself may lie deep.
    if (first !== "" && !isTooDeep(join(place, first))) removeIfAllowed(join(place, first));
  }
}

/**
 * Removes all folders that lie in a folder of baked textures; forge3d makes none there.
 *
 * @returns How many could not be removed.
 */
export function removeOtherFolders(place: string): number {
  const folders = readdirSync(place, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory()
  );
  return folders.filter(({ name }) => !removeIfAllowed(join(place, name))).length;
}

function removeIfAllowed(path: string): boolean {
  try {
    removeWhole(path);
    return true;
  } catch {
    return false;
  }
}

function unlinkIfAllowed(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The folder stays read only, and scripts are told why.
  }
}
