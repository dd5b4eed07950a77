/**
 * How a task reaches the decoders that the launcher starts for it.
 *
 * @module
 */

import { DECODER_VARIABLE } from "../../picture_variables.ts";
import { listFlag } from "../sandbox/permission_flags.ts";

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
    ...listFlag("allow-read", [socket, decoded]),
  ];
}

/** Environment variables that tell a task where the decoders are. */
export function decoderEnvironment(
  { decoder }: { readonly decoder: DecoderAccess | null },
): Record<string, string> {
  return decoder === null ? {} : { [DECODER_VARIABLE]: decoder.socket };
}

/**
 * Permission flags for decoding pictures: to reach the decoders; or, where there are none (on
 * Windows), to load the native library in Deno's cache.
 */
export function pictureDecoderFlags(
  { decoder, denoCache }: { readonly decoder: DecoderAccess | null; readonly denoCache: string },
): string[] {
  return decoder === null
    ? [...listFlag("allow-ffi", [denoCache]), ...listFlag("allow-read", [denoCache])]
    : decoderClientPermissions(decoder);
}
