/**
 * Set-up of the adapter: the hardware's where there is one, else the software one.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import { canInstall, installPackage } from "./install_package.ts";
import type { SetupHost } from "./setup_host.ts";

/** Outcome of set-up. */
export interface SetupResult {
  /** Name of the adapter. */
  readonly adapter: string;
  /** The package that was installed to get it, if one was. */
  readonly installed?: string;
}

const DRIVER_PACKAGE = "mesa-vulkan-drivers";

/**
 * Makes sure that WebGPU has an adapter. Without one, it installs the software driver as root on
 * Debian, Ubuntu and their derivatives; elsewhere it fails.
 *
 * @throws {DeviceError} with code `no-adapter`; the message names the package to install
 */
export async function setUpAdapter(host: SetupHost): Promise<SetupResult> {
  try {
    return { adapter: await host.findAdapter({ newProcess: false }) };
  } catch (error) {
    if (!(error instanceof DeviceError) || !canInstall(host)) throw error;
  }
  await installDriver(host);
  const adapter = await findInstalledAdapter(host);
  host.say(`Using ${adapter}`);
  return { adapter, installed: DRIVER_PACKAGE };
}

async function installDriver(host: SetupHost): Promise<void> {
  host.say(`No Vulkan driver found: installing ${DRIVER_PACKAGE} with apt-get`);
  const { succeeded, output } = await installPackage(host, DRIVER_PACKAGE);
  if (succeeded) return;
  throw new DeviceError(
    "no-adapter",
    `Cannot install ${DRIVER_PACKAGE}: fix what apt-get reports and run again\n${output}`,
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
