/**
 * Decodes in a process of its own, which the launcher of the tasks starts: it has the rights that
 * a native decoder needs and a program need not have, and a picture that ends it ends nothing else.
 *
 * @module
 */

import { type DenoFile, requireDeno } from "../../../deno_runtime.ts";
import { BakeError } from "../../../errors.ts";
import type { ByteSource } from "../../bytes/byte_source.ts";
import { pieces } from "../../bytes/pieces.ts";
import { type DecodedFile, type DecodeReports } from "./decode_here.ts";
import type { DecodeRequest } from "./decode_picture.ts";
import type { DecoderTurn } from "./decoder_link.ts";
import { borrowLink } from "./decoder_links.ts";
import { decodeJson, encodeFrame, encodeJson, FRAME, MOST_FRAME_BYTES } from "./frames.ts";
import { errorOfMessage, type OpenMessage } from "./messages.ts";

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
  const { turn, giveBack } = await borrowLink(socket, signal);
  const aborted = Promise.withResolvers<never>();
  const stop = () => {
    giveBack();
    aborted.reject(signal?.reason);
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    const file = receive(turn, request, onProgress);
    const sent = send(turn, { bytes, request, signal });
    // The answer may come before all is sent; if the picture cannot be read, none comes.
    return {
      file: await Promise.race([file, sent.then(() => file), aborted.promise]),
      removeFile: () => Promise.resolve(),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    giveBack();
  }
}

/** Sends the request and all bytes; stops when the decoder no longer listens. */
async function send(
  turn: DecoderTurn,
  { bytes, request, signal }: {
    bytes: ByteSource;
    request: DecodeRequest;
    signal: AbortSignal | undefined;
  },
): Promise<void> {
  const whole = { offset: 0, length: await bytes.size() };
  const open: OpenMessage = { ...request, byteLength: whole.length };
  if (!await turn.send(encodeJson(FRAME.open, open))) return;
  for await (const piece of pieces(bytes, { ...whole, pieceBytes: MOST_FRAME_BYTES, signal })) {
    if (!await turn.send(encodeFrame(FRAME.data, piece))) return;
  }
  await turn.send(encodeFrame(FRAME.end));
}

/** Waits for the decoded file and opens it; its name is gone when the connection is given back. */
async function receive(
  turn: DecoderTurn,
  { name }: DecodeRequest,
  onProgress: ((fraction: number) => void) | undefined,
): Promise<DenoFile> {
  for (;;) {
    const answer = await turn.receive();
    if (answer === null || turn.isOver) break;
    const value = decodeJson(answer);
    if (answer.kind === FRAME.failed) throw errorOfMessage(value);
    if (answer.kind === FRAME.decoded) return await openDecoded(turn, String(value));
    onProgress?.(Number(value));
  }
  throw new BakeError(
    name,
    `Cannot decode picture ${name} as the decoder ended without an answer: load it again`,
    { cause: turn.cause },
  );
}

async function openDecoded(turn: DecoderTurn, path: string): Promise<DenoFile> {
  const file = await requireDeno().open(path);
  // Nobody waits for it any more.
  if (turn.isOver) file.close();
  return file;
}
