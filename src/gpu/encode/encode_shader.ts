/**
 * The shaders of the block encoders, put together from their files.
 *
 * @module
 */

import bc1Code from "../../../shaders/encode/encode_bc1.wgsl" with { type: "text" };
import bc1ColorCode from "../../../shaders/encode/encode_bc1_color.wgsl" with { type: "text" };
import bc3Code from "../../../shaders/encode/encode_bc3.wgsl" with { type: "text" };
import bc4Code from "../../../shaders/encode/encode_bc4.wgsl" with { type: "text" };
import bc5Code from "../../../shaders/encode/encode_bc5.wgsl" with { type: "text" };
import bc7LowCode from "../../../shaders/encode/encode_bc7_low.wgsl" with { type: "text" };
import bc7ModesCode from "../../../shaders/encode/encode_bc7_modes.wgsl" with { type: "text" };
import bc7PaletteCode from "../../../shaders/encode/encode_bc7_palette.wgsl" with { type: "text" };
import bc7SearchCode from "../../../shaders/encode/encode_bc7_search.wgsl" with { type: "text" };
import bc7WriteCode from "../../../shaders/encode/encode_bc7_write.wgsl" with { type: "text" };
import channelCode from "../../../shaders/encode/encode_channel.wgsl" with { type: "text" };
import lineCode from "../../../shaders/encode/encode_line.wgsl" with { type: "text" };
import mainCode from "../../../shaders/encode/encode_main.wgsl" with { type: "text" };
import bufferCode from "../../../shaders/encode/encode_source_buffer.wgsl" with { type: "text" };
import textureCode from "../../../shaders/encode/encode_source_texture.wgsl" with { type: "text" };
import ycocgCode from "../../../shaders/encode/encode_ycocg.wgsl" with { type: "text" };
import type { EncodeQuality } from "./encode_quality.ts";

/** The kinds of blocks that there are encoders for; sRGB formats share them. */
export type BlockKind = "bc1" | "bc3" | "bc4" | "bc5" | "bc7" | "ycocg";

/** Where an encoder reads texels. */
export type EncodeSourceKind = "buffer" | "texture";

/**
 * WGSL of an encoder; its entry point is `encode`.
 *
 * @param kind What to encode to.
 * @param options Quality (BC7 of low quality has a shader of its own) and kind of source.
 */
export function encoderWgsl(
  kind: BlockKind,
  options: { readonly quality: EncodeQuality; readonly source: EncodeSourceKind },
): string {
  const source = options.source === "buffer" ? bufferCode : textureCode;
  return [mainCode, source, ...kindFiles(kind, options.quality)].join("\n");
}

function kindFiles(kind: BlockKind, quality: EncodeQuality): readonly string[] {
  switch (kind) {
    case "bc1":
      return [lineCode, bc1ColorCode, bc1Code];
    case "bc3":
      return [lineCode, bc1ColorCode, channelCode, bc3Code];
    case "ycocg":
      return [lineCode, bc1ColorCode, channelCode, ycocgCode];
    case "bc4":
      return [channelCode, bc4Code];
    case "bc5":
      return [channelCode, bc5Code];
    case "bc7": {
      const search = quality === "low" ? bc7LowCode : bc7SearchCode;
      return [lineCode, bc7PaletteCode, bc7ModesCode, bc7WriteCode, search];
    }
  }
}
