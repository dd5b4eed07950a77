/**
 * Checks a PMTiles archive before its reader trusts it.
 *
 * @module
 */

/** Most bytes of one directory, decompressed. */
export const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;
/** Most bytes of the metadata, decompressed: room for the checksums of about six million tiles. */
export const MAX_METADATA_BYTES = 64 * 2 ** 20;

const NONE = 1;
const GZIP = 2;
/** A directory entry is four integers of at least a byte each. */
const ENTRY_BYTES = 4;

/** Decompresses metadata, or passes tiles on as they are. */
export function gunzipCapped(bytes: ArrayBuffer, compression: number): Promise<ArrayBuffer> {
  return decompress(bytes, { compression, limitBytes: MAX_METADATA_BYTES });
}

/**
 * Decompresses a directory and checks that it has enough bytes for the entries that it claims,
 * since the reader would read past the end.
 */
export async function checkedDirectory(
  bytes: ArrayBuffer,
  compression: number,
): Promise<ArrayBuffer> {
  const directory = await decompress(bytes, { compression, limitBytes: MAX_DIRECTORY_BYTES });
  const entries = readCount(new Uint8Array(directory));
  if (entries * ENTRY_BYTES >= directory.byteLength) {
    throw new Error(`a directory of ${directory.byteLength} bytes cannot have ${entries} entries`);
  }
  return directory;
}

async function decompress(
  bytes: ArrayBuffer,
  { compression, limitBytes }: { compression: number; limitBytes: number },
): Promise<ArrayBuffer> {
  if (compression === NONE) return bytes;
  if (compression !== GZIP) throw new Error(`compression ${compression} is not supported`);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  for await (const part of stream) {
    total += part.byteLength;
    // Leaving the loop cancels the stream: a small file must not grow without bounds.
    if (total > limitBytes) throw new Error(`more than ${limitBytes} bytes come out of gzip`);
    parts.push(part);
  }
  return await new Blob(parts).arrayBuffer();
}

/** The variable-length integer at the start of a directory. */
function readCount(bytes: Uint8Array): number {
  let value = 0;
  for (let i = 0, scale = 1; i < Math.min(8, bytes.byteLength); i++, scale *= 128) {
    value += (bytes[i]! & 0x7F) * scale;
    if (bytes[i]! < 0x80) return value;
  }
  throw new Error("a directory has no number of entries");
}
