/**
 * How a task reaches the decoders that the launcher starts for it.
 *
 * @module
 */

/** Where a task finds the decoders; every path is absolute. */
export interface DecoderAccess {
  /** The socket, a path without commas. */
  readonly socket: string;
  /** The folder in which decoded pictures appear. */
  readonly decoded: string;
}

/**
 * Permission flags of a task that uses the decoders: to connect to the socket, for which Deno wants
 * the path to be readable, writable and reachable (`unix:` opens no other network), and to read
 * decoded pictures.
 */
export function decoderClientPermissions({ socket, decoded }: DecoderAccess): string[] {
  return [
    `--allow-net=unix:${socket}`,
    `--allow-write=${socket}`,
    `--allow-read=${[socket, decoded].map((path) => path.replaceAll(",", ",,")).join(",")}`,
  ];
}
