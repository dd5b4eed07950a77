/**
 * Interpreters for tests, in this process, whose output is recorded.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  EMPTY_INPUT,
  type OutputStream,
  PythonHost,
  type PythonHostOptions,
} from "../../src/python/mod.ts";

/** The folder of `deno.json`. */
export const PROJECT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Kept from one run of the tests to the next, so that interpreters start fast. */
export const TEST_CACHE: string = join(tmpdir(), "forge3d-python-tests");

// Only what starts interpreters is kept: textures that tests have baked are not used again.
globalThis.addEventListener("unload", () => {
  rmSync(join(TEST_CACHE, "textures"), { force: true, recursive: true });
});

/** An interpreter, and its output so far. */
export interface TestHost {
  readonly host: PythonHost;
  /** Text printed to both outputs since the last call. */
  printed(): string;
}

/** Starts an interpreter, on a core if one is given, calls a function with it, and closes it. */
export async function withHost(
  use: (host: TestHost) => Promise<void>,
  core: Pick<PythonHostOptions, "core"> = {},
): Promise<void> {
  let text = "";
  const decoder = new TextDecoder();
  const output: OutputStream = {
    isatty: false,
    write: (bytes) => {
      text += decoder.decode(bytes, { stream: true });
      return bytes.length;
    },
  };
  const host = await PythonHost.start({
    streams: { stdin: EMPTY_INPUT, stdout: output, stderr: output },
    environment: { FORGE3D_CACHE_DIR: TEST_CACHE },
    folder: tmpdir(),
    cacheFolder: TEST_CACHE,
    ...core,
  });
  try {
    await use({
      host,
      printed: () => {
        const printed = text;
        text = "";
        return printed;
      },
    });
  } finally {
    await host.close();
  }
}
