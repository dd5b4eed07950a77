/**
 * Kinds of files that are known by their first bytes, and not read as pictures; those that may stand for
 * other textures, too, are refused before by `assertNotForeign`.
 *
 * @module
 */

/** A kind of file that is not read. */
export interface RefusedKind {
  /** What people call it. */
  readonly name: string;
  /** What to do with it, in the imperative. */
  readonly remedy: string;
}

/** Bytes as characters; `.` is any. */
type Start = string;

interface Group {
  readonly remedy: string;
  readonly kinds: readonly (readonly [name: string, ...starts: Start[]])[];
}

const GROUPS: readonly Group[] = [
  {
    remedy: "convert it to PNG, JPEG or TIFF",
    kinds: [
      ["HEIC", "....ftypheic", "....ftypheix", "....ftyphevc", "....ftyphevx", "....ftypheim"],
      ["HEIC", "....ftypheis"],
      ["HEIF", "....ftypmif1", "....ftypmsf1", "....ftypmif2"],
      ["JPEG 2000", "\0\0\0\x0cjP  \r\n\x87\n", "\xff\x4f\xff\x51"],
      ["JPEG XL", "\xff\x0a", "\0\0\0\x0cJXL \r\n\x87\n"],
      ["JPEG XR", "II\xbc"],
      ["PSD", "8BPS"],
      ["XCF", "gimp xcf"],
      ["ICO", "\0\0\x01\0"],
      ["CUR", "\0\0\x02\0"],
      ["PNM", "P1\n", "P2\n", "P3\n", "P4\n", "P5\n", "P6\n", "P7\n"],
      ["PNM", "P1 ", "P2 ", "P3 ", "P4 ", "P5 ", "P6 ", "P1#", "P2#", "P3#", "P4#", "P5#", "P6#"],
      ["PNM", "P1\r", "P2\r", "P3\r", "P4\r", "P5\r", "P6\r", "P7\r"],
      ["QOI", "qoif"],
      ["farbfeld", "farbfeld"],
      ["MNG", "\x8aMNG\r\n\x1a\n"],
      ["PCX", "\x0a\x05\x01\x08"],
      ["ILBM", "FORM....ILBM"],
      ["Sun raster", "\x59\xa6\x6a\x95"],
      ["BPG", "BPG\xfb"],
      ["FLIF", "FLIF"],
      ["SGI", "\x01\xda\0\x01", "\x01\xda\0\x02", "\x01\xda\x01\x01", "\x01\xda\x01\x02"],
      ["ICNS", "icns"],
    ],
  },
  {
    remedy: "convert it to TIFF with 32-bit floats",
    kinds: [
      ["OpenEXR", "\x76\x2f\x31\x01"],
      ["Radiance HDR", "#?RADIANCE", "#?RGBE"],
      ["PFM", "PF\n", "Pf\n", "PF ", "Pf "],
    ],
  },
  {
    remedy: "convert it to KTX2",
    kinds: [
      ["ASTC", "\x13\xab\xa1\x5c"],
      ["PVR", "PVR\x03"],
      ["PKM", "PKM 10", "PKM 20"],
    ],
  },
  {
    remedy: "draw it to a PNG of the size that is wanted",
    kinds: [
      ["PDF", "%PDF"],
      ["PostScript", "%!PS"],
    ],
  },
  {
    remedy: "write the variable or band that is wanted to a GeoTIFF, such as with gdal_translate",
    kinds: [
      ["NetCDF", "CDF\x01", "CDF\x02", "CDF\x05"],
      ["HDF5 or NetCDF", "\x89HDF\r\n\x1a\n"],
      ["a NumPy array", "\x93NUMPY"],
      ["HDF4", "\x0e\x03\x13\x01"],
      ["GRIB", "GRIB"],
      ["FITS", "SIMPLE  ="],
      ["an ASCII grid", "ncols ", "NCOLS "],
      ["SQLite or GeoPackage", "SQLite format 3\0"],
    ],
  },
  {
    remedy: "unpack it",
    kinds: [
      ["xz", "\xfd7zXZ\0"],
      ["bzip2", "BZh"],
      ["7z", "7z\xbc\xaf\x27\x1c"],
      ["RAR", "Rar!\x1a\x07"],
    ],
  },
  {
    remedy: "write the picture that is wanted to a PNG",
    kinds: [
      ["a video", "....ftyp", "\x1aE\xdf\xa3", "RIFF....AVI ", "OggS"],
      ["a sound", "RIFF....WAVE", "ID3", "fLaC"],
      ["glTF", "glTF"],
    ],
  },
];

const SVG: RefusedKind = { name: "SVG", remedy: GROUPS[3]!.remedy };
const SVG_START = /^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)/i;
const TGA: RefusedKind = { name: "TGA", remedy: GROUPS[0]!.remedy };
/** Kinds of TGA without a table of colours: colours and grey, of runs too. */
const TGA_KINDS = [2, 3, 10, 11];
const TGA_BITS = [8, 15, 16, 24, 32];
/** Of the last byte of its header: bits of alpha, and where the first texel is. */
const TGA_FLAGS = 0x40;

/**
 * The kind of a file that is not read, or null if it is unknown.
 *
 * @param start The file's first bytes as characters.
 */
export function refusedKind(start: string): RefusedKind | null {
  if (isTga(start)) return TGA;
  for (const { kinds, remedy } of GROUPS) {
    for (const [name, ...starts] of kinds) {
      if (starts.some((wanted) => matchesStart(start, wanted))) return { name, remedy };
    }
  }
  return SVG_START.test(start) ? SVG : null;
}

/** TGA has no mark of its own; a CUR file has a count where this has no table of colours. */
function isTga(start: string): boolean {
  const [, tableKind, kind, ...rest] = Array.from(start, (letter) => letter.charCodeAt(0));
  return rest.length >= 15 && tableKind === 0 && TGA_KINDS.includes(kind!) &&
    rest.slice(0, 5).every((byte) => byte === 0) && TGA_BITS.includes(rest[13]!) &&
    rest[14]! < TGA_FLAGS;
}

/** Whether a text begins with another, in which `.` is any character. */
export function matchesStart(text: string, start: Start): boolean {
  if (text.length < start.length) return false;
  for (let i = 0; i < start.length; i++) {
    if (start[i] !== "." && start[i] !== text[i]) return false;
  }
  return true;
}
