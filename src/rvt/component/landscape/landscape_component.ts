/**
 * Ground: a grid of heights with painted layers.
 *
 * @module
 */

import { checkedInteger, checkedKnownName, checkedString, checkedVector } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../../errors.ts";
import {
  HEIGHT_REACH_SAMPLES,
  heightAt,
  inverse4,
  NORMAL_REACH_SAMPLES,
  normalAt,
  type OrientedBox,
  orientedBoxOf,
  transformNormal,
  transformPoint,
  type Vec3,
  type WorldBounds,
} from "../../../geometry/mod.ts";
import {
  type ComponentDraw,
  type LandscapeSurface,
  SURFACE_BLOCK_SAMPLES,
} from "../component_draw.ts";
import type { ComponentOptions } from "../component_options.ts";
import { PrimitiveComponent } from "../primitive_component.ts";
import { checkedHeightTexture, type HeightTexture } from "./height_texture.ts";
import {
  checkedRegion,
  checkedSide,
  copiedHeights,
  copiedWeights,
  type HeightPicture,
  heightsOfPicture,
  type SampleRegion,
} from "./landscape_samples.ts";
import {
  boundsOver,
  growRect,
  rectsMeet,
  type SampleRect,
  sectionsOf,
  swapRegion,
} from "./sample_rect.ts";

/**
 * Options of {@linkcode LandscapeComponent}: heights with width and height, a picture, or a streaming
 * virtual texture.
 */
export interface LandscapeOptions extends ComponentOptions {
  /** Samples along x, 2 to 32768. */
  readonly width?: number;
  /** Samples along y, in the same range. */
  readonly height?: number;
  /** Height of each sample in the landscape's own space, row by row. Copied. */
  readonly heights?: ArrayLike<number>;
  /** A grey picture of heights instead, such as `loadHeightPicture` loads. */
  readonly picture?: HeightPicture;
  /** A streaming virtual texture of heights instead, of 2 to 32768 texels along each edge. */
  readonly heightTexture?: HeightTexture;
  /** Weight of each painted layer at each sample, 0 to 255 for 0 to 1, by name. Copied. */
  readonly layers?: Readonly<Record<string, Uint8Array>>;
  /** Quads along each edge of a section, 1 to 4096; default 64. Those at the end may have fewer. */
  readonly sectionQuads?: number;
  /** See {@linkcode LandscapeComponent.virtualTextureNumLods}; default 0. */
  readonly virtualTextureNumLods?: number;
}

/** A point of a landscape's surface. */
export interface SurfacePoint {
  /** In the world. */
  readonly position: Vec3;
  /** Unit normal in the world. */
  readonly normal: Vec3;
}

const OPTION_NAMES: readonly string[] = [
  "width",
  "height",
  "heights",
  "picture",
  "heightTexture",
  "layers",
  "sectionQuads",
  "virtualTextureNumLods",
];

const DEFAULT_SECTION_QUADS = 64;
const MAX_SECTION_QUADS = 4096;
/** A section of the most quads needs no more. */
const MAX_NUM_LODS = Math.log2(MAX_SECTION_QUADS);

/** A surface whose samples change in place. */
interface EditedSurface extends LandscapeSurface {
  version: number;
  readonly blockVersions: Uint32Array;
}

/**
 * Draws a height field with painted layers, section by section. In its own space, sample (column,
 * row) lies at x = column, y = row; the transform brings it to the world. In the main pass it is
 * drawn always, unless it is told otherwise.
 *
 * Heights of a streaming virtual texture are read on the GPU, at the level whose texels are as large as a
 * tile's, or finer by less than one level: tiles wait for theirs, and are rendered again when better ones
 * arrive or the texture is invalidated there. Pictures show what is resident, at the level that the
 * distance asks for, and report it in their feedback. Where the texture is not loaded any more the
 * landscape is left out, with a warning.
 */
