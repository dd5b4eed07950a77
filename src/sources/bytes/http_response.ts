/**
 * Parses the answers of web servers to range requests (RFC 9110, sections 10.2.3 and 14).
 *
 * @module
 */

/** A `Content-Range` header of bytes. */
export interface ContentRange {
  /** First byte, or null in an answer that the range cannot be served. */
  readonly first: number | null;
  /** Last byte, itself included, or null. */
  readonly last: number | null;
  /** Bytes of the whole resource, or null if the server does not say. */
  readonly total: number | null;
}

/** Reads a `Content-Range` header; null if there is none or it is not of bytes. */
export function parseContentRange(header: string | null): ContentRange | null {
  const match = /^\s*bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)\s*$/i.exec(header ?? "");
  if (match === null) return null;
  const number = (text: string | undefined) =>
    text === undefined || text === "*" ? null : Number(text);
  return { first: number(match[1]), last: number(match[2]), total: number(match[3]) };
}

/** The wait that a `Retry-After` header asks for, in milliseconds; null if it asks for none. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/**
 * Reads a body of at most `length` bytes.
 *
 * @returns The bytes, or null if the body is longer: reading stops then.
 */
export async function readBody(response: Response, length: number): Promise<Uint8Array | null> {
  const out = new Uint8Array(length);
  const reader = response.body?.getReader();
  let filled = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    if (filled + value.byteLength > length) {
      await reader.cancel();
      return null;
    }
    out.set(value, filled);
    filled += value.byteLength;
  }
  return out.subarray(0, filled);
}
