/**
 * Roads, rivers and the like along a curve.
 *
 * @module
 */

import { checkedInteger, checkedNumber, describeValue } from "../../../checks.ts";
import { InvalidArgumentError } from "../../../errors.ts";
import { cornersOf, type OrientedBox, type Vec3 } from "../../../geometry/mod.ts";
import type { ComponentDraw } from "../component_draw.ts";
import type { ComponentOptions } from "../component_options.ts";
import { PrimitiveComponent } from "../primitive_component.ts";
import { ChangedArea } from "./changed_area.ts";
import { LandscapeComponent, type SurfacePoint } from "./landscape_component.ts";
import { LandscapeFollower } from "./landscape_follower.ts";
import {
  checkedSplinePoints,
  curvesOf,
  sameCurves,
  type SplineCurve,
  type SplinePoint,
  type SplinePointOptions,
} from "./spline_curve.ts";
import { makeSegment, sameSegments, type SplineSegment } from "./spline_segment.ts";

/** Options of {@linkcode LandscapeSplineComponent}. */
export interface LandscapeSplineOptions extends ComponentOptions {
  /** The control points, two or more, in the spline's own space. */
  readonly points: readonly SplinePointOptions[];
  /** Quads along each segment, 1 to 1024; default 16. */
  readonly quadsAlong?: number;
  /** Quads across it, 1 to 64; default 1, or 4 on a landscape. */
  readonly quadsAcross?: number;
  /** A landscape that the spline lies on, wherever it is above or below; default none. */
  readonly landscape?: LandscapeComponent | null;
  /** How far above the landscape it lies, along the landscape's normal; default 0. */
  readonly landscapeOffset?: number;
}

const OPTION_NAMES: readonly string[] = [
  "points",
  "quadsAlong",
  "quadsAcross",
  "landscape",
  "landscapeOffset",
];

/**
 * Draws a ribbon along a cubic Hermite spline through control points. On each segment, from one point
 * to the next, u runs from 0 to 1 along it and v from 0 at its left edge to 1 at its right. The ribbon
 * is level across, but for its roll.
 *
 * A moved point changes those segments alone that it shapes: without tangents of the points around
 * it, two to each side.
 */
export class LandscapeSplineComponent extends PrimitiveComponent {
  /** Quads along each segment. */
  readonly quadsAlong: number;
  /** Quads across. */
  readonly quadsAcross: number;
  /** How far above its landscape it lies. */
  readonly landscapeOffset: number;
  #points: readonly SplinePoint[];
  #segments: { readonly under: ArrayLike<number>; readonly list: readonly SplineSegment[] };
  #landscape: LandscapeComponent | null = null;
  readonly #follower = new LandscapeFollower((boxes) => this.#layDownAgain(boxes));

  /**
   * Makes a spline.
   *
   * @throws {InvalidArgumentError} if an option does not exist, is missing, or has the wrong type.
   * @throws {OutOfRangeError} if an option has a value that is not allowed.
   */
  constructor(options: LandscapeSplineOptions) {
    super(options, { kind: "landscape spline", optionNames: OPTION_NAMES });
    const failure = `Cannot make ${this.label}`;
    const { landscape = null, quadsAlong = 16, landscapeOffset = 0 } = options;
    const { quadsAcross = landscape === null ? 1 : 4 } = options;
    const integer = (name: string, value: number, most: number) =>
      checkedInteger(value, { name, failure, range: [1, most] });
    this.quadsAlong = integer("quadsAlong", quadsAlong, 1024);
    this.quadsAcross = integer("quadsAcross", quadsAcross, 64);
    this.landscapeOffset = checkedNumber(landscapeOffset, {
      name: "landscapeOffset",
      failure,
      range: [-Number.MAX_VALUE, Number.MAX_VALUE],
    });
    this.#points = checkedSplinePoints(options.points, failure);
    this.#segments = { under: [], list: [] };
    this.#landscape = checkedLandscape(landscape, failure);
    this.replaceBoxes(this.boxesUnder(this.toWorld), failure);
    this.#follower.landscape = this.#landscape;
  }

  /** The control points. */
  get points(): readonly SplinePoint[] {
    return this.#points;
  }

  set points(points: readonly SplinePointOptions[]) {
    const checked = checkedSplinePoints(points, this.changeFailure);
    this.catchUp();
    const old = this.#segmentsUnder(this.toWorld);
    const segments = this.#segmentsAlong(curvesOf(checked), old);
    this.#replaceSegments(segments);
    this.#points = checked;
    this.#announceDifference(old, segments);
  }

  /** The landscape that it lies on, whose changes it follows; null for none. */
  get landscape(): LandscapeComponent | null {
    return this.#landscape;
  }

