/**
 * Set-up of the adapter: the hardware's where there is one, else the software one.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";

/** What set-up needs of the machine; tests hand in another. */
export interface SetupHost {
  /** True if packages can be installed. */
  readonly isRoot: boolean;
  /** Text of a file, empty if it cannot be read. */
  readText(path: string): string;
  /**
   * Name of the adapter on which the shaders run. A process asks its drivers only once, so after an
   * installation only a new process finds the new one.
   *
   * @throws {DeviceError} with code `no-adapter`, whose message names the package to install
   */
  findAdapter(options: { newProcess: boolean }): Promise<string>;
  /** Runs a program to its end and answers whether it succeeded, with what it printed. */
  run(program: string, args: readonly string[]): Promise<{ succeeded: boolean; output: string }>;
  /** Tells the user what is going on. */
  say(text: string): void;
}

/** What set-up found. */
export interface SetupResult {
  /** Name of the adapter. */
  readonly adapter: string;
  /** The package that was installed to get it, if one was. */
  readonly installed?: string;
}

const DRIVER_PACKAGE = "mesa-vulkan-drivers";

/**
 * Makes sure that WebGPU has an adapter: quick when there is one; as root on Debian and its kin it
 * installs the software driver; elsewhere it stops.
 *
 * @throws {DeviceError} with code `no-adapter`; the message names the package to install
 */
export async function setUpAdapter(host: SetupHost): Promise<SetupResult> {
  try {
    return { adapter: await host.findAdapter({ newProcess: false }) };
  } catch (error) {
    const canInstall = host.isRoot && isDebianKin(host.readText("/etc/os-release"));
    if (!(error instanceof DeviceError) || !canInstall) throw error;
  }
  await installDriver(host);
  const adapter = await findInstalledAdapter(host);
  host.say(`Using ${adapter}`);
  return { adapter, installed: DRIVER_PACKAGE };
}

async function installDriver(host: SetupHost): Promise<void> {
  host.say(`No Vulkan driver found: installing ${DRIVER_PACKAGE} with apt-get`);
  const install = ["install", "-y", "-qq", "--no-install-recommends", DRIVER_PACKAGE];
  if ((await host.run("apt-get", install)).succeeded) return;
  host.say("Fetching the list of packages first, as apt-get cannot install from the one it has");
  const update = await host.run("apt-get", ["update", "-qq"]);
  const retry = await host.run("apt-get", install);
  if (retry.succeeded) return;
  throw new DeviceError(
    "no-adapter",
    `Cannot install ${DRIVER_PACKAGE}: mend what apt-get reports and run again\n` +
      `${update.output}${retry.output}`.trimEnd(),
  );
}

async function findInstalledAdapter(host: SetupHost): Promise<string> {
  try {
    return await host.findAdapter({ newProcess: true });
  } catch {
    throw new DeviceError(
      "no-adapter",
      `Cannot find a WebGPU adapter although ${DRIVER_PACKAGE} is installed: check that ` +
        "VK_DRIVER_FILES and VK_ICD_FILENAMES, if set, name a driver that exists",
    );
  }
}

/** Whether os-release(5) names Debian, Ubuntu or a system made from them. */
function isDebianKin(osRelease: string): boolean {
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease);
}
