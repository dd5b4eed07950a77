/**
 * Becomes the program that the arguments name, for which the kernel has no Landlock: its call is
 * denied. Needs Linux.
 */

import { becomeProgram, openCLibrary } from "../../src/cli/confinement/c_library.ts";
import { filterSystemCalls } from "../../src/cli/confinement/filter_calls.ts";

const CREATE_RULESET = { name: "landlock_create_ruleset", x86_64: 444, aarch64: 444 };

const reason = filterSystemCalls([CREATE_RULESET]);
if (reason !== null) throw new Error(reason);
const [program = "", ...args] = Deno.args;
becomeProgram(openCLibrary(), program, args);
throw new Error(`Cannot start ${program}`);
