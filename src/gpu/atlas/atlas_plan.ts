/**
 * Plans how many layers an atlas has, and how many slots each. Pure.
 *
 * @module
 */

import { checkedInteger, checkedNumber } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { MAX_PAGE_ENTRY_LAYER, MAX_PAGE_ENTRY_SLOT } from "../../residency/mod.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../../texels/mod.ts";

/** What {@linkcode planAtlas} needs to know. */
export interface AtlasRequest {
  /** Format of each plane; at least one. */
  readonly formats: readonly TexelFormat[];
  /** Edge of a slot in texels: the payload and a border on both sides. */
  readonly slotTexels: number;
  /** Slots wanted; the plan has at most as many. */
  readonly wantedSlots: number;
  /** The device's `maxTextureDimension2D`. */
  readonly maxTextureSize: number;
  /** The device's `maxTextureArrayLayers`. */
  readonly maxLayers: number;
}

/** Size of an atlas. Slot number = (layer · gridY + y) · gridX + x. */
export interface AtlasPlan {
  /** Slots in a row of a layer, 1 to 256. */
  readonly gridX: number;
  /** Slots in a column of a layer, 1 to 256. */
  readonly gridY: number;
  /** Layers, 1 to 2048. */
  readonly layers: number;
  /** Slots of all layers. */
  readonly slotCount: number;
  /** Bytes of all planes. */
  readonly bytes: number;
}

/** Share of the wanted slots that an atlas may go without for fewer layers. */
const SLACK = 0.01;
/**
 * Bytes of a plane that a layer should not exceed, if there are layers enough. WebGPU clears a whole
 * layer before the first copy into a part of it, so that layers of hundreds of MiB would make the
 * first tile of a texture, and every move of a pool, cost hundreds of milliseconds.
 */
const LAYER_BYTES = 2 * 1024 * 1024;

/** Bytes of one slot in all planes. */
export function slotBytes(formats: readonly TexelFormat[], slotTexels: number): number {
  let bytes = 0;
  for (const format of formats) bytes += regionBytes(format, slotTexels, slotTexels);
  return bytes;
}

/**
 * Plans an atlas of at most `wantedSlots` slots, as near as the limits of the device and of page
 * entries allow: the fewest layers of at most 2 MiB a plane that come within 1 % of it, or larger ones
 * if it takes more layers than there are.
 *
 * @throws {OutOfRangeError} if not even one slot fits, or none is wanted.
 * @throws {InvalidArgumentError} if there is no format, or a slot is not a multiple of the block
 * size.
 */
export function planAtlas(request: AtlasRequest): AtlasPlan {
  const { formats, slotTexels, maxTextureSize } = request;
  checkRequest(request);
  const maxGrid = Math.min(MAX_PAGE_ENTRY_SLOT + 1, Math.floor(maxTextureSize / slotTexels));
  const maxLayers = Math.min(MAX_PAGE_ENTRY_LAYER + 1, request.maxLayers);
  const wanted = Math.min(Math.floor(request.wantedSlots), maxGrid * maxGrid * maxLayers);
  const enough = wanted - Math.floor(wanted * SLACK);
  const largestPlane = Math.max(...formats.map((format) => slotBytes([format], slotTexels)));
  const perSmallLayer = Math.max(1, Math.floor(LAYER_BYTES / largestPlane));
  let best = { gridX: 0, gridY: 0, layers: 0, slotCount: 0 };
  for (
    let layers = Math.min(
      Math.ceil(wanted / Math.min(perSmallLayer, maxGrid * maxGrid)),
      Math.max(1, Math.floor(maxLayers / 2)),
    );
    layers <= Math.min(maxLayers, wanted) && best.slotCount < enough;
    layers++
  ) {
    const perLayer = Math.floor(wanted / layers);
    for (let gridY = 1; gridY <= maxGrid && gridY * gridY <= perLayer; gridY++) {
      const gridX = Math.min(maxGrid, Math.floor(perLayer / gridY));
      const slotCount = gridX * gridY * layers;
      // The later of two equal ones is nearer to a square.
      const squarer = slotCount === best.slotCount && layers === best.layers;
      if (slotCount > best.slotCount || squarer) best = { gridX, gridY, layers, slotCount };
    }
  }
  return Object.freeze({ ...best, bytes: best.slotCount * slotBytes(formats, slotTexels) });
}

function checkRequest(request: AtlasRequest): void {
  const { formats, slotTexels, wantedSlots, maxTextureSize } = request;
  const failure = "Cannot plan atlas";
  checkedInteger(slotTexels, { name: "slotTexels", range: [1, maxTextureSize], failure });
  checkedNumber(wantedSlots, { name: "wantedSlots", range: [1, Infinity], failure });
  if (formats.length === 0) {
    throw new InvalidArgumentError(
      "formats",
      "Cannot plan atlas as it needs at least one plane: current count is 0",
    );
  }
  for (const format of formats) {
    checkedInteger(slotTexels, {
      name: "slotTexels",
      failure: `Cannot plan atlas of ${format}`,
      range: [1, maxTextureSize],
      multipleOf: formatInfo(format).blockTexels,
    });
  }
  checkedNumber(wantedSlots, {
    name: "wantedSlots",
    failure: "Cannot plan atlas",
    range: [1, Number.MAX_VALUE],
  });
}
