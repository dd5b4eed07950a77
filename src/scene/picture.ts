/**
 * Pictures that the reference renderer returns.
 *
 * @module
 */

import { encodePng } from "../sources/mod.ts";

/** A rendered picture. */
export class Picture {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /**
   * Rows from the top down, RGBA, one byte a channel; transparent black where nothing was drawn.
   */
  readonly data: Uint8Array<ArrayBuffer>;

  /** Takes ownership of the pixels. */
  constructor(width: number, height: number, data: Uint8Array<ArrayBuffer>) {
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /** The bytes of a PNG file. */
  toPng(): Promise<Uint8Array<ArrayBuffer>> {
    return encodePng(this);
  }
}
