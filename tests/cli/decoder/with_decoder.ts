/**
 * Decoders for tests, as the launcher starts them.
 *
 * @module
 */

import type { TaskContext } from "../../../src/cli/commands.ts";
import { DecoderHost } from "../../../src/cli/decoder/decoder_host.ts";
import { taskContext } from "../../../src/cli/task_context.ts";
import { DECODER_VARIABLE } from "../../../src/picture_variables.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

/** What a test may use. */
export interface DecoderTest {
  readonly host: DecoderHost;
  /** A folder that exists for this test; the cache lies in it. */
  readonly folder: string;
}

/** Calls a function while this process's pictures are decoded in processes of their own. */
export function withDecoder(use: (test: DecoderTest) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const context: TaskContext = { ...await taskContext(), cache: `${folder}/cache` };
    const host = (await DecoderHost.start(context))!;
    Deno.env.set(DECODER_VARIABLE, host.access.socket);
    try {
      await use({ host, folder });
    } finally {
      Deno.env.delete(DECODER_VARIABLE);
      await host.close();
    }
  });
}

/** Process numbers of the decoders whose files lie below a folder. */
export function decodersBelow(folder: string): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    if (!Number.isInteger(pid)) return false;
    try {
      const args = Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0");
      return args.some((arg) => arg.endsWith("/decoder.ts")) &&
        args.some((arg) => arg.startsWith(folder));
    } catch {
      return false; // It has ended.
    }
  });
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
