/**
 * Opens a store before it is committed: one that cannot be opened must never appear.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { BakeError, OutOfRangeError } from "../../errors.ts";
import type { ByteSink } from "../bytes/byte_sink.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import { Complaint } from "./complaint.ts";
import { openArchive } from "./archive/open_archive.ts";
import { CountedSource } from "./archive/counted_source.ts";
import type { WholeDescription } from "./metadata/description.ts";
import { METADATA_KEY, metadataJson } from "./metadata/metadata.ts";
import { MetadataScanner } from "./metadata/metadata_scan.ts";
import { CHECKSUMS_KEY } from "./metadata/parse_metadata.ts";
import { openTileStore, type TileStore } from "./reader.ts";
import type { ArchiveSummary } from "./archive/write_archive.ts";

/**
 * Checks, before any tile is made, that a reader would take the metadata.
 *
 * @throws {OutOfRangeError} if the source or the description says too much.
 */
export function checkMetadataSize(name: string, description: WholeDescription): void {
  const scanner = new MetadataScanner([METADATA_KEY, CHECKSUMS_KEY]);
  try {
    scanner.push(new TextEncoder().encode(JSON.stringify(metadataJson(description))));
  } catch (cause) {
    if (!(cause instanceof Complaint)) throw cause;
    throw new OutOfRangeError(
      "source",
      `Cannot write tile store ${name} as source and info are too large for its metadata: ` +
        cause.message,
      { cause },
    );
  }
}

/**
 * Opens the store that was written to a sink, reads all of its directories and a tile of each level.
 *
 * @throws {BakeError} if that fails.
 */
export async function verifyStore(
  sink: ByteSink,
  { tiles, byteLength }: ArchiveSummary,
  signal: AbortSignal | undefined,
): Promise<void> {
  const written: ByteSource = {
    name: sink.name,
    size: () => Promise.resolve(byteLength),
    read: (offset, length) => sink.read(offset, length),
    close: () => {},
  };
  try {
    const { directories, source } = await openArchive(written, { signal });
    const { archiveBytes } = source;
    const found = await directories.countTiles(
      new CountedSource(written, { archiveBytes, signal }),
    );
    if (found !== tiles) throw new Error(`its directories list ${found} of ${tiles} tiles`);
    const store = await openTileStore(written, signal === undefined ? {} : { signal });
    await readEachLevel(store, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = thrownText(cause);
    throw new BakeError(
      sink.name,
      `Cannot write ${sink.name} as the store that was written cannot be read: ${reason}`,
      { cause },
    );
  }
}

async function readEachLevel(store: TileStore, signal: AbortSignal | undefined): Promise<void> {
  for (let level = store.description.firstLevel; level < store.grid.levelCount; level++) {
    await store.readTilePlanes(level, 0, 0, signal === undefined ? {} : { signal });
  }
}
