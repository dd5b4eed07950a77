/**
 * Files in which several volumes of a project keep their low mips. Pure.
 *
 * @module
 */

import type { ProjectContent } from "../project/mod.ts";

/** A volume of a project. */
interface NamedVolume {
  readonly scene: string;
  /** Its number in the scene. */
  readonly at: number;
  readonly name: string;
  readonly asset: string;
}

/**
 * A file that more than one volume names as its builder.
 *
 * @internal
 */
export interface SharedBuilder {
  /** From the project's folder on. */
  readonly file: string;
  /** Two or more. */
  readonly volumes: readonly NamedVolume[];
  /** What is wrong with it. */
  readonly message: string;
}

/**
 * The files that more than one volume names, of one scene or of several.
 *
 * @internal
 */
export function sharedBuilders({ scenes }: Pick<ProjectContent, "scenes">): SharedBuilder[] {
  const byFile = new Map<string, NamedVolume[]>();
  for (const { name: scene, volumes = [] } of scenes) {
    for (const [at, { name = "volume", asset, virtualTextureBuilder: file }] of volumes.entries()) {
      if (file === undefined) continue;
      const named = byFile.get(file) ?? [];
      byFile.set(file, named);
      named.push({ scene, at, name, asset });
    }
  }
  return [...byFile].filter(([, volumes]) => volumes.length > 1).map(([file, volumes]) => {
    const names = volumes.map(({ scene, name }) => `"${name}" of scene "${scene}"`).join(" and ");
    const message =
      `Volumes ${names} name one file for their low mips, ${file}: each build of one ` +
      `replaces those of the other. Name another file, or none, in all but one of them`;
    return { file, volumes, message };
  });
}
