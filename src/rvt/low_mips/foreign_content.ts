/**
 * What a build of low mips would replace.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { FileError } from "../../errors.ts";
import { openFileSource, openTileStore, type TileStore } from "../../sources/mod.ts";
import { bakedAssetName } from "./bake_record.ts";
import { shortened } from "./bake_settings.ts";

/**
 * What a file holds that is no bake of an asset, for messages; null if it holds one, of whatever settings, or is
 * not there.
 */
export async function foreignContent(path: string, assetName: string): Promise<string | null> {
  let store: TileStore | null = null;
  try {
    store = await openTileStore(await openFileSource(path));
    const name = bakedAssetName(store);
    if (name === assetName) return null;
    return name === null
      ? `"${shortened(store.description.source.name)}" (${shortened(store.info)})`
      : `low mips of "${shortened(name)}"`;
  } catch (error) {
    if (error instanceof FileError && error.code === "file-not-found") return null;
    return `something else: ${thrownText(error)}`;
  } finally {
    store?.close();
  }
}
