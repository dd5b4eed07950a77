/**
 * A machine for tests of set-up.
 *
 * @module
 */

import { DeviceError } from "../../src/errors.ts";
import type { SetupHost } from "../../src/cli/setup_host.ts";

/** os-release(5) of Debian. */
export const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';

/** Configuration of a fake machine. */
export interface FakeMachine {
  readonly osRelease?: string;
  readonly isRoot?: boolean;
  /** What each search for an adapter finds, in order; the last is found from then on. */
  readonly adapters: readonly (string | undefined)[];
  /** Files that exist from the start. */
  readonly files?: readonly string[];
  /** Files that exist once a program has run and succeeded. */
  readonly installedFiles?: readonly string[];
  /** Whether each run of a program succeeds, in order. */
  readonly runs?: readonly boolean[];
}

/** A machine that only records calls. */
export function fakeMachine(machine: FakeMachine) {
  const searches: boolean[] = [];
  const commands: string[] = [];
  const said: string[] = [];
  const files = new Set(machine.files);
  const host: SetupHost = {
    isRoot: machine.isRoot ?? true,
    readText: (path) => path === "/etc/os-release" ? machine.osRelease ?? "" : "",
    exists: (path) => files.has(path),
    findAdapter({ newProcess }) {
      const { adapters } = machine;
      const found = adapters[Math.min(searches.length, adapters.length - 1)];
      searches.push(newProcess);
      return found === undefined
        ? Promise.reject(new DeviceError("no-adapter", "install the package vulkan-swrast"))
        : Promise.resolve(found);
    },
    runProgram(program, args) {
      const succeeded = machine.runs?.[commands.length] ?? true;
      commands.push([program, ...args].join(" "));
      if (succeeded) { for (const path of machine.installedFiles ?? []) files.add(path); }
      return Promise.resolve({ succeeded, output: succeeded ? "" : "E: broken mirror\n" });
    },
    say: (text) => void said.push(text),
  };
  return { host, searches, commands, said };
}
