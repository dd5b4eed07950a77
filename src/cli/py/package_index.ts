/**
 * Where packages come from.
 *
 * The launcher asks, and must not load the interpreter for that.
 *
 * @module
 */

/** The package index that pip uses by default; its host is named after it. */
const DEFAULT_INDEX_URL = `https://${"PyPI".toLowerCase()}.org/simple`;
/** Where that index keeps its files, and where Pyodide keeps its distribution. */
const FILES_URL = "https://files.pythonhosted.org";
const DISTRIBUTION_URL = "https://cdn.jsdelivr.net";

/** A package index. */
export interface PackageIndex {
  /** Its address, without a slash at the end, and without the credentials that it may have named. */
  readonly url: string;
  /** The header `Authorization` for it, or null. */
  readonly authorization: string | null;
}

/** The index at an address such as `PIP_INDEX_URL` gives, or pip's own for none. */
export function packageIndex(address: string | undefined): PackageIndex {
  const url = URL.parse(address || DEFAULT_INDEX_URL);
  if (url === null) return { url: address!, authorization: null };
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const pair = [username, password].map(decodeURIComponent).join(":");
  const authorization = username === "" ? null : `Basic ${btoa(pair)}`;
  return { url: url.href.replace(/\/+$/, ""), authorization };
}

/** Hosts that packages come from, each with its port. */
export function packageHosts(names: readonly string[], index: PackageIndex): string[] {
  const urls = [index.url, FILES_URL, DISTRIBUTION_URL, ...names.flatMap(urlsIn)];
  return [...new Set(urls.flatMap(hostOf))];
}

function hostOf(address: string): string[] {
  const url = URL.parse(address);
  if (!url?.hostname) return [];
  return [`${url.hostname}:${url.port || (url.protocol === "http:" ? 80 : 443)}`];
}

/** The addresses in a requirement, such as `name @ https://…`. */
function urlsIn(name: string): string[] {
  return /https?:\/\/\S+/.exec(name) ?? [];
}
