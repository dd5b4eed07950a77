/**
 * Low mips that were built before, and that a function of Python opens.
 *
 * @module
 */
import { DisposedError, SourceReadError } from "../../errors.ts";
import { VirtualTextureBuilder, type VirtualTextureBuilderOptions } from "../../rvt/mod.ts";
import { type ByteSource, memorySource, type ReadOptions } from "../../sources/mod.ts";
import { madeBy, type PythonOutcome } from "./python_outcome.ts";

/** A function of Python, which is kept until it is destroyed. */
type PythonFunction<Args extends unknown[], Result> = ((...args: Args) => Result) & {
  destroy(): void;
};

/** A file that Python has opened: how long it is, and what reads and closes it. Neither throws. */
type OpenedFile = readonly [
  size: number,
  read: PythonFunction<[offset: number, length: number], PythonOutcome>,
  close: PythonFunction<[], void>,
];

/** Opens what was built: bytes, or a file. It never throws. */
export type PythonOpen = () => Promise<PythonOutcome>;

/** A file that Python has opened, as long as it is read. */
class PythonFile implements ByteSource {
  readonly name: string;
  #file: OpenedFile | null;

  constructor(file: OpenedFile, name: string) {
    this.#file = file;
    this.name = name;
  }

  size(): Promise<number> {
    return Promise.resolve(this.#file?.[0] ?? 0);
  }

  // deno-lint-ignore require-await -- errors must come as rejections
  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    if (this.#file === null) {
      throw new DisposedError(this.name, `Cannot read ${this.name} as it was closed`);
    }
    options.signal?.throwIfAborted();
    const [, read] = this.#file;
    const place = `${length} bytes at ${offset} of ${this.name}`;
    let bytes: Uint8Array;
    try {
      bytes = madeBy(read(offset, length)) as Uint8Array;
    } catch (cause) {
      const message = `Cannot read ${place}: ${(cause as Error).message}`;
      throw new SourceReadError(this.name, offset, length, message, { cause });
    }
    if (bytes.length === length) return bytes;
    const message = `Cannot read ${place} as there are ${bytes.length}`;
    throw new SourceReadError(this.name, offset, length, message);
  }

  close(): void {
    if (this.#file === null) return;
    const [, read, close] = this.#file;
    this.#file = null;
    close();
    read.destroy();
    close.destroy();
  }
}

/** Makes a builder whose low mips a function of Python opens. */
export function makeOpenedBuilder(
  options: VirtualTextureBuilderOptions,
  pythonOpen: PythonOpen,
): VirtualTextureBuilder {
  const open = async () => {
    const opened = madeBy(await pythonOpen());
    return opened instanceof Uint8Array
      ? memorySource(opened, builder.name)
      : new PythonFile(opened as OpenedFile, builder.name);
  };
  const builder: VirtualTextureBuilder = new VirtualTextureBuilder({ ...options, open });
  return builder;
}