  set landscape(landscape: LandscapeComponent | null) {
    checkedLandscape(landscape, this.changeFailure);
    if (landscape === this.#landscape) return;
    const old = this.#landscape;
    this.#landscape = landscape;
    try {
      this.#layDownAgain(null);
    } catch (error) {
      this.#landscape = old;
      throw error;
    }
    this.#follower.landscape = landscape;
  }

  /** It has one level of detail. */
  get lodCount(): number {
    return 1;
  }

  /**
   * Changes one control point.
   *
   * @throws {InvalidArgumentError} if a value has the wrong type.
   * @throws {OutOfRangeError} if there is no such point, or a number is not allowed.
   */
  updatePoint(index: number, point: SplinePointOptions): void {
    this.#checkIndex(index, this.#points.length - 1);
    this.points = (this.#points as readonly SplinePointOptions[]).with(index, point);
  }

  /**
   * Adds a control point before another, or at the end.
   *
   * @throws {InvalidArgumentError} if a value has the wrong type.
   * @throws {OutOfRangeError} if the index is beyond the end, or a number is not allowed.
   */
  insertPoint(index: number, point: SplinePointOptions): void {
    this.#checkIndex(index, this.#points.length);
    this.points = (this.#points as readonly SplinePointOptions[]).toSpliced(index, 0, point);
  }

  /**
   * Removes a control point.
   *
   * @throws {InvalidArgumentError} if the index is not a number.
   * @throws {OutOfRangeError} if there is no such point, or fewer than two would be left.
   */
  removePoint(index: number): void {
    this.#checkIndex(index, this.#points.length - 1);
    this.points = this.#points.toSpliced(index, 1);
  }

  /** A box for each segment. */
  protected override boxesUnder(toWorld: ArrayLike<number>): readonly OrientedBox[] {
    return this.#segmentsUnder(toWorld).map(({ box }) => box);
  }

  /** A draw for each segment. */
  protected override drawsAt(_lod: number): readonly ComponentDraw[] {
    const { material, toWorld } = this;
    return this.#segmentsUnder(toWorld).map(({ mesh }) => ({
      kind: "mesh",
      mesh,
      material,
      instances: [toWorld],
    }));
  }

  #segmentsUnder(toWorld: ArrayLike<number>): readonly SplineSegment[] {
    if (this.#segments.under !== toWorld) {
      const list = curvesOf(this.#points).map((curve) => this.#makeSegment(curve, toWorld));
      this.#segments = { under: toWorld, list };
    }
    return this.#segments.list;
  }

  #makeSegment(curve: SplineCurve, toWorld: ArrayLike<number>): SplineSegment {
    const { quadsAlong, quadsAcross } = this;
    return makeSegment(curve, {
      toWorld,
      quadsAlong,
      quadsAcross,
      layDown: (point) => this.#layDown(point),
      failure: `Cannot make segment of ${this.label}`,
    });
  }

  #layDown(point: Vec3): SurfacePoint | null {
    const surface = this.#landscape?.surfaceAt(point) ?? null;
    if (surface === null || this.landscapeOffset === 0) return surface;
    const { position, normal } = surface;
    const lifted = position.map((part, i) => part + this.landscapeOffset * normal[i]!);
    return { position: lifted as unknown as Vec3, normal };
  }

  /** Segments along curves: those at the beginning and the end that are the same are kept. */
  #segmentsAlong(
    curves: readonly SplineCurve[],
    old: readonly SplineSegment[],
  ): readonly SplineSegment[] {
    const added = curves.length - old.length;
    let last = -1;
    return curves.map((curve, index) => {
      // Those that stay must stay in their order, too.
      const kept = [index, index - added].find((at) =>
        at > last && old[at] !== undefined && sameCurves(old[at].curve, curve)
      );
      if (kept === undefined) return this.#makeSegment(curve, this.toWorld);
      last = kept;
      return old[kept]!;
    });
  }

  /** Makes segments again: those whose place on the landscape meets some boxes, or all. */
  #layDownAgain(boxes: readonly OrientedBox[] | null): void {
    const old = this.#segmentsUnder(this.toWorld);
    const area = boxes === null || this.#landscape === null
      ? null
      // The offset runs along normals that lean.
      : new ChangedArea(this.#landscape, { boxes, reach: Math.abs(this.landscapeOffset) });
    const segments = old.map((segment) => {
      if (area?.meets(cornersOf(segment.box)) === false) return segment;
      const made = this.#makeSegment(segment.curve, this.toWorld);
      return sameSegments(made, segment) ? segment : made;
    });
    this.#replaceSegments(segments);
    this.#announceDifference(old, segments);
  }

  #replaceSegments(list: readonly SplineSegment[]): void {
    this.replaceBoxes(list.map(({ box }) => box), this.changeFailure);
    this.#segments = { under: this.toWorld, list };
  }

  /** Tells of the segments that are gone and of those that are new. */
  #announceDifference(old: readonly SplineSegment[], now: readonly SplineSegment[]): void {
    const gone = new Set(old).difference(new Set(now));
    const made = new Set(now).difference(new Set(old));
    this.announceChange([...gone, ...made].map(({ box }) => box));
  }

  /** Follows its landscape. */
  protected override followOthers(isListenedTo: boolean): void {
    this.#follower.isFollowing = isListenedTo;
  }

  /** Lies down on the landscape as it is now. */
  protected override catchUp(): void {
    this.#follower.catchUp();
  }

  #checkIndex(index: number, most: number): void {
    const failure = `Cannot find point of ${this.label}`;
    checkedInteger(index, { name: "index", failure, range: [0, most] });
  }
}

function checkedLandscape(
  value: LandscapeComponent | null,
  failure: string,
): LandscapeComponent | null {
  if (value === null || value instanceof LandscapeComponent) return value;
  throw new InvalidArgumentError(
    "landscape",
    `${failure} as landscape must be a LandscapeComponent or null: current value is ` +
      describeValue(value),
  );
}
