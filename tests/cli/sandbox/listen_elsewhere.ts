/**
 * Sockets of the file system on which another process listens.
 *
 * @module
 */

import assert from "node:assert/strict";

const LISTENER = `
const listener = Deno.listen({ transport: "unix", path: Deno.args[0] });
console.log("listening");
for await (const connection of listener) connection.close();
`;

/**
 * Listens on a socket of the file system in another process, as this one may have the network of
 * this machine only. Returns what ends it.
 */
export async function listenElsewhere(socket: string): Promise<() => Promise<void>> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", LISTENER, socket],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assert.ok((await reader.read()).value, "the listener says that it listens");
  return async () => {
    child.kill();
    await reader.cancel();
    await child.status;
  };
}
