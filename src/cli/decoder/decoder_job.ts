/**
 * Pictures on their way through decoders: frames are passed on, and the process is watched.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { BakeError, MalformedFileError } from "../../errors.ts";
import {
  checkedOpenMessage,
  decodeJson,
  decodeSeconds,
  encodeFrame,
  encodeJson,
  failedMessage,
  FRAME,
  type Frame,
  memoryLimitError,
  type OpenMessage,
  readFrames,
  timeLimitError,
} from "../../sources/mod.ts";
import { type DecoderContext, spawnDecoder } from "./decoder_process.ts";
import { checkPictureBytes, mostPictureBytes } from "./picture_bytes.ts";
import { makePrivateFolder } from "./private_folder.ts";
import { residentMb } from "./resident_memory.ts";

const REQUESTS = [FRAME.open, FRAME.data, FRAME.end, FRAME.finish] as const;
const ANSWERS = [FRAME.progress, FRAME.decoded, FRAME.failed] as const;
const MEMORY_INTERVAL_MS = 100;
const INTERRUPT_MS = 250;
/** Characters of what a decoder printed that an error shows. */
const SHOWN_OUTPUT = 300;

/** What serving a connection depends on. */
export interface JobOptions {
  readonly context: DecoderContext;
  /** A folder for the next picture; it does not exist yet. */
  readonly nextFolder: () => Promise<string>;
  /** Waits until a decoder may run; resolves to what lets the next one run. */
  readonly takeTurn: () => Promise<() => void>;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/**
 * Serves one connection: decodes its pictures, one after the other. The process of each ends, and its
 * folder is removed, when the program finishes with it, or with the connection.
 */
export async function serveConnection(
  connection: Deno.UnixConn,
  options: JobOptions,
): Promise<void> {
  const close = () => closeQuietly(connection);
  options.signal.addEventListener("abort", close);
  try {
    const frames = readFrames(connection.readable, REQUESTS);
    const answers = connection.writable.getWriter();
    for (;;) {
      const first = await frames.next();
      if (first.done || first.value.kind !== FRAME.open) break;
      const request = checkedOpenMessage(decodeJson(first.value));
      const folder = await options.nextFolder();
      try {
        await new DecoderJob(request, { ...options, folder, answers }).run(first.value, frames);
      } finally {
        await Deno.remove(folder, { recursive: true }).catch(() => undefined);
      }
      await answers.write(encodeFrame(FRAME.finished));
    }
  } catch {
    // The connection broke, or what came over it is no request.
  } finally {
    options.signal.removeEventListener("abort", close);
    close();
  }
}

/** What decoding one picture depends on. */
interface PictureOptions extends JobOptions {
  readonly folder: string;
  readonly answers: WritableStreamDefaultWriter<Uint8Array>;
}

class DecoderJob {
  readonly #request: OpenMessage;
  readonly #options: PictureOptions;
  /** Why the decoder was ended from here. */
  #reason: Error | null = null;
  /** The most memory that the decoder was seen to take. */
  #usedMb = 0;

  constructor(request: OpenMessage, options: PictureOptions) {
    this.#request = request;
    this.#options = options;
  }

