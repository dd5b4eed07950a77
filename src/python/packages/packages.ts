/**
 * Packages for scripts: wheels from disk, and names from Pyodide's distribution or a package index.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import type { PyodideAPI } from "pyodide";
import { PackageError } from "../../errors.ts";
import { cachedFetch, type Fetched } from "./fetch_cache.ts";
import { sitePackages } from "./site_packages.ts";
import INSTALL from "./install_packages.py" with { type: "text" };

/** The package index that pip uses by default; its host is named after it. */
const DEFAULT_INDEX = "PyPI";
const DEFAULT_INDEX_URL = `https://${DEFAULT_INDEX.toLowerCase()}.org/simple`;

const INSTALLER = "micropip";
/**
 * The installer's wheels by the SHA-256 of their bytes, as pip's own index has them: the distribution
 * builds its own. It runs before the script and outside of its limits, so no index may exchange it.
 */
const INSTALLER_SHA256: Readonly<Record<string, string>> = {
  "micropip-0.11.1-py3-none-any.whl":
    "768de165adb8e66906039d8fec4127a57f522dfdf8e6fbff877a4616941ecfd3",
};
const SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";

/** How to add packages. */
export interface PackageOptions {
  /** Folder that relative paths of wheels start from. */
  readonly folder: string;
  /** Where downloads are kept; null keeps none. */
  readonly cacheFolder: string | null;
  /** Address of a package index. Default: pip's own. */
  readonly indexUrl?: string | undefined;
  /** The header `Authorization` for the index. Default: none. */
  readonly authorization?: string | undefined;
  /**
   * `fetch` only fills the cache folder and runs nothing of a package; `offline` installs from there
   * without a network. Default: both in one.
   */
  readonly mode?: "fetch" | "offline";
}

interface Installer {
  describe_wheel(bytes: Uint8Array): TextList;
  unmet_requirements(bytes: Uint8Array, present: unknown): TextList;
  install(requirements: unknown, indexUrl: string, fetch: FetchFunction): Promise<void>;
  fetch_all(requirements: unknown, indexUrl: string, fetch: FetchFunction): Promise<TextList>;
}

/** A Python list of strings. */
interface TextList {
  toJs(): string[];
  destroy(): void;
}

type FetchFunction = (url: string, accept: string) => Promise<Fetched>;

/**
 * Adds packages, with what they need, to a running interpreter.
 *
 * A name that ends in `.whl` is a file. Other names are looked for in Pyodide's distribution, then
 * in the package index.
 *
 * @throws {PackageError} if one cannot be found or fetched; it names the package and where it was
 * looked for.
 */
export async function addPackages(
  pyodide: PyodideAPI,
  names: readonly string[],
  options: PackageOptions,
): Promise<void> {
  if (names.length === 0) return;
  const installer = installerOf(pyodide);
  const wanted: string[] = [];
  const present: string[] = [];
  for (const name of names) {
    if (name.endsWith(".whl") && !/^\w+:\/\//.test(name)) {
      wanted.push(...await addWheel(pyodide, installer, { name, present, options }));
    } else if (!await addFromDistribution(pyodide, name)) {
      wanted.push(name);
    }
  }
  if (wanted.length === 0) return;
  const indexUrl = (options.indexUrl || DEFAULT_INDEX_URL).replace(/\/+$/, "");
  const { authorization } = options;
  const downloads = options.cacheFolder && join(options.cacheFolder, "downloads");
  const fetch = cachedFetch(downloads, {
    isOffline: options.mode === "offline",
    ...(authorization === undefined ? {} : { credentials: { url: indexUrl, authorization } }),
  });
  await addInstaller(pyodide, { indexUrl, fetch, wanted });
  const requirements = pyodide.toPy(wanted);
  try {
    if (options.mode === "fetch") {
      const ofDistribution = taken(await installer.fetch_all(requirements, indexUrl, fetch));
      for (const name of ofDistribution) await addFromDistribution(pyodide, name);
    } else {
      await installer.install(requirements, indexUrl, fetch);
    }
  } catch (cause) {
    throw unavailable(wanted, lastLine(cause), cause);
  } finally {
    requirements.destroy();
  }
}

/**
 * Unpacks a wheel, unless packages are only fetched, and answers what it still needs. Its project is
 * added to those that are present.
 */
