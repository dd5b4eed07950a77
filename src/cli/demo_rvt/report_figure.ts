/**
 * Pictures of the report, which are part of its page.
 *
 * @module
 */

import type { Picture } from "../../scene/mod.ts";
import { escapeMarkup } from "../demo/markup.ts";

/** A picture with a caption below it. */
export async function figure(picture: Picture, caption: string): Promise<string> {
  const text = escapeMarkup(caption);
  return `<figure><img src="${dataUrl(await picture.toPng())}" alt="${text}">` +
    `<figcaption>${text}</figcaption></figure>`;
}

/** A PNG file as an address. */
export function dataUrl(png: Uint8Array): string {
  return `data:image/png;base64,${png.toBase64()}`;
}
