/**
 * Decodes in a process of its own, which the launcher of the tasks starts: it has the rights that
 * a native decoder needs and a program need not have, and a picture that ends it ends nothing else.
 *
 * @module
 */

import {
  type DenoConnection,
  type DenoFile,
  denoRuntime,
  requireDeno,
} from "../../../deno_runtime.ts";
import { BakeError, UnsupportedError } from "../../../errors.ts";
import { DECODER_VARIABLE } from "../../../picture_variables.ts";
import type { ByteSource } from "../../bytes/byte_source.ts";
import { pieces } from "../../bytes/pieces.ts";
import { type DecodedFile, type DecodeReports } from "./decode_here.ts";
import type { DecodeRequest } from "./decode_picture.ts";
import {
  decodeJson,
  encodeFrame,
  encodeJson,
  FRAME,
  MOST_FRAME_BYTES,
  readFrames,
} from "./frames.ts";
import { errorOfMessage, type OpenMessage } from "./messages.ts";

const ANSWERS = [FRAME.progress, FRAME.decoded, FRAME.failed] as const;

/** Path of the decoder's socket, or null if this process decodes for itself. */
export function decoderSocket(): string | null {
  const deno = denoRuntime();
  const variable = DECODER_VARIABLE;
  if (deno?.permissions.querySync({ name: "env", variable }).state !== "granted") return null;
  return deno.env.get(variable) || null;
}

/**
 * Sends a picture to the decoder and opens the file that it decodes to, which has no name from then
 * on. When the signal is aborted, the decoder ends.
 *
 * @throws {UnsupportedError} if the decoder cannot be reached.
 * @throws Anything that `decodePicture` throws.
 */
export async function decodeRemotely(
  bytes: ByteSource,
  request: DecodeRequest,
  { socket, signal, onProgress }: DecodeReports & { readonly socket: string },
): Promise<DecodedFile> {
  const connection = await connectTo(socket);
  const close = () => closeQuietly(connection);
  signal?.addEventListener("abort", close, { once: true });
  try {
    signal?.throwIfAborted();
    const file = receive(connection, request, onProgress);
    const sent = send(connection, { bytes, request, signal });
    // The answer may come before all is sent; if the picture cannot be read, none comes.
    return {
      file: await Promise.race([file, sent.then(() => file)]),
      removeFile: () => Promise.resolve(),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
}

async function connectTo(path: string): Promise<DenoConnection> {
  try {
    return await requireDeno().connect({ transport: "unix", path });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnsupportedError(
      "picture decoder",
      `Cannot decode pictures as the decoder at ${path} must answer: ${reason}`,
      { cause },
    );
  }
}

/** It may be closed already, from either end. */
function closeQuietly(connection: DenoConnection): void {
  try {
    connection.close();
  } catch {
    // Nothing is left to close.
  }
}

/** Sends the request and all bytes; stops when the decoder no longer listens. */
async function send(
  connection: DenoConnection,
  { bytes, request, signal }: {
    bytes: ByteSource;
    request: DecodeRequest;
    signal: AbortSignal | undefined;
  },
): Promise<void> {
  const writer = connection.writable.getWriter();
  const whole = { offset: 0, length: await bytes.size() };
  const open: OpenMessage = { ...request, byteLength: whole.length };
  if (!await isSent(writer, encodeJson(FRAME.open, open))) return;
  for await (const piece of pieces(bytes, { ...whole, pieceBytes: MOST_FRAME_BYTES, signal })) {
    if (!await isSent(writer, encodeFrame(FRAME.data, piece))) return;
  }
  await isSent(writer, encodeFrame(FRAME.end));
}

async function isSent(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  bytes: Uint8Array,
): Promise<boolean> {
  try {
    await writer.write(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Waits for the decoded file and opens it; its name is gone with the connection. */
async function receive(
  connection: DenoConnection,
  { name }: DecodeRequest,
  onProgress: ((fraction: number) => void) | undefined,
): Promise<DenoFile> {
  const frames = readFrames(connection.readable, ANSWERS);
  let cause: unknown = null;
  for (;;) {
    const next = await frames.next().catch((error) => {
      cause = error;
      return null;
    });
    if (next === null || next.done) break;
    const value = decodeJson(next.value);
    if (next.value.kind === FRAME.failed) throw errorOfMessage(value);
    if (next.value.kind === FRAME.decoded) return await requireDeno().open(String(value));
    onProgress?.(Number(value));
  }
  throw new BakeError(
    name,
    `Cannot decode picture ${name} as the decoder ended without an answer: load it again`,
    { cause },
  );
}
