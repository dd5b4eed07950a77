/**
 * Folders that exist for one test.
 *
 * @module
 */

/** Calls a function with the real path of a new folder, and removes the folder afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  // With a space, which programs that build command lines have to get right.
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "forge3d test " }));
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Sorted names of the files in a folder. */
export function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}
