/** Prints the version of the kernel's Landlock, or -1. */

import { openCLibrary } from "../../../src/cli/confinement/c_library.ts";

const CREATE_RULESET = 444n;
const VERSION_FLAG = 1n;

console.log(String(openCLibrary().syscall(CREATE_RULESET, 0n, 0n, VERSION_FLAG, 0n)));
