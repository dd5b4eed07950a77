/**
 * Which form of Basis Universal the levels of a KTX2 file have, and what their channels are.
 *
 * @module
 */

import type { DataFormatDescriptor } from "../data_format_descriptor.ts";
import { MODEL } from "../rules/color_model.ts";
import { SCHEME } from "../rules/supercompression.ts";

/** What the texels of a file of Basis Universal are. */
export interface BasisTexels {
  /** How they are stored. */
  readonly form: "ETC1S" | "UASTC" | "UASTC HDR 4x4" | "UASTC HDR 6x6";
  /** Channels that carry content; the others are 0, alpha 1. */
  readonly channels: "r" | "rg" | "rgb" | "rgba";
  /** The channel of a decoded texel, 0 to 3, that green is taken from: of `rg` it may be alpha. */
  readonly green: 1 | 3;
}

/** A form of Basis Universal that is transcoded. */
export type BasisForm = BasisTexels["form"];

/** Channels of the two models by their numbers (Data Format Specification 1.3, sections 5.6.14, 5.6.15). */
const ETC1S = Object.freeze({ RRR: 3, GGG: 4, AAA: 15 });
const UASTC = Object.freeze({ RGBA: 3, RRR: 4, RRRG: 5, RG: 6 });

/**
 * What the texels of a file are; null if they are no form of Basis Universal that is transcoded.
 *
 * @param scheme Number of the file's supercompression scheme.
 */
export function basisTexelsOf(
  { model, samples }: Pick<DataFormatDescriptor, "model" | "samples">,
  scheme: number,
): BasisTexels | null {
  const isPlain = scheme === SCHEME.NONE || scheme === SCHEME.ZSTD || scheme === SCHEME.ZLIB;
  if (model === MODEL.ETC1S && scheme === SCHEME.BASIS_LZ) {
    return { form: "ETC1S", ...channelsOfEtc1s(samples.map(({ channel }) => channel)) };
  }
  if (model === MODEL.UASTC && isPlain) {
    return { form: "UASTC", ...channelsOfUastc(samples[0]?.channel) };
  }
  if (model === MODEL.UASTC_HDR_4X4 && isPlain) {
    return { form: "UASTC HDR 4x4", channels: "rgb", green: 1 };
  }
  if (model === MODEL.UASTC_HDR_6X6 && scheme === SCHEME.UASTC_HDR_6X6_INTERMEDIATE) {
    return { form: "UASTC HDR 6x6", channels: "rgb", green: 1 };
  }
  return null;
}

/** Whether texels are floats, from 0 on. */
export function isHdr({ form }: Pick<BasisTexels, "form">): boolean {
  return form.startsWith("UASTC HDR");
}

/** The second of two slices is decoded to alpha, whatever it means. */
function channelsOfEtc1s(channels: readonly number[]): Pick<BasisTexels, "channels" | "green"> {
  if (channels[1] === ETC1S.GGG) return { channels: "rg", green: 3 };
  if (channels.length > 1) return { channels: "rgba", green: 1 };
  return { channels: channels[0] === ETC1S.RRR ? "r" : "rgb", green: 1 };
}

function channelsOfUastc(channel: number | undefined): Pick<BasisTexels, "channels" | "green"> {
  switch (channel) {
    case UASTC.RGBA:
      return { channels: "rgba", green: 1 };
    case UASTC.RRR:
      return { channels: "r", green: 1 };
    case UASTC.RRRG:
      return { channels: "rg", green: 3 };
    case UASTC.RG:
      return { channels: "rg", green: 1 };
    default:
      return { channels: "rgb", green: 1 };
  }
}
