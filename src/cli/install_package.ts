/**
 * Installs packages on Debian and its derivatives.
 *
 * @module
 */

import type { SetupHost } from "./setup_host.ts";

/** Outcome of an installation. */
export interface Installation {
  readonly succeeded: boolean;
  /** What apt-get printed if it failed. */
  readonly output: string;
}

/** True if packages can be installed: as root, on Debian, Ubuntu or a system made from them. */
export function canInstall(host: SetupHost): boolean {
  return host.isRoot && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(host.readText("/etc/os-release"));
}

/** Installs a package with apt-get, which fetches its lists of packages where it has to. */
export async function installPackage(host: SetupHost, name: string): Promise<Installation> {
  const install = ["install", "-y", "-qq", "--no-install-recommends", name];
  if ((await host.runProgram("apt-get", install)).succeeded) return { succeeded: true, output: "" };
  host.say("Fetching the list of packages first, as apt-get cannot install from the one it has");
  const update = await host.runProgram("apt-get", ["update", "-qq"]);
  const { succeeded, output } = await host.runProgram("apt-get", install);
  return { succeeded, output: succeeded ? "" : `${update.output}${output}`.trimEnd() };
}