  /** Decodes, and waits until the program finishes with the picture. */
  async run(open: Frame, frames: AsyncGenerator<Frame>): Promise<void> {
    const { answers, folder } = this.#options;
    const endTurn = await this.#options.takeTurn();
    let child: Deno.ChildProcess | null = null;
    let requests: Promise<void> | null = null;
    try {
      const mostBytes = mostPictureBytes();
      checkPictureBytes(this.#request, mostBytes);
      await makePrivateFolder(folder);
      child = spawnDecoder(this.#options.context, { folder, mostBytes });
      requests = passRequests(open, frames, child);
      const failure = await this.#passAnswers(child);
      if (failure !== null) await answers.write(this.#encodeFailure(failure));
    } catch (error) {
      await answers.write(this.#encodeFailure(error));
    } finally {
      killQuietly(child);
      endTurn();
    }
    await (requests ?? untilFinish(frames, () => undefined));
  }

  #encodeFailure(error: unknown): Uint8Array {
    return encodeJson(FRAME.failed, failedMessage(error, this.#request.name));
  }

  /** Passes answers on until the decoder ends. Returns why it ended without its last answer. */
  async #passAnswers(child: Deno.ChildProcess): Promise<Error | null> {
    const output = new Response(child.stderr).text();
    const ended = new AbortController();
    const watched = this.#watchMemory(child, ended.signal);
    let time: ReturnType<typeof setTimeout> | undefined;
    let isAnswered = false;
    try {
      for await (const { kind, body } of readFrames(child.stdout, ANSWERS)) {
        // The first report comes when all bytes are there and decoding begins.
        time ??= this.#startClock(child);
        isAnswered ||= kind !== FRAME.progress;
        await this.#options.answers.write(encodeFrame(kind, body));
      }
    } finally {
      clearTimeout(time);
      killQuietly(child);
      ended.abort();
      await watched;
    }
    const { code, signal } = await child.status;
    const printed = (await output).trim().slice(0, SHOWN_OUTPUT);
    // Ctrl-C reaches the program as well, which should act on that first.
    if (signal === "SIGINT") await new Promise((resolve) => setTimeout(resolve, INTERRUPT_MS));
    return isAnswered ? null : this.#reason ?? this.#deathError({ code, signal, printed });
  }

  #startClock(child: Deno.ChildProcess): ReturnType<typeof setTimeout> {
    const { name, limits, byteLength } = this.#request;
    const seconds = decodeSeconds(limits, { fileBytes: byteLength });
    return setTimeout(() => this.#end(child, timeLimitError(name, seconds)), 1000 * seconds);
  }

  /** Ends a decoder that takes too much, though it watches itself: what it decodes may rule it. */
  async #watchMemory(child: Deno.ChildProcess, ended: AbortSignal): Promise<void> {
    const { name, limits } = this.#request;
    while (!ended.aborted) {
      const usedMb = await residentMb(child.pid);
      this.#usedMb = Math.max(this.#usedMb, usedMb ?? 0);
      if (usedMb !== null && usedMb > limits.maxDecodeMemoryMb && !ended.aborted) {
        this.#end(child, memoryLimitError(name, limits, `the decoder took ${usedMb} MiB`));
        return;
      }
      await delay(MEMORY_INTERVAL_MS, undefined, { signal: ended }).catch(() => undefined);
    }
  }

  #end(child: Deno.ChildProcess, reason: Error): void {
    this.#reason ??= reason;
    killQuietly(child);
  }

  #deathError(
    { code, signal, printed }: { code: number; signal: string | null; printed: string },
  ): Error {
    const { name, limits } = this.#request;
    if (signal === "SIGKILL") {
      if (2 * this.#usedMb > limits.maxDecodeMemoryMb) {
        return memoryLimitError(name, limits, `the decoder was killed at ${this.#usedMb} MiB`);
      }
      return new BakeError(
        name,
        `Cannot decode picture ${name} as the decoder was killed: the system does so when memory runs out`,
      );
    }
    const how = signal === null ? `exit code ${code}` : signal;
    const message = `Cannot decode picture ${name} as the decoder ended with ${how}`;
    if (signal !== null) return new MalformedFileError(name, message);
    return new BakeError(name, printed === "" ? message : `${message}: ${printed}`);
  }
}

/**
 * Passes requests on to the decoder until the program finishes with the picture, which ends the
 * decoder. What comes after the decoder has ended is dropped.
 */
async function passRequests(
  open: Frame,
  frames: AsyncGenerator<Frame>,
  child: Deno.ChildProcess,
): Promise<void> {
  const requests = child.stdin.getWriter();
  const pass = ({ kind, body }: Frame) =>
    requests.write(encodeFrame(kind, body)).catch(() => undefined);
  try {
    await pass(open);
    await untilFinish(frames, pass);
  } catch {
    // The program is gone, or sends what is no frame.
  } finally {
    killQuietly(child);
    await requests.abort().catch(() => undefined);
  }
}

/** Takes frames until the program finishes with the picture, or the connection ends. */
async function untilFinish(
  frames: AsyncGenerator<Frame>,
  take: (frame: Frame) => Promise<void> | undefined,
): Promise<void> {
  for (;;) {
    const next = await frames.next();
    if (next.done || next.value.kind === FRAME.finish) return;
    await take(next.value);
  }
}

function killQuietly(child: Deno.ChildProcess | null): void {
  try {
    child?.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

function closeQuietly(connection: Deno.UnixConn): void {
  try {
    connection.close();
  } catch {
    // The other end closed it, or reading it to its end did.
  }
}
