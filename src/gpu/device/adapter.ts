/**
 * Finding an adapter on which the shaders run, and saying what to do where there is none.
 *
 * @module
 */

import { denoRuntime } from "../../deno_runtime.ts";
import { DeviceError } from "../../errors.ts";
import { defaultEnvironmentVariable, readTextIfAllowed } from "./platform.ts";

/** What a system calls the package that holds its Vulkan driver, and how it is installed. */
const VULKAN_PACKAGES: readonly { ids: readonly string[]; remedy: string }[] = [
  {
    ids: ["debian", "ubuntu"],
    remedy: "install the package mesa-vulkan-drivers (apt-get install mesa-vulkan-drivers)",
  },
  {
    ids: ["fedora", "rhel"],
    remedy: "install the package mesa-vulkan-drivers (dnf install mesa-vulkan-drivers)",
  },
  { ids: ["arch"], remedy: "install the package vulkan-swrast (pacman -S vulkan-swrast)" },
  {
    ids: ["alpine"],
    remedy: "install the package mesa-vulkan-swrast (apk add mesa-vulkan-swrast)",
  },
  {
    ids: ["suse", "opensuse"],
    remedy: "install the package libvulkan_lvp (zypper install libvulkan_lvp)",
  },
];

const GENERIC_LINUX_REMEDY = "install a Vulkan driver: the package mesa-vulkan-drivers " +
  "(Debian, Ubuntu, Fedora) or vulkan-swrast (Arch)";

/**
 * What to do on a Linux system without a Vulkan driver.
 *
 * @param osRelease Content of `/etc/os-release`; empty where it is unknown.
 */
export function linuxRemedy(osRelease: string): string {
  const ids: string[] = [];
  for (const key of ["ID", "ID_LIKE"]) {
    const value = osRelease.match(new RegExp(`^${key}=["']?([^"'\\n]*)`, "m"))?.[1];
    if (value !== undefined) ids.push(...value.toLowerCase().split(/\s+/));
  }
  for (const id of ids) {
    const found = VULKAN_PACKAGES.find((p) => p.ids.includes(id));
    if (found !== undefined) return found.remedy;
  }
  return GENERIC_LINUX_REMEDY;
}

async function remedy(): Promise<string> {
  switch (denoRuntime()?.build.os) {
    case undefined:
      return "use a browser with WebGPU, and switch on its hardware acceleration";
    case "darwin":
    case "windows":
      return "install or update the graphics driver";
    default:
      return linuxRemedy(await readTextIfAllowed("/etc/os-release"));
  }
}

/**
 * Whether an adapter is wgpu's OpenGL fallback. The API does not say so; its OpenGL backend is the
 * only one that puts no limit on the bindings of a group and cannot store to BGRA.
 */
export function isOpenGlAdapter(adapter: GPUAdapter): boolean {
  return denoRuntime() !== undefined && !adapter.features.has("bgra8unorm-storage") &&
    (adapter.limits.maxBindingsPerBindGroup ?? 0) >= 0xffff_ffff;
}

/** Names of adapters that draw on the CPU, for systems that do not say what an adapter is. */
const CPU_NAMES = /llvmpipe|lavapipe|swiftshader|basic render/i;

/**
 * Whether an adapter draws on the CPU (WebGPU, `GPUAdapterInfo.isFallbackAdapter`).
 *
 * @param info What the system says of the adapter; it may say nothing.
 */
export function isCpuAdapter(info: GPUAdapterInfo | undefined): boolean {
  if (info === undefined) return false;
  const said: boolean | undefined = info.isFallbackAdapter;
  return said ?? CPU_NAMES.test(`${info.description} ${info.device} ${info.architecture}`);
}

/**
 * Asks for an adapter on which the shaders run.
 *
 * @throws {DeviceError} with code `no-adapter` and the remedy in its message, if there is none or
 * only OpenGL.
 */
export async function requestUsableAdapter(
  powerPreference: GPUPowerPreference,
): Promise<GPUAdapter> {
  const gpu = (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu;
  if (gpu === undefined) {
    throw new DeviceError(
      "no-adapter",
      `Cannot request device as WebGPU is missing here: ${await remedy()}`,
    );
  }
  if (denoRuntime()?.build.os === "linux") {
    // Without it libwayland prints a line at each start.
    defaultEnvironmentVariable("XDG_RUNTIME_DIR", "/tmp");
  }
  // Without it wgpu falls back to OpenGL, on which the shaders do not run.
  defaultEnvironmentVariable("DENO_WEBGPU_BACKEND", "vulkan,metal,dx12");
  const adapter = await gpu.requestAdapter({ powerPreference });
  if (adapter === null) {
    throw new DeviceError(
      "no-adapter",
      `Cannot request device as no WebGPU adapter was found: ${await remedy()}`,
    );
  }
  if (isOpenGlAdapter(adapter)) {
    throw new DeviceError(
      "no-adapter",
      `Cannot request device as the only adapter is OpenGL, on which virtual texturing does not ` +
        `run: ${await remedy()}`,
    );
  }
  return adapter;
}

/** Name of the API below WebGPU, as far as it can be told. */
export function backendName(): string {
  switch (denoRuntime()?.build.os) {
    case undefined:
      return "browser";
    case "darwin":
      return "metal";
    case "windows":
      return "dx12 or vulkan";
    default:
      return "vulkan";
  }
}
