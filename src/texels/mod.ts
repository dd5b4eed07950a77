/**
 * What a texel block is: formats, block sizes, colour space, mip chains, decoders. Pure.
 *
 * @module
 */

export * from "./formats.ts";
