/**
 * The GPU: device, memory, atlas, page table, uploads, feedback and read-back.
 *
 * @module
 */

export {
  adoptDevice,
  type AdoptDeviceOptions,
  ForgeDevice,
  requestDevice,
  type RequestDeviceOptions,
} from "./device.ts";
export type { DeviceHealth } from "./device_health.ts";
export { bufferBytes, textureBytes } from "./descriptor_bytes.ts";
export {
  MEMORY_PARTS,
  MemoryLedger,
  type MemoryPart,
  type Reservation,
  type TrackedBuffer,
  type TrackedTexture,
} from "./memory_ledger.ts";
export { SubmitTracker, type SubmitTrackerOptions } from "./submit_tracker.ts";
