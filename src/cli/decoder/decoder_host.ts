/**
 * Starts decoders for the task that the launcher runs, one for each picture, when one is asked for.
 *
 * The task connects to a socket and sends a picture; the decoder's process writes the decoded one
 * to a folder that the task may read and not write. Whatever ends the decoder, the task gets an
 * error that says why.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TaskContext } from "../commands.ts";
import { codeCacheFolder } from "../folders.ts";
import type { DecoderAccess } from "./decoder_access.ts";
import { makePrivateFolder, privateFolderName, sweepPrivateFolders } from "./private_folder.ts";

/** Linux allows 107 bytes, macOS 103. */
const MOST_SOCKET_PATH_BYTES = 100;

/** The decoders of one task. */
export class DecoderHost {
  /** How the task reaches them. */
  readonly access: DecoderAccess;
  readonly #context: TaskContext;
  readonly #listener: Deno.UnixListener;
  readonly #closing = new AbortController();
  readonly #served: Promise<void>;
  readonly #waiting: (() => void)[] = [];
  #freeTurns = Math.max(2, navigator.hardwareConcurrency);
  #count = 0;
  #swept: Promise<void> | null = null;

  private constructor(context: TaskContext, access: DecoderAccess) {
    this.access = access;
    this.#context = context;
    this.#listener = Deno.listen({ transport: "unix", path: access.socket });
    this.#served = this.#serve();
  }

  /**
   * Listens for the task. Nothing is started, and no folder for pictures made, before it connects.
   *
   * @returns Null on Windows, where Deno has no sockets of the file system: there the task decodes
   * for itself.
   */
  static async start(context: TaskContext): Promise<DecoderHost | null> {
    if (Deno.build.os === "windows") return null;
    const name = privateFolderName();
    const folder = join(socketParent(name), name);
    await makePrivateFolder(folder);
    return new DecoderHost(context, {
      socket: join(folder, "socket"),
      // Not among temporary files, which lie in memory on many systems; and where no script writes.
      decoded: join(codeCacheFolder(context.denoCache), name),
    });
  }

  async #serve(): Promise<void> {
    const jobs = new Set<Promise<void>>();
    for await (const connection of this.#listener) {
      // Most runs decode nothing, and should not wait for what decoding takes.
      const { serveConnection } = await import("./decoder_job.ts");
      const job = serveConnection(connection, {
        context: this.#context,
        nextFolder: () => this.#nextFolder(),
        takeTurn: () => this.#takeTurn(),
        signal: this.#closing.signal,
      });
      jobs.add(job);
      job.finally(() => jobs.delete(job));
    }
    await Promise.all(jobs);
  }

  async #nextFolder(): Promise<string> {
    this.#swept ??= this.#sweep();
    await this.#swept;
    return join(this.access.decoded, String(this.#count++));
  }

  /** Removes what launchers that were killed have left. */
  async #sweep(): Promise<void> {
    await sweepPrivateFolders(dirname(this.access.decoded));
    await sweepPrivateFolders(dirname(dirname(this.access.socket)));
  }

  /** As many decoders run at once as there are processors, and the others wait. */
  async #takeTurn(): Promise<() => void> {
    if (this.#freeTurns === 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#freeTurns--;
    return () => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#freeTurns++;
      else next();
    };
  }

  /** Ends all decoders and removes everything that they wrote. May be called again. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#listener.close();
    this.#closing.abort();
    await this.#served;
    for (const folder of [this.access.decoded, dirname(this.access.socket)]) {
      await Deno.remove(folder, { recursive: true }).catch(() => undefined);
    }
  }
}

/** The folder for temporary files, unless the socket's path would be too long or hold a comma. */
function socketParent(name: string): string {
  const parent = tmpdir();
  const path = join(parent, name, "socket");
  const isShort = new TextEncoder().encode(path).byteLength <= MOST_SOCKET_PATH_BYTES;
  return isShort && !path.includes(",") ? parent : "/tmp";
}
