/** A program with the least rights: decodes the picture on standard input, and tries to get out. */

import { openPicture } from "../../../src/sources/mod.ts";

/** What the program could do. */
export interface ClientReport {
  readonly texels: number[];
  readonly reached: string[];
}

const chunks: number[] = [];
for await (const chunk of Deno.stdin.readable) for (const byte of chunk) chunks.push(byte);
const picture = await openPicture(Uint8Array.from(chunks));
const texels = [...await picture.readRows(0, 1)];

const [decoded = "", socket = ""] = Deno.args;
const attempts: Record<string, () => unknown> = {
  "native code": () => Deno.dlopen("libc.so.6", {}),
  "the decoder itself": () => import(["npm", "sharp@0.35.5"].join(":")),
  processes: () => new Deno.Command(Deno.execPath()).output(),
  listening: () => Deno.listen({ port: 0 }),
  network: () => Deno.connect({ hostname: "127.0.0.1", port: 9 }),
  "other sockets": () => Deno.connect({ transport: "unix", path: `${socket}.other` }),
  "decoded pictures": () => Deno.writeTextFile(`${decoded}/x`, ""),
  files: () => Deno.readTextFile("/etc/passwd"),
};
const reached: string[] = [];
for (const [what, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    reached.push(what);
  } catch (error) {
    const isRefused = error instanceof Deno.errors.NotCapable ||
      /NotCapable|Requires (?:ffi|read) access/.test(String(error));
    if (!isRefused) reached.push(`${what}: ${error}`);
  }
}
await picture.close();
console.log(JSON.stringify({ texels, reached } satisfies ClientReport));
