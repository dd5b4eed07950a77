/**
 * Becomes the program that the arguments name, for which the kernel has no Landlock: its call is
 * denied. Needs Linux.
 */

import { addressOf, cString, openCLibrary } from "../../src/cli/confinement/c_library.ts";
import { filterSystemCalls } from "../../src/cli/confinement/filter_calls.ts";

const CREATE_RULESET = { name: "landlock_create_ruleset", x86_64: 444, aarch64: 444 };

const reason = filterSystemCalls([CREATE_RULESET]);
if (reason !== null) throw new Error(reason);
const args = Deno.args.map(cString);
const argv = new Uint8Array(8 * (args.length + 1));
for (const [index, arg] of args.entries()) {
  new DataView(argv.buffer).setBigUint64(8 * index, addressOf(arg), true);
}
openCLibrary().execv(args[0]!, argv);
throw new Error(`Cannot start ${Deno.args[0]}`);
