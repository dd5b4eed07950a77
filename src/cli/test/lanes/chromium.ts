/**
 * Set-up of the lanes that use Debian's Chromium: the browser, and the software Vulkan driver
 * SwiftShader that comes with it.
 *
 * @module
 */

import { canInstall, installPackage } from "../../install_package.ts";
import type { SetupHost } from "../../setup_host.ts";
import type { LaneSetup } from "./lane.ts";

/** The browser. */
export const CHROMIUM = "/usr/bin/chromium";

/** Names SwiftShader's library, which lies beside it, to the Vulkan loader. */
export const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Installs the browser where it is missing. */
export async function setUpChromium(host: SetupHost): Promise<LaneSetup> {
  const skipReason = await installChromium(host, CHROMIUM);
  return skipReason === "" ? { environment: {} } : { skipReason };
}

/**
 * Makes SwiftShader the only Vulkan driver.
 *
 * @throws {Error} if the driver is there and WebGPU does not run on it
 */
export async function setUpSwiftShader(host: SetupHost): Promise<LaneSetup> {
  const skipReason = await installChromium(host, SWIFTSHADER);
  if (skipReason !== "") return { skipReason };
  const environment = {
    DENO_WEBGPU_BACKEND: "vulkan",
    VK_DRIVER_FILES: SWIFTSHADER,
    // The same for Vulkan loaders before 1.3.207.
    VK_ICD_FILENAMES: SWIFTSHADER,
  };
  const adapter = await host.findAdapter({ newProcess: true, environment });
  if (!adapter.startsWith("SwiftShader")) {
    throw new Error(
      `Cannot run on SwiftShader as ${SWIFTSHADER} gives another adapter: ${adapter}`,
    );
  }
  return { environment };
}

/** Installs Chromium if a file of it is missing; returns why it could not, or an empty string. */
async function installChromium(host: SetupHost, file: string): Promise<string> {
  if (host.exists(file)) return "";
  if (!canInstall(host)) {
    return `there is no ${file}: on Debian, install the package chromium, or run as root`;
  }
  host.say(`No ${file} found: installing chromium with apt-get`);
  const { succeeded, output } = await installPackage(host, "chromium");
  if (!succeeded) return `the package chromium cannot be installed: ${output}`;
  return host.exists(file) ? "" : `the package chromium is installed without ${file}`;
}
