/**
 * Set-up of the adapter: the hardware's where there is one, else the software one.
 *
 * WebGPU runs on Vulkan under Linux. Without a Vulkan driver it would fall back to OpenGL, on which
 * the shaders do not run, so the fallback is switched off and the driver's absence is told plainly.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import { adviseDriver, type DriverAdvice } from "./driver_packages.ts";

/** What set-up needs of the machine; tests hand in another. */
export interface SetupHost {
  /** Operating system, as `Deno.build.os` names it. */
  readonly os: string;
  /** True if packages can be installed. */
  readonly isRoot: boolean;
  /** Text of a file, empty if it cannot be read. */
  readText(path: string): string;
  /** Name of the adapter that WebGPU gives, or `undefined`; in a new process once one has failed. */
  findAdapter(options: { newProcess: boolean }): Promise<string | undefined>;
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

/**
 * Makes sure that WebGPU has an adapter: quick when there is one; as root on Debian and its kin it
 * installs the software driver; elsewhere it stops.
 *
 * @throws {DeviceError} with code `no-adapter`; the message names the package to install
 */
export async function setUpAdapter(host: SetupHost): Promise<SetupResult> {
  const found = await host.findAdapter({ newProcess: false });
  if (found !== undefined) return { adapter: found };
  const advice = adviseDriver(host.os, host.readText("/etc/os-release"));
  if (!advice.hasApt || !host.isRoot || advice.packageName === undefined) {
    throw new DeviceError("no-adapter", missingDriverText(advice));
  }
  await installWithApt(host, advice);
  const adapter = await host.findAdapter({ newProcess: true });
  if (adapter === undefined) {
    throw new DeviceError(
      "no-adapter",
      `Cannot find a WebGPU adapter although ${advice.packageName} is installed: ` +
        "check that VK_DRIVER_FILES and VK_ICD_FILENAMES, if set, name a driver that exists",
    );
  }
  host.say(`Using ${adapter}`);
  return { adapter, installed: advice.packageName };
}

async function installWithApt(host: SetupHost, advice: DriverAdvice): Promise<void> {
  const packageName = advice.packageName!;
  host.say(`No Vulkan driver found: installing ${packageName} with apt-get`);
  const install = ["install", "-y", "-qq", "--no-install-recommends", packageName];
  if ((await host.run("apt-get", install)).succeeded) return;
  host.say("Reading the list of packages first, as apt-get does not know the package yet");
  const update = await host.run("apt-get", ["update", "-qq"]);
  const retry = await host.run("apt-get", install);
  if (retry.succeeded) return;
  throw new DeviceError(
    "no-adapter",
    `Cannot install ${packageName}: apt-get failed, mend what it reports and run again\n` +
      `${update.output}${retry.output}`.trimEnd(),
  );
}

function missingDriverText(advice: DriverAdvice): string {
  return `Cannot run without a WebGPU adapter: ${advice.system} has no Vulkan driver that works. ` +
    `To mend it: ${advice.command}`;
}
