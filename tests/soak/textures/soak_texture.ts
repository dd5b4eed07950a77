/**
 * A texture of a soak: how it is loaded, and what is known of its content.
 *
 * @module
 */

import type {
  AbortOptions,
  StreamedTexture,
  VirtualTextureSystem,
} from "../../../src/streaming/mod.ts";
import type { TexelRect } from "../../../src/tiles/mod.ts";
import type { ReadFaults } from "./read_faults.ts";

/** Where a texture lies, and what cancels its load. */
export interface LoadOptions extends AbortOptions {
  /** World position of its first corner. */
  readonly origin: readonly [number, number, number];
}

/** Changes of content, of which the caller tells the system. */
export interface Changes {
  changeTile(tile: number): void;
  changeRect(rect: TexelRect): void;
  changeAll(): void;
}

/** One texture. It may be loaded into several systems at once. */
export interface SoakTexture {
  /** Its kind. */
  readonly kind: string;
  /** What goes wrong with its reads; null where nothing ever does. */
  readonly faults: ReadFaults | null;
  /** Null for content that never changes. */
  readonly changes: Changes | null;
  /** Whether each texel tells its place, as `checkPlaces` wants it. */
  readonly tellsPlaces: boolean;
  /** Loads it. */
  load(system: VirtualTextureSystem, options: LoadOptions): Promise<StreamedTexture>;
  /** Bytes that each plane of a tile must have now; null where only the GPU could tell. */
  planesOf(
    texture: StreamedTexture,
    level: number,
    x: number,
    y: number,
  ): Promise<readonly Uint8Array[]> | null;
  /** What it holds that must be given back while nothing is in flight. */
  heldCount?(): number;
  /** A check of its own, of a texture that has settled. */
  check?(system: VirtualTextureSystem, texture: StreamedTexture): Promise<void>;
}
