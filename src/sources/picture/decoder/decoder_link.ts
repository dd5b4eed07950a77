/**
 * A program's connection to the decoders: one picture after the other goes over it.
 *
 * @module
 */

import { type DenoConnection, requireDeno } from "../../../deno_runtime.ts";
import { UnsupportedError } from "../../../errors.ts";
import { encodeFrame, FRAME, type Frame, readFrames } from "./frames.ts";

const ANSWERS = [FRAME.progress, FRAME.decoded, FRAME.failed, FRAME.finished] as const;

/** A connection. */
export class DecoderLink {
  readonly #connection: DenoConnection;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #frames: AsyncGenerator<Frame>;

  private constructor(connection: DenoConnection) {
    this.#connection = connection;
    this.#writer = connection.writable.getWriter();
    this.#frames = readFrames(connection.readable, ANSWERS);
  }

  /**
   * Connects to the socket at a path.
   *
   * @throws {UnsupportedError} if nobody answers there.
   */
  static async connect(path: string): Promise<DecoderLink> {
    try {
      return new DecoderLink(await requireDeno().connect({ transport: "unix", path }));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw unreachable(`the decoder at ${path} must answer: ${reason}`, cause);
    }
  }

  /** Begins with a picture; the one before must be over. */
  begin(): DecoderTurn {
    return new DecoderTurn(this.#writer, this.#frames);
  }

  /** Ends the connection and whatever is decoded over it. */
  close(): void {
    try {
      this.#connection.close();
    } catch {
      // It is closed already, from either end.
    }
  }
}

/** One picture on its way over a connection. */
export class DecoderTurn {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #frames: AsyncGenerator<Frame>;
  #lastRead: Promise<unknown> = Promise.resolve();
  #state: "busy" | "finished" | "broken" = "busy";
  #isOver = false;
  /** Why the connection broke, if it did with an error. */
  cause: unknown = null;

  constructor(writer: WritableStreamDefaultWriter<Uint8Array>, frames: AsyncGenerator<Frame>) {
    this.#writer = writer;
    this.#frames = frames;
  }

  /** True once nothing more is wanted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends; false if the decoder no longer listens, or nothing more is wanted. */
  async send(bytes: Uint8Array): Promise<boolean> {
    if (this.#isOver) return false;
    try {
      await this.#writer.write(bytes);
      return true;
    } catch {
      return false;
    }
  }

  /** The next answer, or null if none will come. */
  receive(): Promise<Frame | null> {
    // One after the other: none may take an answer that belongs to the next picture.
    const read = this.#lastRead.then(() => this.#read());
    this.#lastRead = read;
    return read;
  }

  async #read(): Promise<Frame | null> {
    if (this.#state !== "busy") return null;
    try {
      const { done, value } = await this.#frames.next();
      if (!done && value.kind !== FRAME.finished) return value;
      this.#state = done ? "broken" : "finished";
    } catch (error) {
      this.cause = error;
      this.#state = "broken";
    }
    return null;
  }

  /** Wants nothing more. The connection is still in use until {@linkcode finish} has resolved. */
  end(): void {
    this.#isOver = true;
  }

  /**
   * Ends the decoder.
   *
   * @returns False if the connection has broken; else the next picture may go over it.
   */
  async finish(): Promise<boolean> {
    this.end();
    try {
      await this.#writer.write(encodeFrame(FRAME.finish));
    } catch {
      return false;
    }
    while (await this.receive() !== null) {
      // What it still says is not wanted.
    }
    return this.#state === "finished";
  }
}

/** Says that pictures cannot be decoded. */
export function unreachable(reason: string, cause?: unknown): UnsupportedError {
  return new UnsupportedError("picture decoder", `Cannot decode pictures as ${reason}`, { cause });
}
