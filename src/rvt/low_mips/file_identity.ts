/**
 * What tells files apart without loading them.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { describeValue } from "../../checks.ts";
import { identifySource } from "../../bake/mod.ts";

/**
 * A text that is another one whenever the content of some files is, such as the identity of a
 * `DeferredComponent`. Of files of up to 8 MiB it depends on content alone; of larger ones on 64 samples of
 * it, on path, size, inode and times of change, so that a touched or moved file counts as another one.
 *
 * @param paths One, or several in an order that is always the same.
 * @throws {InvalidArgumentError} if it is not a path or a list of one or more.
 * @throws {FileError} if a file is missing or may not be read.
 * @throws {SourceReadError} if a file cannot be read.
 * @throws {UnsupportedError} where there is no file system, as in browsers.
 *
 * @example Identify a mesh and its material
 * ```ts ignore
 * import { fileIdentity } from "@forge3d/forge3d";
 *
 * const identity = await fileIdentity(["rock.glb", "rock.material.json"]);
 * ```
 */
export async function fileIdentity(paths: string | readonly string[]): Promise<string> {
  const list: readonly unknown[] = Array.isArray(paths) ? paths : [paths];
  if (list.length === 0 || !list.every((path) => typeof path === "string")) {
    throw new InvalidArgumentError(
      "paths",
      `Cannot identify files as paths must be a path or a list of one or more: current value is ${
        describeValue(paths)
      }`,
    );
  }
  const identities: unknown[] = [];
  for (const path of list as string[]) {
    const { name: _, options: __, baker: ___, ...identity } = await identifySource(path, {});
    identities.push(identity);
  }
  return JSON.stringify(identities);
}