export class LandscapeComponent extends PrimitiveComponent {
  /** Quads along each edge of a section. */
  readonly sectionQuads: number;
  readonly #surface: EditedSurface;
  readonly #sections: readonly SampleRect[];
  /** Bounds of each section in the landscape's own space. */
  readonly #bounds: WorldBounds[];
  #numLods: number;
  /** World to landscape, for the matrix that it is the inverse of. */
  #inverse: { readonly of: ArrayLike<number>; readonly matrix: Float64Array } | null = null;

  /**
   * Makes a landscape.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   * @throws {UnsupportedError} if heights cannot be read of a texture.
   */
  constructor(options: LandscapeOptions) {
    super({ drawInMainPass: "always", ...options }, {
      kind: "landscape",
      optionNames: OPTION_NAMES,
    });
    const failure = `Cannot make ${this.label}`;
    const { sectionQuads = DEFAULT_SECTION_QUADS, virtualTextureNumLods = 0 } = options;
    const range = [1, MAX_SECTION_QUADS] as const;
    this.sectionQuads = checkedInteger(sectionQuads, { name: "sectionQuads", failure, range });
    this.#numLods = checkedNumLods(virtualTextureNumLods, failure);
    this.#surface = surfaceFrom(options, { landscape: this.label, failure });
    this.#sections = sectionsOf(this.#surface, sectionQuads);
    this.#bounds = this.#sections.map((section) => boundsOnSurface(this.#surface, section));
    this.replaceBoxes(this.boxesUnder(this.toWorld), failure);
  }

  /** Its heights and layers as they are now. Changed in place by brushes, which count its version. */
  get surface(): LandscapeSurface {
    return this.#surface;
  }

