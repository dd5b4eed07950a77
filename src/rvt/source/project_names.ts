/**
 * What projects call the streaming virtual textures that they load, whose own names are paths of a machine.
 *
 * @module
 */

import type { StreamedTexture } from "../../streaming/mod.ts";

const names = new WeakMap<StreamedTexture, string>();

/** Notes what a project calls a texture that was loaded for it. */
export function noteProjectName(texture: StreamedTexture, name: string): void {
  names.set(texture, name);
}

/** What its project calls a texture; its own name if there is none. */
export function projectNameOf(texture: StreamedTexture): string {
  return names.get(texture) ?? texture.name;
}
