/**
 * Landlock: what a process of Linux may do with files, held by the kernel (landlock(7)).
 *
 * Deno compares paths as they are written; the kernel looks at the folder that a file lies in, whatever
 * way leads there, and asks native code as well.
 *
 * @module
 */

import { addressOf, type CLibrary, cString, refuseNewPrivileges } from "./c_library.ts";

/** Numbers of the system calls, the same on all processors. */
const CREATE_RULESET = 444n;
const ADD_RULE = 445n;
const RESTRICT_SELF = 446n;

const VERSION_FLAG = 1n;
const PATH_BENEATH = 1n;

/** From `asm-generic/fcntl.h`. */
const OPEN_PATH_ONLY = 0o10000000 | 0o2000000;

/** Rights, from `linux/landlock.h`. */
const WRITE_FILE = 1n << 1n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
const REMOVE_DIR = 1n << 4n;
const REMOVE_FILE = 1n << 5n;
const MAKE_CHAR = 1n << 6n;
const MAKE_DIR = 1n << 7n;
const MAKE_REG = 1n << 8n;
const MAKE_SOCK = 1n << 9n;
const MAKE_FIFO = 1n << 10n;
const MAKE_BLOCK = 1n << 11n;
const MAKE_SYM = 1n << 12n;
/** Moving to another folder: version 2. */
const REFER = 1n << 13n;
/** Making shorter: version 3. */
const TRUNCATE = 1n << 14n;

const NODES = MAKE_CHAR | MAKE_SOCK | MAKE_FIFO | MAKE_BLOCK | MAKE_SYM;
const READING = READ_FILE | READ_DIR;
const WRITING = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE;
const OF_FILES = WRITE_FILE | READ_FILE | TRUNCATE;

/** The first version that allows files to be moved between folders, and can forbid to make them shorter. */
const LEAST_VERSION = 3n;

/** Files and folders, with everything in them; those that do not exist are left out. */
export interface FileRights {
  readonly read: readonly string[];
  /** Devices and single files: read, and written where they are. */
  readonly use: readonly string[];
  /** Folders in which files and folders are made, read and written, and nothing is moved or removed. */
  readonly make: readonly string[];
  /** Read, written, and what lies in them added, moved and removed. */
  readonly write: readonly string[];
}

/** Bytes of the structures of `linux/landlock.h`, of which the first has had further fields since. */
const RULESET_BYTES = 8;
const RULE_BYTES = 12;

/** Why the kernel cannot hold files, or null if it can. */
export function whyNoLandlock(library: CLibrary): string | null {
  const version = library.syscall(CREATE_RULESET, 0n, 0n, VERSION_FLAG, 0n);
  if (version < 0n) return "the kernel has no Landlock";
  if (version >= LEAST_VERSION) return null;
  return `the kernel's Landlock is of version ${version}: ${LEAST_VERSION} is needed`;
}

/**
 * Restricts the calling thread, and all that it starts, for good. Threads that run already are not
 * restricted: the program must be replaced next.
 *
 * @returns Why nothing is restricted, or null.
 */
export function restrictFiles(library: CLibrary, rights: FileRights): string | null {
  const missing = whyNoLandlock(library);
  if (missing !== null) return missing;
  const attributes = new Uint8Array(RULESET_BYTES);
  new DataView(attributes.buffer).setBigUint64(0, READING | WRITING | NODES, true);
  const ruleset = Number(
    library.syscall(CREATE_RULESET, addressOf(attributes), BigInt(RULESET_BYTES), 0n, 0n),
  );
  if (ruleset < 0) return "the kernel refuses rules of Landlock";
  const kinds = [
    [rights.read, READING],
    [rights.use, READING | WRITE_FILE | TRUNCATE],
    [rights.make, READING | WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_DIR],
    [rights.write, READING | WRITING],
  ] as const;
  for (const [paths, allowed] of kinds) {
    for (const path of paths) addRule(library, ruleset, { path, allowed });
  }
  if (!refuseNewPrivileges(library)) {
    return "the kernel keeps programs with further rights";
  }
  const result = library.syscall(RESTRICT_SELF, BigInt(ruleset), 0n, 0n, 0n);
  library.close(ruleset);
  return result === 0n ? null : "the kernel refuses to restrict this process";
}

function addRule(
  library: CLibrary,
  ruleset: number,
  { path, allowed }: { readonly path: string; readonly allowed: bigint },
): void {
  const file = library.open(cString(path), OPEN_PATH_ONLY);
  if (file < 0) return;
  // The kernel refuses rights of folders for a file.
  for (const rights of [allowed, allowed & OF_FILES]) {
    const rule = new Uint8Array(RULE_BYTES);
    const view = new DataView(rule.buffer);
    view.setBigUint64(0, rights, true);
    view.setInt32(8, file, true);
    if (library.syscall(ADD_RULE, BigInt(ruleset), PATH_BENEATH, addressOf(rule), 0n) === 0n) break;
  }
  library.close(file);
}
