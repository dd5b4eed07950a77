/**
 * The process that decodes one picture: reads it from standard input, writes the decoded file to
 * its folder, and answers on standard output, in frames.
 *
 * @module
 */

import { join } from "node:path";
// Loaded here, so that it is in Deno's cache when a picture needs it.
import "lerc";
import sharp from "sharp";
import {
  checkedOpenMessage,
  decodeJson,
  decodePicture,
  encodeJson,
  failedMessage,
  FRAME,
  type Frame,
  FrameError,
  type FrameKind,
  memoryLimitError,
  type OpenMessage,
  readFrames,
} from "../../sources/mod.ts";
import { checkPictureBytes } from "./picture_bytes.ts";
import { confineDecoder } from "../confinement/confine_process.ts";

const REQUESTS = [FRAME.open, FRAME.data, FRAME.end] as const;
const MEMORY_INTERVAL_MS = 25;

/** The decoder's loaders of the kinds that are read; all others are blocked. */
const LOADERS = [
  "VipsForeignLoadJpeg",
  "VipsForeignLoadPng",
  "VipsForeignLoadTiff",
  "VipsForeignLoadWebp",
  "VipsForeignLoadNsgif",
  "VipsForeignLoadHeif",
];

/**
 * Decodes the picture that comes on standard input; the files lie in the folder.
 *
 * @param mostBytes Limit of the size of the picture's file.
 */
export async function serveDecoder(folder: string, mostBytes: number): Promise<void> {
  sharp.cache(false);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: LOADERS });
  confineDecoder();
  // Ctrl-C reaches the whole process group: the program decides what follows.
  Deno.addSignalListener("SIGINT", ignoreInterrupt);
  const frames = readFrames(Deno.stdin.readable, REQUESTS);
  const request = checkedOpenMessage(decodeJson(await nextFrame(frames)));
  const paths = { input: join(folder, "picture"), output: join(folder, "picture.v") };
  try {
    checkPictureBytes(request, mostBytes);
    await receivePicture(frames, paths.input, request);
    // Standard input ends when the launcher does.
    frames.next().finally(() => endNow([paths.input, paths.output]));
    watchMemory(request);
    answer(FRAME.progress, 0);
    await decodePicture(paths, request, (fraction) => answer(FRAME.progress, fraction));
    await Deno.remove(paths.input);
    answer(FRAME.decoded, paths.output);
  } catch (error) {
    answer(FRAME.failed, failedMessage(error, request.name));
  }
  Deno.exit(0);
}

function ignoreInterrupt(): void {}

async function nextFrame(frames: AsyncGenerator<Frame>): Promise<Frame> {
  const next = await frames.next();
  if (next.done) throw new FrameError("a request must come");
  return next.value;
}

async function receivePicture(
  frames: AsyncGenerator<Frame>,
  path: string,
  { byteLength }: OpenMessage,
): Promise<void> {
  using file = await Deno.open(path, { createNew: true, write: true, mode: 0o600 });
  let received = 0;
  for (;;) {
    const { kind, body } = await nextFrame(frames);
    if (kind === FRAME.end) break;
    received += body.byteLength;
    if (kind !== FRAME.data || received > byteLength) break;
    for (let done = 0; done < body.byteLength;) done += await file.write(body.subarray(done));
  }
  if (received !== byteLength) {
    throw new FrameError(`${byteLength} bytes must come: ${received} came`);
  }
}

/** Ends the process when it takes too much memory. The decoder itself runs in other threads. */
function watchMemory({ name, limits }: OpenMessage): void {
  const check = () => {
    const usedMb = Math.ceil(Deno.memoryUsage().rss / 2 ** 20);
    if (usedMb <= limits.maxDecodeMemoryMb) return;
    const error = memoryLimitError(name, limits, `the decoder took ${usedMb} MiB`);
    answer(FRAME.failed, failedMessage(error, name));
    Deno.exit(1);
  };
  check();
  setInterval(check, MEMORY_INTERVAL_MS);
}

function endNow(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      Deno.removeSync(path);
    } catch {
      // It was not written yet, or is gone.
    }
  }
  Deno.exit(1);
}

function answer(kind: FrameKind, value: unknown): void {
  const bytes = encodeJson(kind, value);
  for (let done = 0; done < bytes.byteLength;) {
    done += Deno.stdout.writeSync(bytes.subarray(done));
  }
}

if (import.meta.main) await serveDecoder(Deno.args[0]!, Number(Deno.args[1]));
