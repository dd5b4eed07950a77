/**
 * Tries WASI and workers, with every right that Deno gives; prints what was tried and what worked.
 * Arguments: where things are, and `lock` or `none`.
 */

import { lockRuntime } from "../../../src/cli/confinement/lock_runtime.ts";
import { type Prey, READING } from "../sandbox/attempts.ts";

const [prey = "", mode = ""] = Deno.args;
if (mode === "lock") lockRuntime();
const names = Object.keys(READING).filter((name) => /WASI|worker/.test(name));
const worked: string[] = [];
for (const name of names) {
  try {
    await READING[name]!(JSON.parse(prey) as Prey);
    worked.push(name);
  } catch {
    // It is refused.
  }
}
console.log(JSON.stringify({ names, worked }));
Deno.exit(0);
