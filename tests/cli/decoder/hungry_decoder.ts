/** A decoder that takes 800 MiB, does not watch itself, and ends on its own after a while. */

import { encodeJson, FRAME } from "../../../src/sources/mod.ts";

await Deno.stdout.write(encodeJson(FRAME.progress, 0));
const taken: Uint8Array[] = [];
for (let i = 0; i < 40; i++) {
  if (i < 8) taken.push(new Uint8Array(100 * 2 ** 20).fill(1 + i));
  await new Promise((resolve) => setTimeout(resolve, 100));
}
console.error(`took ${taken.length} blocks`);
Deno.exit(9);
