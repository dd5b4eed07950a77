/**
 * Passes of PNG files: one, or the seven of Adam7 (PNG, third edition, section 8.1).
 *
 * @module
 */

/** Texels that are stored row by row. */
export interface PngPass {
  /** Texels of a row. */
  readonly width: number;
  readonly rows: number;
  /** Bytes of a row without its filter. */
  readonly rowBytes: number;
}

/** First column and row of each pass, and the steps to the next ones. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * The passes that have texels, in order.
 *
 * @param picture Its dimensions in texels, and the bits of one.
 */
export function pngPasses(
  picture: {
    readonly width: number;
    readonly height: number;
    readonly bits: number;
    readonly isInterlaced: boolean;
  },
): PngPass[] {
  const steps = picture.isInterlaced ? ADAM7 : [[0, 0, 1, 1] as const];
  return steps.map(([column, row, across, down]) => {
    const width = Math.max(0, Math.ceil((picture.width - column) / across));
    const rows = Math.max(0, Math.ceil((picture.height - row) / down));
    return { width, rows, rowBytes: Math.ceil(width * picture.bits / 8) };
  }).filter(({ width, rows }) => width > 0 && rows > 0);
}
