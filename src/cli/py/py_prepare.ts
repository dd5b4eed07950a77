/**
 * The process that prepares the interpreter and fetches packages. It may write the folder that later
 * starts read, so it runs nothing that is not the project's or the interpreter's own.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PackageError } from "../../errors.ts";
import { EXIT_DONE, EXIT_FAILED } from "../../exit_codes.ts";
import { EMPTY_INPUT, outputStream, PythonHost, snapshotName } from "../../python/mod.ts";
import { packageIndex } from "./package_index.ts";

/** The folder of the package `forge3d`; it must have the path that scripts see. */
const PACKAGE = fileURLToPath(new URL("../../../py", import.meta.url));

/** What to prepare. */
export interface PrepareSettings {
  /** The folder to fill. */
  readonly cacheFolder: string;
  /** Name of the file in it that says that it is filled. */
  readonly mark: string;
  /** A folder for temporary files. */
  readonly temporary: string;
  /** Folder that relative paths of wheels start from. */
  readonly folder: string;
  /** Packages to fetch. */
  readonly packages: readonly string[];
}

async function prepare(settings: PrepareSettings): Promise<number> {
  const { cacheFolder, temporary, folder, packages } = settings;
  const host = await PythonHost.start({
    streams: {
      stdin: EMPTY_INPUT,
      stdout: outputStream(Deno.stdout),
      stderr: outputStream(Deno.stderr),
    },
    // The project may lie in the folder that the interpreter has its own temporary files in.
    environment: { TMPDIR: temporary },
    folder: import.meta.dirname!,
    cacheFolder,
    view: { paths: [cacheFolder, PACKAGE, temporary], rootFolders: [] },
    onFirstStart: () => {
      if (Deno.stderr.isTerminal()) console.error("Preparing Python for the first time…");
    },
  });
  try {
    host.compilePackage();
    const { url: indexUrl, authorization } = packageIndex(Deno.env.get("PIP_INDEX_URL"));
    await host.addPackages(packages, {
      folder,
      cacheFolder,
      indexUrl,
      ...(authorization === null ? {} : { authorization }),
      mode: "fetch",
    });
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.error(`error: ${error.message}`);
    return EXIT_FAILED;
  } finally {
    await host.close();
  }
  writeMark(settings);
  return EXIT_DONE;
}

/** Names the interpreter's memory in the mark. Where nothing can be written, nothing is prepared. */
function writeMark({ cacheFolder, mark }: PrepareSettings): void {
  try {
    Deno.writeTextFileSync(join(cacheFolder, mark), snapshotName());
  } catch {
    // Python starts without it, in seconds instead of a third of one.
  }
}

if (import.meta.main) Deno.exit(await prepare(JSON.parse(Deno.args[0]!) as PrepareSettings));
