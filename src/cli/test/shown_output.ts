/**
 * The output of a run of tests: shown as it comes, kept, and watched for a run that does not end.
 *
 * @module
 */

import process from "node:process";

/** How output is watched. */
export interface OutputWatch {
  /** Milliseconds without output after which a run is taken to wait for ever. */
  readonly mostIdleMs: number;
  /** Called then, each time. */
  readonly onIdle: () => void;
  /** Shows text; default, on standard output. */
  readonly show?: (bytes: Uint8Array) => void;
}

/** Passes output on as it comes, and returns all of it. */
export async function showAndKeep(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { mostIdleMs, onIdle, show = (bytes) => process.stdout.write(bytes) }: OutputWatch,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let timer = setInterval(onIdle, mostIdleMs);
  try {
    for await (const bytes of stream) {
      clearInterval(timer);
      timer = setInterval(onIdle, mostIdleMs);
      show(bytes);
      text += decoder.decode(bytes, { stream: true });
    }
  } finally {
    clearInterval(timer);
  }
  return text;
}

/** The last line that is not empty. */
export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)!;
}
