/**
 * Bakes and loads a picture, in a folder where files may not grow as large. Prints the class, the
 * code, the path and the message of what each throws.
 */

import { bakePicture, requestDevice, VirtualTextureSystem } from "../../../src/mod.ts";

const [path = "", folder = ""] = Deno.args;

async function failureOf(work: () => Promise<unknown>) {
  try {
    await work();
    return null;
  } catch (error) {
    const { name, message, code, path } = error as Error & { code?: string; path?: string };
    return { name, message, code, path };
  }
}

const bake = await failureOf(() =>
  bakePicture(null, path, { output: `${folder}/baked.pmtiles`, format: "rgba8" })
);
using device = await requestDevice();
using system = new VirtualTextureSystem(device, { maxMemoryMb: 128, cacheFolder: folder });
const load = await failureOf(() => system.loadTexture(path, { preferredFormat: "rgba8" }));
console.log(JSON.stringify({ bake, load }));
