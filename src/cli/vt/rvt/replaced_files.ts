/**
 * The files that builds of low mips replace: nothing else is lost.
 *
 * @module
 */

import { basename, dirname, resolve } from "node:path";
import { OutOfRangeError } from "../../../errors.ts";
import { foreignContent, type Project, type VolumeJson } from "../../../rvt/mod.ts";

/** Volumes of a scene that are to be built, by their places in it. */
export interface BuildTask {
  readonly scene: string;
  readonly volumes: readonly number[];
}

/**
 * Checks that each volume to be built has a file of its own, which is not there, or holds low mips of its asset.
 *
 * @param options `overwrite`: whether files that hold something else may be replaced.
 * @throws {OutOfRangeError} naming volumes and file if two have one, or it would be lost.
 */
export async function assertReplaceable(
  project: Project,
  tasks: readonly BuildTask[],
  { overwrite, failure }: { readonly overwrite: boolean; readonly failure: string },
): Promise<void> {
  const built = new Map<string, string>();
  for (const { scene, volumes } of tasks) {
    const all = project.scene(scene).volumes!;
    for (const at of volumes) {
      const { asset, virtualTextureBuilder: file = "" } = all[at]!;
      const label = `volume "${nameOf(all[at]!)}" of scene "${scene}"`;
      const path = await realPathOf(resolve(project.folder!, file));
      const other = built.get(path);
      if (other !== undefined) {
        throw new OutOfRangeError(
          "virtualTextureBuilder",
          `${failure} as ${other} and ${label} must have files of their own: both have ${file}`,
        );
      }
      built.set(path, label);
      const content = overwrite ? null : await foreignContent(path, asset);
      if (content === null) continue;
      throw new OutOfRangeError(
        "--overwrite",
        `${failure} of ${label} as ${file} must hold low mips of "${asset}", or --overwrite be given: ` +
          `it holds ${content}`,
      );
    }
  }
}

function nameOf({ name, asset }: VolumeJson): string {
  return name ?? asset;
}

/** Where a file really lies, or will. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : resolve(await realPathOf(folder), basename(path));
  }
}
