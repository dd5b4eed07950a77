/**
 * Checks whether the baked low mips that a project names can be there.
 *
 * @module
 */

import { builderWarning } from "../low_mips/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import { type Finding, finding } from "./finding.ts";

/** Volumes that stream low mips of which none were built, or whose file holds something else. */
export async function checkBakes(
  volumes: readonly RuntimeVirtualTextureVolume[],
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { name, asset, settings } of volumes) {
    const { streamingLowMips, virtualTextureBuilder: builder } = settings;
    if (streamingLowMips === 0) continue;
    const about = { volumeName: name, textureName: asset.name, builder };
    const warning = await builderWarning(about);
    if (warning !== null) found.push(finding("stale_bake", [name, asset.name], warning));
  }
  return found;
}
