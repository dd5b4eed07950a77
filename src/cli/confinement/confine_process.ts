/**
 * What a process cannot do any more once its own code is loaded.
 *
 * @module
 */

import { decoderSocket, keepDecoderLinks } from "../../sources/mod.ts";
import { deniedCalls } from "./denied_calls.ts";
import { endWithLauncher } from "./end_with_launcher.ts";
import { filterSystemCalls } from "./filter_calls.ts";
import { lockRuntime } from "./lock_runtime.ts";

const MOST_LINKS = 16;

/**
 * Confines the process of a script before its first line: connects to the decoders and drops the
 * right to connect, denies system calls that lead out of the script's limits, drops the right to load
 * native code, and locks what gets round Deno's permissions.
 *
 * @param options.reachesHosts Whether the script may reach hosts of the network.
 * @param options.launcher Process number of the launcher.
 * @returns Why system calls are not filtered, where they should be; null otherwise.
 */
export async function confineScript(
  { reachesHosts, launcher }: { readonly reachesHosts: boolean; readonly launcher: number },
): Promise<string | null> {
  const socket = decoderSocket();
  if (socket !== null) {
    // As many as the decoders that run at once.
    const count = Math.min(MOST_LINKS, Math.max(2, navigator.hardwareConcurrency));
    await keepDecoderLinks(socket, count);
    revoke({ name: "net", host: `unix:${socket}` });
  }
  endWithLauncher(launcher);
  const unfiltered = filterSystemCalls(deniedCalls({ reachesHosts, pid: Deno.pid }));
  // Windows has no decoders in processes of their own: there the library is loaded here.
  if (Deno.build.os !== "windows") revoke({ name: "ffi" });
  lockRuntime();
  return unfiltered;
}

/**
 * Confines a decoder before its picture comes, once its library is loaded: no picture can make it start
 * programs, reach others, or load more code. It may still read and write what its user may.
 */
export function confineDecoder(): void {
  // Where there is no filter, a decoder that a picture has taken over can do what the user can.
  filterSystemCalls(deniedCalls({ reachesHosts: false, pid: Deno.pid }));
  revoke({ name: "ffi" });
}

function revoke(permission: Deno.PermissionDescriptor): void {
  Deno.permissions.revokeSync(permission);
  if (Deno.permissions.querySync(permission).state !== "granted") return;
  throw new Deno.errors.NotCapable(`Deno must take back the right to ${permission.name}`);
}
