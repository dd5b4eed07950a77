/**
 * What the launcher tells the process of a script; the script can read it.
 *
 * @module
 */

import type { HostView, Program } from "../../python/mod.ts";
import type { CodeFolders } from "../sandbox/code_folders.ts";
import type { ReadOnlyFolder } from "../sandbox/script_grants.ts";

/** One run of a program. */
export interface ScriptSettings {
  /** What to run. */
  readonly program: Program;
  /** The program's working folder. */
  readonly folder: string;
  /** Packages to add, which have been fetched. */
  readonly packages: readonly string[];
  /** Address of the package index, without credentials. */
  readonly indexUrl: string;
  /** Where the interpreter and packages were prepared. */
  readonly cacheFolder: string;
  /** The files that the process may read or write. */
  readonly view: HostView;
  /** Names of the environment variables that the program sees. */
  readonly variables: readonly string[];
  /** Whether loads may show their progress. */
  readonly showsProgress: boolean;
  /** Whether hosts of the network may be reached. */
  readonly reachesHosts: boolean;
  /** The process that started this one. */
  readonly launcher: number;
  /** Folders that a script would write if nothing spoke against it. */
  readonly readOnly: readonly ReadOnlyFolder[];
  /** Folders that no option lets a script write. */
  readonly code: CodeFolders;
}
