/**
 * What helps where a Vulkan format cannot be read.
 *
 * @module
 */

import { isDepthStencilFormat } from "./vk_format.ts";

/** A hint for the end of a message, or null if there is none. */
export function formatRemedy(name: string): string | null {
  if (isDepthStencilFormat(name)) return "store depths as R16_UNORM or R32_SFLOAT";
  if (/_[SU]INT(_|$)|_[SU]SCALED/.test(name)) {
    return "integers are not filtered: store them as UNORM, SNORM or SFLOAT";
  }
  if (name.startsWith("R64")) return "store its values in 32 bits";
  if (/^ASTC_.*SFLOAT/.test(name)) return "WebGPU has no ASTC of floats: transcode it to BC6H";
  if (name.startsWith("ASTC")) {
    return "tiles can be cut out of blocks of 4×4 or 8×8 texels alone: encode it with those, or in BC7";
  }
  if (name.startsWith("PVRTC")) return "WebGPU has no PVRTC: transcode it to BC7 or RGBA8";
  return /_\d?PACK(8|16)|SNORM_PACK32/.test(name) ? "store it with 8 or 16 bits a channel" : null;
}
