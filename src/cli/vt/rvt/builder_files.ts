/**
 * Files for baked low mips. Pure.
 *
 * @module
 */

import { OutOfRangeError } from "../../../errors.ts";
import { type Project, type SceneJson, sharedBuilders } from "../../../rvt/mod.ts";
import type { BuildTask } from "./replaced_files.ts";

/** The folder of baked low mips in projects. */
export const BAKES_FOLDER = "bakes";

/**
 * Checks that no other volume has the file of one that is to be built.
 *
 * @throws {OutOfRangeError} naming the volumes and the file.
 */
export function assertOwnFiles(
  project: Project,
  tasks: readonly BuildTask[],
): void {
  for (const { volumes, message } of sharedBuilders(project.content)) {
    const isBuilt = tasks.some((task) =>
      volumes.some(({ scene, at }) => scene === task.scene && task.volumes.includes(at))
    );
    if (!isBuilt) continue;
    throw new OutOfRangeError("virtualTextureBuilder", `Cannot build low mips. ${message}`);
  }
}

/**
 * A project in which some volumes have files for their low mips; the same project if they all had.
 *
 * @param tasks The volumes.
 * @param present Names of files that are in the folder of baked low mips, whatever they hold.
 */
export function withBuilders(
  project: Project,
  tasks: readonly BuildTask[],
  present: readonly string[],
): Project {
  const { scenes, streamedTextures } = project.content;
  const taken = new Set(present.map((name) => `${BAKES_FOLDER}/${name.toLowerCase()}`));
  for (const { file } of streamedTextures) taken.add(file);
  for (const { volumes = [] } of scenes) {
    for (const { virtualTextureBuilder: file } of volumes) if (file !== undefined) taken.add(file);
  }
  const takenBefore = taken.size;
  const changed = scenes.map((scene): SceneJson => {
    const named = tasks.find((task) => task.scene === scene.name)?.volumes ?? [];
    const volumes = (scene.volumes ?? []).map((volume, at) => {
      if (!named.includes(at) || volume.virtualTextureBuilder !== undefined) return volume;
      const file = fileFor(`${scene.name}_${volume.name ?? volume.asset}`, taken);
      taken.add(file);
      return { ...volume, virtualTextureBuilder: file };
    });
    return named.length === 0 ? scene : { ...scene, volumes };
  });
  return taken.size === takenBefore ? project : project.withContent({ scenes: changed });
}

/** A path that nothing has, of characters that every system takes. */
function fileFor(name: string, taken: ReadonlySet<string>): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_|_$/g, "");
  const base = `${BAKES_FOLDER}/${plain.slice(0, 64) || "unnamed"}`;
  for (let number = 1;; number++) {
    const path = `${base}${number === 1 ? "" : `_${number}`}.pmtiles`;
    if (!taken.has(path)) return path;
  }
}
