import { createHash } from "node:crypto";
import { join } from "node:path";

/** A fetched file. */
export interface Fetched {
  /** The body. */
  readonly bytes: Uint8Array;
  /** The header `Content-Type`, empty if there was none; spelled as Python reads it. */
  readonly content_type: string;
}

/** Files that never change under their address. */
const IMMUTABLE = /\.(whl|metadata)([?#]|$)/;

/** How to fetch. */
export interface FetchOptions {
  /** True to take copies only. */
  readonly isOffline?: boolean;
  /** A header for one address and all below it; it is part of no name under which a copy is kept. */
  readonly credentials?: { readonly url: string; readonly authorization: string };
}

/**
 * Fetches over HTTP and keeps a copy: of wheels for good, of anything else for times without a
 * network.
 *
 * @param folder Where copies are kept; null keeps none.
 */
export function cachedFetch(
  folder: string | null,
  { isOffline = false, credentials }: FetchOptions = {},
): (url: string, accept: string) => Promise<Fetched> {
  return async (url, accept) => {
    const path = folder &&
      join(folder, createHash("sha256").update(`${accept} ${url}`).digest("hex"));
    if (path && (isOffline || IMMUTABLE.test(url))) {
      const copy = await readCopy(path);
      if (copy) return copy;
    }
    if (isOffline) throw new Error(`there is no copy of ${url}`);
    let response: Response;
    try {
      const isOwn = credentials !== undefined && url.startsWith(`${credentials.url}/`);
      const headers = isOwn ? { accept, authorization: credentials.authorization } : { accept };
      response = await fetch(url, { headers });
    } catch (error) {
      const copy = path ? await readCopy(path) : null;
      if (copy) return copy;
      throw error;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`${url} answered ${response.status} ${response.statusText}`);
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    const fetched = { bytes, content_type: response.headers.get("content-type") ?? "" };
    if (path && folder) await writeCopy(folder, path, fetched);
    return fetched;
  };
}

async function readCopy(path: string): Promise<Fetched | null> {
  try {
    const bytes = await Deno.readFile(path);
    const end = bytes.indexOf(0);
    return {
      content_type: new TextDecoder().decode(bytes.subarray(0, end)),
      bytes: bytes.subarray(end + 1),
    };
  } catch {
    return null;
  }
}

/**
 * A copy is the content type, a NUL and the bytes, in one file that appears whole or not at all.
 */
async function writeCopy(folder: string, path: string, fetched: Fetched): Promise<void> {
  const partial = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.mkdir(folder, { recursive: true });
    const head = new TextEncoder().encode(`${fetched.content_type}\0`);
    await Deno.writeFile(partial, new Blob([head, fetched.bytes as BlobPart]).stream());
    await Deno.rename(partial, path);
  } catch {
    await Deno.remove(partial).catch(() => {});
  }
}