async function addWheel(
  pyodide: PyodideAPI,
  installer: Installer,
  { name, present, options }: { name: string; present: string[]; options: PackageOptions },
): Promise<string[]> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(resolve(options.folder, name));
  } catch (cause) {
    throw new PackageError(
      name,
      `Cannot add wheel ${name} as it cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  const others = pyodide.toPy(present);
  try {
    const [project = "", ...platforms] = taken(installer.describe_wheel(bytes));
    if (!platforms.some((platform) => /^(any|(py)?(emscripten|odide)_\w+)$/.test(platform))) {
      throw new PackageError(
        name,
        `Cannot add wheel ${name} as it must be for any platform or for Pyodide: it is for ` +
          `${platforms.join(", ") || "none"}`,
      );
    }
    const unmet = taken(installer.unmet_requirements(bytes, others));
    if (options.mode !== "fetch") unpackWheel(pyodide, bytes);
    present.push(project);
    return unmet;
  } catch (cause) {
    if (cause instanceof PackageError) throw cause;
    throw new PackageError(name, `Cannot add wheel ${name}: ${lastLine(cause)}`, { cause });
  } finally {
    others.destroy();
  }
}

/** The strings of a Python list, which is then destroyed. */
function taken(list: TextList): string[] {
  const strings = list.toJs();
  list.destroy();
  return strings;
}

/** Adds a package of Pyodide's distribution; false if it lacks the package or cannot be reached. */
async function addFromDistribution(pyodide: PyodideAPI, name: string): Promise<boolean> {
  const canonical = name.toLowerCase().replaceAll(/[-_.]+/g, "-");
  if (!Object.hasOwn(pyodide.lockfile.packages, canonical)) return false;
  try {
    await pyodide.loadPackage(canonical, { messageCallback: ignore, errorCallback: ignore });
  } catch {
    return false;
  }
  return canonical in pyodide.loadedPackages;
}

function ignore(): void {}

/** Adds micropip: from the distribution, else the same version from the index. */
async function addInstaller(
  pyodide: PyodideAPI,
  { indexUrl, fetch, wanted }: {
    indexUrl: string;
    fetch: FetchFunction;
    wanted: readonly string[];
  },
): Promise<void> {
  if (await addFromDistribution(pyodide, INSTALLER)) return;
  const locked = pyodide.lockfile.packages[INSTALLER]!;
  try {
    const page = await fetch(`${indexUrl}/${INSTALLER}/`, SIMPLE_JSON);
    const { files } = JSON.parse(new TextDecoder().decode(page.bytes)) as {
      files: { filename: string; url: string }[];
    };
    const name = basename(locked.file_name);
    const file = files.find(({ filename }) => filename === name);
    if (!file) throw new Error(`${indexUrl} has no ${name}`);
    const url = new URL(file.url, `${indexUrl}/${INSTALLER}/`).href;
    const { bytes } = await fetch(url, "*/*");
    if (createHash("sha256").update(bytes).digest("hex") !== INSTALLER_SHA256[name]) {
      throw new Error(`${url} is not the ${name} that is known`);
    }
    unpackWheel(pyodide, bytes);
  } catch (cause) {
    throw unavailable(wanted, (cause as Error).message, cause);
  }
}

function unavailable(names: readonly string[], reason: string, cause: unknown): PackageError {
  const list = names.join(", ");
  return new PackageError(
    list,
    `Cannot add ${list} from Pyodide's distribution or the package index: ${reason}. Check the ` +
      "name and the network, or pass a wheel as --with ./x.whl",
    { cause },
  );
}

/** The last line of a Python traceback says what went wrong. */
function lastLine(error: unknown): string {
  const { message } = error as Error;
  const lines = message.trim().split("\n").map((line) => line.trim()).filter(Boolean);
  const told = lines.findLast((line) => /^[\w.]+: /.test(line)) ?? lines.at(-1) ?? "";
  return told.replace(/^(\w+\.)*\w+(Error|Exception): /, "").replace(/\.$/, "");
}

function unpackWheel(pyodide: PyodideAPI, bytes: Uint8Array): void {
  pyodide.unpackArchive(bytes as Uint8Array<ArrayBuffer>, "wheel", {
    extractDir: sitePackages(pyodide),
  });
}

function installerOf(pyodide: PyodideAPI): Installer {
  pyodide.FS.writeFile(join(sitePackages(pyodide), "_forge3d_packages.py"), INSTALL);
  return pyodide.pyimport("_forge3d_packages") as Installer;
}
