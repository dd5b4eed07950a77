/**
 * Options that several calls of a system share.
 *
 * @module
 */

import type { StreamedTexture } from "./streamed_texture.ts";

/** Options of calls that can be cancelled. */
export interface AbortOptions {
  /** Cancels the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode VirtualTextureSystem.updateNow}. */
export interface UpdateOptions {
  /** Streams for this texture only; the others keep what they have as far as there is room. */
  readonly texture?: StreamedTexture | null;
}
