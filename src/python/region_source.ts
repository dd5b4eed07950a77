/**
 * Textures whose texels a function of Python gives.
 *
 * @module
 */
import {
  type LevelRegion,
  openRegionSource,
  type RowFormat,
  type TileSource,
} from "../sources/mod.ts";
import { type ColorSpace, halfToFloat } from "../texels/mod.ts";
import type { Wrap } from "../tiles/mod.ts";
import { madeBy, type PythonOutcome } from "./rvt/python_outcome.ts";

/** Gives the bytes of a region. It never throws, and is kept until it is destroyed. */
export type PythonReadRegion =
  & ((...region: [number, number, number, number, number]) => Promise<PythonOutcome>)
  & { destroy(): void };

/** What Python says of a texture, and how its function gives texels. */
export interface PythonRegions {
  readonly width: number;
  readonly height: number;
  /** As what the texels are streamed. */
  readonly format: RowFormat;
  readonly levels?: number;
  readonly colorSpace?: ColorSpace;
  readonly premultiplied?: boolean;
  readonly name: string;
  /** Channels that the function gives: three for a format of four, whose alpha is added. */
  readonly givenChannels: number;
  /** Whether it gives 16-bit floats, for a format of 32-bit ones. */
  readonly hasHalfFloats: boolean;
}

/** Opens a source for a system; it destroys the function when it is closed, or cannot be opened. */
export async function openPythonRegions(
  read: PythonReadRegion,
  regions: PythonRegions,
  load: {
    readonly tileSize: number;
    readonly border: number;
    readonly colorSpace?: ColorSpace | null | undefined;
    readonly wrap?: Wrap | null | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<TileSource> {
  const { givenChannels: _channels, hasHalfFloats: _half, ...options } = regions;
  const { tileSize, border, signal } = load;
  const { colorSpace = load.colorSpace } = options;
  const readRegion = async ({ level, x, y, width, height }: LevelRegion) => {
    const bytes = madeBy(await read(level, x, y, width, height)) as Uint8Array;
    return asRows(bytes, regions);
  };
  let isDestroyed = false;
  const destroy = () => {
    if (!isDestroyed) read.destroy();
    isDestroyed = true;
  };
  try {
    const source = await openRegionSource(readRegion, {
      ...options,
      tileSize,
      border,
      signal,
      ...(colorSpace === undefined || colorSpace === null ? {} : { colorSpace }),
      ...(load.wrap === undefined || load.wrap === null ? {} : { wrap: load.wrap }),
    });
    const { close } = source;
    source.close = () => {
      close.call(source);
      destroy();
    };
    return source;
  } catch (error) {
    destroy();
    throw error;
  }
}

/** The texels as they are streamed. */
function asRows(
  bytes: Uint8Array,
  { format, givenChannels, hasHalfFloats }: PythonRegions,
): Uint8Array {
  const isWide = givenChannels === 3;
  if (!isWide && !hasHalfFloats) return bytes;
  const given = hasHalfFloats ? floatsOf(bytes) : valuesOf(bytes, format);
  const rows = isWide ? withAlpha(given) : given;
  return new Uint8Array(rows.buffer);
}

type Values = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

function valuesOf(bytes: Uint8Array, format: RowFormat): Values {
  // A copy in a buffer of its own, at whose start values are aligned.
  const { buffer } = Uint8Array.from(bytes);
  if (format.endsWith("8unorm")) return new Uint8Array(buffer);
  return format.endsWith("float") ? new Float32Array(buffer) : new Uint16Array(buffer);
}

function floatsOf(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const halves = new Uint16Array(Uint8Array.from(bytes).buffer);
  return Float32Array.from(halves, halfToFloat);
}

/** Colours with an opaque alpha; holes stay holes. */
function withAlpha(colors: Values): Values {
  const texels = colors.length / 3;
  const kind = colors.constructor as { new (length: number): Values };
  const rows = new kind(4 * texels);
  const opaque = colors instanceof Float32Array ? 1 : 2 ** (8 * colors.BYTES_PER_ELEMENT) - 1;
  for (let i = 0; i < texels; i++) {
    const [from, to] = [3 * i, 4 * i];
    const [red, green, blue] = [colors[from]!, colors[from + 1]!, colors[from + 2]!];
    rows[to] = red;
    rows[to + 1] = green;
    rows[to + 2] = blue;
    const isHole = Number.isNaN(red) && Number.isNaN(green) && Number.isNaN(blue);
    rows[to + 3] = isHole ? NaN : opaque;
  }
  return rows;
}
