/**
 * Asking an adapter for a WebGPU device.
 *
 * @module
 */

import { DeviceError } from "../../errors.ts";
import { requestUsableAdapter } from "./adapter.ts";

/** Features that are asked for where the adapter has them; none is needed. */
export const USEFUL_FEATURES: readonly string[] = [
  "texture-compression-bc",
  "texture-compression-etc2",
  "texture-compression-astc",
  "texture-formats-tier1",
  "float32-filterable",
  "timestamp-query",
  "shader-f16",
];

/**
 * A device with every useful feature that the adapter has, and with all its limits.
 *
 * @throws {DeviceError} with code `no-adapter`, naming the remedy, if there is no adapter or only
 * OpenGL; with code `device-failed` if the adapter gives no device.
 */
export async function requestGpu(
  { label, powerPreference }: {
    readonly label: string;
    readonly powerPreference: GPUPowerPreference;
  },
): Promise<GPUDevice> {
  const adapter = await requestUsableAdapter(powerPreference);
  const features = USEFUL_FEATURES.filter((name) => adapter.features.has(name as GPUFeatureName));
  try {
    return await adapter.requestDevice({
      label,
      requiredFeatures: features as GPUFeatureName[],
      requiredLimits: copyLimits(adapter.limits),
    });
  } catch (cause) {
    throw new DeviceError(
      "device-failed",
      `Cannot request device "${label}" as the adapter refused: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Limits by their WebGPU names. */
export function copyLimits(limits: GPUSupportedLimits): Record<string, number> {
  const copy: Record<string, number> = {};
  for (const name in limits) {
    const value = limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") copy[name] = value;
  }
  return copy;
}
