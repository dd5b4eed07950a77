/**
 * Textures for materials.
 *
 * @module
 */

import { MaterialTexture, type MaterialTextureOptions } from "../../../src/rvt/material/mod.ts";
import { randomBytes } from "../../helpers/random.ts";

/** A texture of one colour. */
export function plainTexture(name: string, color: readonly number[]): MaterialTexture {
  return new MaterialTexture({
    name,
    width: 1,
    height: 1,
    colorSpace: "linear",
    texels: Uint8Array.from(color),
  });
}

/** A texture of random texels. */
export function randomTexture(
  name: string,
  options: Partial<MaterialTextureOptions> & { readonly seed: number },
): MaterialTexture {
  const { seed, ...rest } = { width: 16, height: 8, ...options };
  const texels = randomBytes(4 * rest.width * rest.height, seed);
  return new MaterialTexture({ name, texels, ...rest });
}
