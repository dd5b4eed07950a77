/**
 * `deno task vt cache`: what the cache of baked textures holds, and how to make room.
 *
 * @module
 */

import { existsSync, readdirSync } from "node:fs";
import {
  listStoredTextures,
  pruneTextures,
  removeFormerTextures,
  sourceNameOf,
  type StoredTexture,
  sweepTextureFolder,
} from "../../bake/mod.ts";
import {
  CACHE_LIMIT_VARIABLE,
  cacheMaxBytes,
  requiredCacheFolder,
  textureFolder,
} from "../../cache_folder.ts";
import { checkedChoice } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { byteText } from "../byte_text.ts";
import { type Command, EXIT_DONE } from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { countText } from "../count_text.ts";
import { isTextureFile, removeOtherFolders } from "../sandbox/texture_places.ts";

const HELP = `Usage: deno task vt cache [info | prune | clear] [--json]

Pictures are baked when they are loaded, and kept in the folder textures of the cache folder:
$FORGE3D_CACHE_DIR, else forge3d in the user's cache folder. When they exceed $${CACHE_LIMIT_VARIABLE}
(such as 500M or 4G; default 10G; 0 for no limit), the least recently used ones are removed, but
never the one just baked.

  info         list the textures, the least recently used first (default)
  prune        remove the least recently used ones that exceed the limit, now
  clear        remove all of them; they are baked again when they are loaded
  --json       print one JSON object, sizes in bytes
  -h, --help   show this text`;

const ACTIONS = ["info", "prune", "clear"] as const;

/** The folders and the limit. */
interface CachePlaces {
  readonly folder: string;
  /** Where earlier versions kept textures. */
  readonly formerFolder: string;
  /** Infinity for none. */
  readonly maxBytes: number;
}

/** The command. */
export const vtCacheCommand: Command = {
  name: "vt cache",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: "Cannot work on the cache",
      options: { json: { type: "boolean" } },
    });
    const [name = "info", ...more] = positionals;
    const action = checkedChoice(name, {
      name: "ACTION",
      failure: "Cannot work on the cache",
      choices: ACTIONS,
    });
    if (more.length > 0) {
      throw new InvalidArgumentError(
        "ACTION",
        `Cannot work on the cache as only one action may be named: current value is [${
          positionals.join(", ")
        }]`,
      );
    }
    const formerFolder = requiredCacheFolder((variable) => Deno.env.get(variable));
    const places = {
      folder: textureFolder(formerFolder),
      formerFolder,
      maxBytes: cacheMaxBytes(Deno.env.get(CACHE_LIMIT_VARIABLE)),
    };
    const json = values.json ?? false;
    if (action === "info") await printCache(places, json);
    else await removeTextures(places, { maxBytes: action === "clear" ? 0 : places.maxBytes, json });
    if (action === "clear") removeOthers(places);
    return EXIT_DONE;
  },
};

async function printCache(places: CachePlaces, json: boolean): Promise<void> {
  const { folder, formerFolder, maxBytes } = places;
  const textures = await listStoredTextures(folder);
  const former = await listStoredTextures(formerFolder);
  const sources = await Promise.all(textures.map(sourceNameOf));
  const total = byteSum(textures);
  if (json) {
    console.log(JSON.stringify({
      folder,
      limit: maxBytes === Infinity ? null : maxBytes,
      total,
      textures: textures.map(({ path, byteLength, usedMs }, index) => ({
        source: sources[index],
        size: byteLength,
        last_used: new Date(usedMs).toISOString(),
        file: path,
      })),
      former: { folder: formerFolder, files: former.length, total: byteSum(former) },
    }));
    return;
  }
  for (const [index, { byteLength, usedMs }] of textures.entries()) {
    const used = new Date(usedMs).toISOString().slice(0, 16).replace("T", " ");
    const source = (sources[index] ?? "unknown source").replaceAll(/\s+/g, " ");
    console.log(`${used}  ${byteText(byteLength).padStart(9)}  ${source}`);
  }
  const limit = maxBytes === Infinity ? "without a limit" : `of at most ${byteText(maxBytes)}`;
  console.log(`${folder}: ${countText(textures.length, "texture")}, ${byteText(total)} ${limit}`);
  if (former.length > 0) {
    console.log(
      `${formerFolder}: ${countText(former.length, "texture")} of an earlier version, ${
        byteText(byteSum(former))
      }; ` +
        `removed by the next bake, prune or clear`,
    );
  }
}

async function removeTextures(
  { folder, formerFolder }: CachePlaces,
  { maxBytes, json }: { readonly maxBytes: number; readonly json: boolean },
): Promise<void> {
  await sweepTextureFolder(folder);
  const removed = [
    ...await removeFormerTextures(formerFolder),
    ...await pruneTextures(folder, { maxBytes }),
  ];
  const left = await listStoredTextures(folder);
  const freedBytes = byteSum(removed);
  if (json) {
    console.log(JSON.stringify({
      folder,
      removed: removed.length,
      freed: freedBytes,
      total: byteSum(left),
    }));
    return;
  }
  console.log(
    `${folder}: removed ${countText(removed.length, "texture")}, ${byteText(freedBytes)}; ` +
      `${countText(left.length, "texture")} left, ${byteText(byteSum(left))}`,
  );
}

/**
 * Removes the folders that scripts have left among the textures, where nobody but forge3d keeps files, and
 * tells of what stays there.
 */
function removeOthers({ folder }: CachePlaces): void {
  if (!existsSync(folder)) return;
  if (!Deno.env.get("FORGE3D_CACHE_DIR")) removeOtherFolders(folder);
  const others = readdirSync(folder).filter((name) => !isTextureFile(name)).length;
  if (others === 0) return;
  const count = countText(others, "other item");
  console.error(
    `warning: ${folder} holds ${count}, not made by forge3d: remove what is not needed`,
  );
}

function byteSum(textures: readonly StoredTexture[]): number {
  return textures.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
