/**
 * Names of files on standard input.
 *
 * @module
 */

/**
 * The names in a stream, as they arrive: one a line, or with a NUL behind each, as `find -print0` writes
 * them, so that names may have line breaks. Empty lines do not count.
 *
 * @param stream UTF-8 text.
 */
export async function* listedNames(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let separator: "\n" | "\0" | null = null;
  let rest = "";
  for await (const part of stream) {
    rest += decoder.decode(part, { stream: true });
    // The first separator that comes is that of all.
    if (separator === null) {
      const first = /[\0\n]/.exec(rest);
      if (first === null) continue;
      // A name with a line break may stand before the first NUL of what has arrived.
      separator = rest.includes("\0") ? "\0" : "\n";
    }
    const names = rest.split(separator);
    rest = names.pop()!;
    yield* names.map((name) => cleaned(name, separator!)).filter((name) => name !== "");
  }
  const last = cleaned(rest + decoder.decode(), separator ?? "\n");
  if (last !== "") yield last;
}

/** Lines of Windows end with a carriage return. */
function cleaned(name: string, separator: "\n" | "\0"): string {
  return separator === "\n" ? name.replace(/\r$/, "") : name;
}
