/**
 * Where connections to the decoders come from: made for each picture, or made once and kept.
 *
 * @module
 */

import { denoRuntime } from "../../../deno_runtime.ts";
import { DECODER_VARIABLE } from "../../../picture_variables.ts";
import { DecoderLink, type DecoderTurn, unreachable } from "./decoder_link.ts";

/** A connection for one picture. */
export interface BorrowedLink {
  readonly turn: DecoderTurn;
  /** Gives the connection back, which ends the decoder. */
  giveBack(): void;
}

let kept: KeptLinks | null = null;

/** Path of the decoders' socket, or null if this process decodes for itself. */
export function decoderSocket(): string | null {
  const deno = denoRuntime();
  const variable = DECODER_VARIABLE;
  if (deno?.permissions.querySync({ name: "env", variable }).state !== "granted") return null;
  return deno.env.get(variable) || null;
}

/**
 * Connects as often as said, and never again: afterwards this process can drop the right to
 * connect. As many pictures are decoded at once, and others wait.
 *
 * @throws {UnsupportedError} if nobody answers at the socket.
 */
export async function keepDecoderLinks(socket: string, count: number): Promise<void> {
  kept = new KeptLinks(
    await Promise.all(Array.from({ length: count }, () => DecoderLink.connect(socket))),
  );
}

/**
 * A connection for one picture: one that was kept, as soon as it is free, or a new one.
 *
 * @throws {UnsupportedError} if the decoders cannot be reached.
 */
export async function borrowLink(
  socket: string,
  signal: AbortSignal | undefined,
): Promise<BorrowedLink> {
  if (kept !== null) return await kept.borrow(signal);
  const link = await DecoderLink.connect(socket);
  const turn = link.begin();
  const giveBack = () => {
    turn.end();
    link.close();
  };
  return { turn, giveBack };
}

interface Waiting {
  readonly resolve: (link: DecoderLink) => void;
  readonly reject: (reason: unknown) => void;
}

class KeptLinks {
  readonly #free: DecoderLink[];
  readonly #waiting = new Set<Waiting>();
  /** Connections that have not broken. */
  #count: number;

  constructor(links: DecoderLink[]) {
    this.#free = links;
    this.#count = links.length;
  }

  async borrow(signal: AbortSignal | undefined): Promise<BorrowedLink> {
    const link = this.#free.pop() ?? await this.#wait(signal);
    const turn = link.begin();
    let isBack = false;
    const giveBack = () => {
      if (isBack) return;
      isBack = true;
      turn.finish().then((isWhole) => isWhole ? this.#pass(link) : this.#drop(link));
    };
    return { turn, giveBack };
  }

  #wait(signal: AbortSignal | undefined): Promise<DecoderLink> {
    if (this.#count === 0) throw launcherIsGone();
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<DecoderLink>();
    const waiting = { resolve, reject };
    this.#waiting.add(waiting);
    const stop = () => {
      this.#waiting.delete(waiting);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    return promise.finally(() => signal?.removeEventListener("abort", stop));
  }

  #pass(link: DecoderLink): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free.push(link);
    else {
      this.#waiting.delete(next);
      next.resolve(link);
    }
  }

  #drop(link: DecoderLink): void {
    link.close();
    this.#count--;
    if (this.#count > 0) return;
    for (const { reject } of this.#waiting) reject(launcherIsGone());
    this.#waiting.clear();
  }
}

function launcherIsGone(): Error {
  return unreachable("the process that started this one, and decodes for it, has ended");
}