  /** World to landscape, column-major, float64. Not to be changed. */
  get fromWorld(): ArrayLike<number> {
    const { toWorld } = this;
    if (this.#inverse?.of !== toWorld) this.#inverse = { of: toWorld, matrix: inverse4(toWorld) };
    return this.#inverse.matrix;
  }

  /**
   * How fine vertex data is: LOD 0 has 2 to this power quads along each edge of a section, at most
   * one for each quad of samples, and every further LOD half as many, down to one. 0 to 12; with 0,
   * each section is a single quad. Heights and normals are evaluated for each pixel in any case.
   */
  get virtualTextureNumLods(): number {
    return this.#numLods;
  }

  set virtualTextureNumLods(numLods: number) {
    checkedNumLods(numLods, this.changeFailure);
    if (numLods === this.#numLods) return;
    this.#numLods = numLods;
    this.announceChange(this.boxes());
  }

  /** One more than {@linkcode virtualTextureNumLods}, as far as sections have so many quads. */
  get lodCount(): number {
    return this.#finestPower + 1;
  }

  /**
   * Changes the heights of a region.
   *
   * @param heights Row by row, in the landscape's own space.
   * @throws {InvalidArgumentError} if a value has the wrong type, or the number of heights is wrong.
   * @throws {OutOfRangeError} if the region reaches beyond the samples, or a height is not finite.
   * @throws {UnsupportedError} if heights come from a streaming virtual texture: change its source and
   * invalidate the region of the texture.
   */
  setHeights(region: SampleRegion, heights: ArrayLike<number>): void {
    const failure = this.changeFailure;
    const surface = this.#surface;
    this.#assertHeightsAreHere(
      `${failure} by new heights`,
      "change its source and call invalidate of its system with the region",
    );
    checkedRegion(region, { ...surface, failure });
    const values = copiedHeights(heights, { count: region.width * region.height, failure });
    const swap = { region, values, rowLength: surface.width };
    const changed = swapRegion(surface.heights, swap);
    if (changed === null) return;
    const samples = Math.max(HEIGHT_REACH_SAMPLES, NORMAL_REACH_SAMPLES);
    const reach = growRect(changed, { samples, field: surface });
    const newBox = this.#boxOver(reach);
    // Back and forth, for the box of what was there; a height too far away leaves it so.
    swapRegion(surface.heights, swap);
    const oldBox = this.#boxOver(reach);
    this.checkBoxes([newBox], failure);
    swapRegion(surface.heights, swap);
    const sections = this.boxes();
    this.#updateSections(changed);
    noteChange(surface, changed);
    this.announceChange([oldBox, newBox, ...this.#resizedSections(sections)]);
  }

  /** Sections before and after a change of their size, if levels may show all of them or nothing by that. */
  #resizedSections(before: readonly OrientedBox[]): OrientedBox[] {
    if (this.virtualTextureMinCoverage === null) return [];
    const boxes = this.boxes();
    return before.flatMap((box, i) => box === boxes[i] ? [] : [box, boxes[i]!]);
  }

  /**
   * Changes the weights of a layer in a region.
   *
   * @param weights Row by row, 0 to 255 for 0 to 1.
   * @throws {InvalidArgumentError} if a value has the wrong type, or the number of weights is wrong.
   * @throws {OutOfRangeError} if there is no such layer, or the region reaches beyond the samples.
   */
  setWeights(layer: string, region: SampleRegion, weights: Uint8Array): void {
    const failure = this.changeFailure;
    const surface = this.#surface;
    checkedString(layer, { name: "layer", failure });
    if (surface.layers.size === 0) {
      throw new OutOfRangeError("layer", `${failure} as it has no layer "${layer}", nor any other`);
    }
    checkedKnownName(layer, { name: "layer", failure, known: surface.layers.keys() });
    const painted = surface.layers.get(layer)!;
    checkedRegion(region, { ...surface, failure });
    const count = region.width * region.height;
    const values = copiedWeights(weights, { layer, count, failure });
    const changed = swapRegion(painted, { region, values, rowLength: surface.width });
    if (changed === null) return;
    noteChange(surface, changed);
    const reach = growRect(changed, { samples: HEIGHT_REACH_SAMPLES, field: surface });
    this.announceChange([this.#boxOver(reach)]);
  }

  /**
   * The point of the surface that a point is moved to along the landscape's own z, or null if it
   * passes by.
   *
   * @param point In the world.
   * @throws {InvalidArgumentError} if it is not three numbers.
   * @throws {OutOfRangeError} if one is not finite.
   * @throws {UnsupportedError} if heights come from a streaming virtual texture.
   */
  surfaceAt(point: ArrayLike<number>): SurfacePoint | null {
    const failure = `Cannot find a point of ${this.label}`;
    this.#assertHeightsAreHere(failure, "give heights or a picture");
    const at = checkedVector(point, { name: "point", failure, length: 3 });
    const [x, y] = transformPoint(this.fromWorld, at);
    const { width, height } = this.#surface;
    if (!(x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1)) return null;
    const z = heightAt(this.#surface, { x, y });
    const normal = transformNormal(this.toWorld, normalAt(this.#surface, { x, y }));
    return { position: transformPoint(this.toWorld, [x, y, z]), normal };
  }

  #assertHeightsAreHere(failure: string, remedy: string): void {
    const { streamedHeights } = this.#surface;
    if (streamedHeights === undefined) return;
    const { texture: { name } } = streamedHeights;
    throw new UnsupportedError(
      "streamed heights",
      `${failure} as its heights are streamed from texture "${name}": ${remedy}`,
    );
  }

  /** A box for each section. */
  protected override boxesUnder(toWorld: ArrayLike<number>): readonly OrientedBox[] {
    return this.#bounds.map((bounds) => orientedBoxOf(bounds, toWorld));
  }

  /** A draw for each section. */
  protected override drawsAt(lod: number): readonly ComponentDraw[] {
    const { material, toWorld } = this;
    const wanted = 2 ** (this.#finestPower - lod);
    return this.#sections.map((section) => {
      const most = Math.max(section.x1 - section.x0, section.y1 - section.y0);
      const quads = Math.min(wanted, most);
      return { kind: "landscape", surface: this.#surface, material, toWorld, section, quads };
    });
  }

  /** Binary logarithm, rounded up, of the quads of LOD 0. */
  get #finestPower(): number {
    return Math.min(this.#numLods, Math.ceil(Math.log2(this.sectionQuads)));
  }

  #boxOver(rect: SampleRect): OrientedBox {
    return orientedBoxOf(boundsOnSurface(this.#surface, rect), this.toWorld);
  }

  #updateSections(changed: SampleRect): void {
    const boxes = [...this.boxes()];
    this.#sections.forEach((section, index) => {
      if (!rectsMeet(section, changed)) return;
      const bounds = boundsOnSurface(this.#surface, section);
      const { min, max } = this.#bounds[index]!;
      if (bounds.min[2] === min[2] && bounds.max[2] === max[2]) return;
      this.#bounds[index] = bounds;
      boxes[index] = orientedBoxOf(bounds, this.toWorld);
    });
    this.replaceBoxes(boxes, this.changeFailure);
  }
}

function checkedNumLods(value: number, failure: string): number {
  const range = [0, MAX_NUM_LODS] as const;
  return checkedInteger(value, { name: "virtualTextureNumLods", failure, range });
}

/** The box around a rectangle of a surface, in the landscape's own space. */
function boundsOnSurface(surface: LandscapeSurface, rect: SampleRect): WorldBounds {
  if (surface.streamedHeights === undefined) return boundsOver(surface, rect);
  const [least, most] = surface.streamedHeights.range;
  return { min: [rect.x0, rect.y0, least], max: [rect.x1, rect.y1, most] };
}

function surfaceFrom(
  options: LandscapeOptions,
  { landscape, failure }: { readonly landscape: string; readonly failure: string },
): EditedSurface {
  const { picture, heights, heightTexture, layers = {} } = options;
  const given = [heights, picture, heightTexture].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new InvalidArgumentError(
      "heights",
      `${failure} as it must have either heights, a picture or a heightTexture`,
    );
  }
  const streamedHeights = heightTexture === undefined
    ? undefined
    : checkedHeightTexture(heightTexture, { landscape, failure });
  const sides = picture ?? streamedHeights?.texture ?? options;
  if (sides !== options && (options.width ?? options.height) !== undefined) {
    const which = picture === undefined ? "texture" : "picture";
    throw new InvalidArgumentError("width", `${failure} as its ${which} has width and height`);
  }
  const fromPicture = picture === undefined ? null : heightsOfPicture(picture, failure);
  const width = checkedSide(sides.width, { name: "width", failure });
  const height = checkedSide(sides.height, { name: "height", failure });
  const count = width * height;
  if (typeof layers !== "object" || layers === null) {
    throw new InvalidArgumentError("layers", `${failure} as layers must be weights by name`);
  }
  if (Object.hasOwn(layers, "")) {
    throw new OutOfRangeError("layers", `${failure} as names of layers must not be empty`);
  }
  const here = () => fromPicture ?? copiedHeights(heights, { count, failure });
  return {
    width,
    height,
    heights: streamedHeights === undefined ? here() : new Float32Array(),
    ...(streamedHeights === undefined ? {} : { streamedHeights }),
    layers: new Map(
      Object.entries(layers).map(([layer, weights]) =>
        [layer, copiedWeights(weights, { layer, count, failure })] as const
      ),
    ),
    version: 0,
    blockVersions: new Uint32Array(blocksAlong(width) * blocksAlong(height)),
  };
}

function blocksAlong(samples: number): number {
  return Math.ceil(samples / SURFACE_BLOCK_SAMPLES);
}

/** Counts a change of samples. */
function noteChange(surface: EditedSurface, { x0, y0, x1, y1 }: SampleRect): void {
  const version = ++surface.version;
  const blockOf = (sample: number) => Math.floor(sample / SURFACE_BLOCK_SAMPLES);
  const columns = blocksAlong(surface.width);
  for (let row = blockOf(y0); row <= blockOf(y1); row++) {
    const first = row * columns;
    surface.blockVersions.fill(version, first + blockOf(x0), first + blockOf(x1) + 1);
  }
}
