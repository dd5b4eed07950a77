/**
 * Opens the archive of a tile store: header, metadata and root directory.
 *
 * @module
 */

import { MalformedFileError } from "../../../errors.ts";
import type { ByteSource } from "../../bytes/byte_source.ts";
import { type ArchiveHeader, checkHeaderAgrees, readArchiveStart } from "./archive_header.ts";
import { Base64Decoder } from "../metadata/base64.ts";
import { CountedSource } from "./counted_source.ts";
import { Complaint } from "../complaint.ts";
import { inflatedParts } from "./inflate.ts";
import { METADATA_KEY } from "../metadata/metadata.ts";
import {
  MAX_CHECKSUM_TEXT_BYTES,
  MetadataScanner,
  type ScannedMetadata,
  type TakenOutSink,
} from "../metadata/metadata_scan.ts";
import {
  CHECKSUM_BYTES,
  CHECKSUMS_KEY,
  type ParsedMetadata,
  parseMetadata,
} from "../metadata/parse_metadata.ts";
import { StoreDirectories } from "./store_directories.ts";

/** Most bytes of the metadata, compressed: room for checksums that do not compress at all. */
const MAX_COMPRESSED_BYTES = MAX_CHECKSUM_TEXT_BYTES;

/** An archive whose tiles can be found. */
export interface OpenedArchive {
  readonly header: ArchiveHeader;
  readonly metadata: ParsedMetadata;
  /**
   * Version 1: `CHECKSUM_BYTES` for each tile present, by tile index from the first level's on. Null
   * where tiles have their own.
   */
  readonly checksums: Uint8Array | null;
  readonly directories: StoreDirectories;
  /** What it was opened from. */
  readonly source: CountedSource;
}

/**
 * Opens an archive.
 *
 * @param bytes The archive; it stays open and belongs to the caller.
 * @throws {MalformedFileError} if it is not a tile store's, or damaged.
 * @throws {UnsupportedError} if its version or a texel format is not supported.
 * @throws {SourceReadError} if the bytes cannot be read.
 */
export async function openArchive(
  bytes: ByteSource,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<OpenedArchive> {
  const { name } = bytes;
  const source = new CountedSource(bytes, { archiveBytes: await bytes.size(), signal });
  const start = await readArchiveStart(source);
  const compressed = await readMetadata(source, start.header);
  const metadata = parseMetadata(name, await scanMetadata(name, compressed, null));
  checkHeaderAgrees(name, start.header, metadata);
  const directories = await StoreDirectories.openDirectories(name, start, metadata);
  const checksums = metadata.hasChecksums
    ? await decodeChecksums(name, compressed, metadata.tileCount * CHECKSUM_BYTES)
    : null;
  signal?.throwIfAborted();
  return { header: start.header, metadata, checksums, directories, source };
}

async function readMetadata(
  source: CountedSource,
  { jsonMetadataOffset, jsonMetadataLength }: ArchiveHeader,
): Promise<Uint8Array<ArrayBuffer>> {
  const name = source.getKey();
  if (jsonMetadataLength > MAX_COMPRESSED_BYTES) {
    throw new MalformedFileError(
      name,
      `Cannot read tile store ${name} as its metadata must be at most ${MAX_COMPRESSED_BYTES} ` +
        `bytes: current value is ${jsonMetadataLength}`,
    );
  }
  const { data } = await source.getBytes(jsonMetadataOffset, jsonMetadataLength);
  return new Uint8Array(data);
}

async function scanMetadata(
  name: string,
  compressed: Uint8Array<ArrayBuffer>,
  sink: TakenOutSink | null,
): Promise<ScannedMetadata> {
  const scanner = new MetadataScanner([METADATA_KEY, CHECKSUMS_KEY], sink);
  try {
    for await (const part of inflatedParts(compressed)) scanner.push(part);
    return scanner.finish();
  } catch (cause) {
    if (!(cause instanceof Complaint)) throw cause;
    throw new MalformedFileError(
      name,
      `Cannot read tile store ${name} as its metadata is not valid: ${cause.message}`,
      { cause },
    );
  }
}

/** Goes through the metadata once more, now that the size of the checksums is known to be right. */
async function decodeChecksums(
  name: string,
  compressed: Uint8Array<ArrayBuffer>,
  byteLength: number,
): Promise<Uint8Array> {
  let decoder = new Base64Decoder(byteLength);
  await scanMetadata(name, compressed, {
    begin: () => decoder = new Base64Decoder(byteLength),
    take: (part) => decoder.push(part),
  });
  return decoder.bytes;
}
