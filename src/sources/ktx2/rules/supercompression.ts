/**
 * Supercompression schemes of KTX 2.0 (section 3.5, and the scheme registry).
 *
 * @module
 */

/** Numbers of the schemes. */
export const SCHEME = Object.freeze({
  NONE: 0,
  BASIS_LZ: 1,
  ZSTD: 2,
  ZLIB: 3,
  UASTC_HDR_6X6_INTERMEDIATE: 4,
});

/** Schemes of Basis Universal 2.x that came after the specification: their rules are not checked. */
const FIRST_NEWER = 5;

const FIRST_VENDOR = 0x10000;
const LAST_VENDOR = 0x1ffff;
const NAMES = [
  ...["none", "BasisLZ", "Zstandard", "ZLIB", "UASTC HDR 6x6 intermediate"],
  ...["XUASTC LDR intermediate", "XUBC7"],
];

/** Whether a number is a scheme, a vendor's included. */
export function isScheme(scheme: number): boolean {
  return scheme < NAMES.length || (scheme >= FIRST_VENDOR && scheme <= LAST_VENDOR);
}

/** Whether a scheme is too new for its rules to be known. */
export function isNewerScheme(scheme: number): boolean {
  return scheme >= FIRST_NEWER && scheme < NAMES.length;
}

/** Name of a scheme. */
export function schemeName(scheme: number): string {
  return NAMES[scheme] ?? `vendor scheme 0x${scheme.toString(16)}`;
}

/** Whether a scheme has a block compression of its own, with tables in the global data. */
export function isBlockScheme(scheme: number): boolean {
  return scheme === SCHEME.BASIS_LZ || scheme === SCHEME.UASTC_HDR_6X6_INTERMEDIATE;
}
