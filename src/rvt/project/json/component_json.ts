/**
 * Components as JSON. A field that is left out has the default of the class's option of that name.
 *
 * @module
 */

import type { DrawInMainPass, Mobility, TextureChannel } from "../../component/mod.ts";

/** Position, rotation and scale. */
export interface TransformJson {
  /** World position of the origin; default 0, 0, 0. */
  readonly position?: readonly number[];
  /** Unit quaternion x, y, z, w; default 0, 0, 0, 1. */
  readonly rotation?: readonly number[];
  /** Scale along its own axes, none 0; default 1, 1, 1. */
  readonly scale?: readonly number[];
}

/** A mesh of a GLB file. */
export interface FileMeshJson {
  /** The file, from the project's folder on. */
  readonly file: string;
  /** Which of the file's meshes; default its only one. */
  readonly name?: string;
  /** What part of the triangles each further level of detail keeps, falling from below 1 to above 0. */
  readonly lods?: readonly number[];
}

/** A rectangle in the plane z = 0, as of `gridMesh`. */
export interface PlaneMeshJson {
  /** What it is. */
  readonly shape: "plane";
  /** Lengths along x and y; default 1 and 1. */
  readonly size?: readonly number[];
  /** Quads along x and y, 1 to 4096; default 1 and 1. */
  readonly quads?: readonly number[];
}

/** A box around the origin, as of `boxMesh`. */
export interface BoxMeshJson {
  /** What it is. */
  readonly shape: "box";
  /** Lengths along x, y and z; default 1, 1 and 1. */
  readonly size?: readonly number[];
}

/** A mesh: of a file, or a plain one. */
export type MeshJson = FileMeshJson | PlaneMeshJson | BoxMeshJson;

/** Where a component is before it is loaded, once a tile that is rendered shows something of it. */
export interface DeferredJson {
  /**
   * Bounds in the world that hold it, least and largest x, y and z. Default those that its fields and the
   * headers of its files give.
   */
  readonly bounds?: { readonly min: readonly number[]; readonly max: readonly number[] };
}

/** What every component has. */
export interface ComponentCommonJson {
  /** What messages and other components call it; unique in its scene. Default its kind and number. */
  readonly name?: string;
  /** The name of a material or instance of the project. */
  readonly material: string;
  /** Where it stands; default at the world's origin. */
  readonly transform?: TransformJson;
  /** Names of assets that it is rendered to. */
  readonly renderToVirtualTextures?: readonly string[];
  /** When it is drawn in the main pass. */
  readonly drawInMainPass?: DrawInMainPass;
  /** Added to the LOD, -16 to 16. */
  readonly virtualTextureLodBias?: number;
  /** How many of the coarsest levels it is left out of, 0 to 20. */
  readonly virtualTextureSkipMips?: number;
  /** Binary logarithm of the size in pixels below which it is left out, 0 to 20; null for none. */
  readonly virtualTextureMinCoverage?: number | null;
  /** Components with smaller numbers are drawn first; a 32-bit integer. */
  readonly translucencySortPriority?: number;
  /** Whether it is meant to stay where it is. */
  readonly mobility?: Mobility;
  /** Makes it a `DeferredComponent`; default: it is loaded with the scene. */
  readonly deferred?: DeferredJson;
}

/** A picture of the weights of a painted layer: a file, of whose channels the first is taken, or this. */
export interface LayerJson {
  /** The picture, as large as the landscape has samples. */
  readonly file: string;
  /** Which channel holds the weights; default `r`. */
  readonly channel?: TextureChannel;
}

/** A landscape: of heights with width and height, of a picture, or of a streamed texture. */
export interface LandscapeJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "landscape";
  /** Samples along x. */
  readonly width?: number;
  /** Samples along y. */
  readonly height?: number;
  /** Heights, row by row, at most 65,536. */
  readonly heights?: readonly number[];
  /** A grey picture of heights. */
  readonly picture?: {
    /** The picture, of 8 or 16 bits or floats. */
    readonly file: string;
    /** Height of a stored value of 1; above 0. */
    readonly scale: number;
    /** Height of a value of 0; default 0. */
    readonly offset?: number;
  };
  /** A streamed texture of heights. */
  readonly heightTexture?: {
    /** The name of a streamed texture of the project, of linear values. */
    readonly texture: string;
    /** How much higher a value of 1 lies than one of 0. */
    readonly scale: number;
    /** The channel that holds heights; default `r`. */
    readonly channel?: TextureChannel;
    /** Height of a value of 0; default 0. */
    readonly offset?: number;
    /** Least and largest height. */
    readonly heightRange?: readonly number[];
  };
  /** Pictures of the weights of painted layers, by name. */
  readonly layers?: Readonly<Record<string, string | LayerJson>>;
  /** Quads along each edge of a section, 1 to 4096. */
  readonly sectionQuads?: number;
  /** How fine vertex data is, 0 to 12. */
  readonly virtualTextureNumLods?: number;
}

/** A ribbon along a spline. */
export interface LandscapeSplineJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "landscape_spline";
  /** Two or more control points. */
  readonly points: readonly {
    /** Where the spline passes, in its own space. */
    readonly position: readonly number[];
    /** How wide it is there, above 0. */
    readonly width: number;
    /** How far it is turned about its direction, in radians. */
    readonly rollRadians?: number;
    /** Derivative of the position. */
    readonly tangent?: readonly number[];
  }[];
  /** Quads along each segment. */
  readonly quadsAlong?: number;
  /** Quads across. */
  readonly quadsAcross?: number;
  /** The name of a landscape of the scene that it lies on; null for none. */
  readonly landscape?: string | null;
  /** How far above the landscape it lies. */
  readonly landscapeOffset?: number;
}

/** A mesh at one place. */
export interface StaticMeshJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "static_mesh";
  /** What is drawn: a mesh, or its levels of detail, finest first. */
  readonly mesh: MeshJson | readonly MeshJson[];
}

/** A mesh at many places. */
export interface InstancedStaticMeshJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "instanced_static_mesh";
  /** What is drawn: a mesh, or its levels of detail, finest first. */
  readonly mesh: MeshJson | readonly MeshJson[];
  /** Where each instance stands, at most 100,000; default none. */
  readonly instances?: readonly TransformJson[];
}

/** A mesh, or a flat square, scattered by a seed. */
export interface FoliageJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "foliage";
  /** What is drawn, as of other kinds; default a square of extent 1. */
  readonly mesh?: MeshJson | readonly MeshJson[];
  /** Where: the options of `scatterTransforms`. */
  readonly scatter: {
    /** Decides what is random. */
    readonly seed: number;
    /** The rectangle of the world's x and y. */
    readonly region: { readonly min: readonly number[]; readonly max: readonly number[] };
    /** How many there shall be; this or `density`. */
    readonly count?: number;
    /** How many for each square unit. */
    readonly density?: number;
    /** Least distance between two. */
    readonly minDistance?: number;
    /** Smallest and largest scale. */
    readonly scaleRange?: readonly number[];
    /** Smallest and largest turn about z in radians. */
    readonly yawRange?: readonly number[];
    /** The name of a landscape of the scene that they stand on; null for none. */
    readonly onto?: string | null;
    /** Whether z leans along the landscape's normal. */
    readonly alignToSurface?: boolean;
  };
}

/** A flat rectangle. */
export interface DecalJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "decal";
  /** Lengths along its own x and y; default 1 and 1. */
  readonly size?: readonly number[];
}

/** A mesh with a skeleton, in its bind pose. */
export interface SkeletalMeshJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "skeletal_mesh";
  /** What is drawn: a mesh, or its levels of detail, finest first. */
  readonly mesh: MeshJson | readonly MeshJson[];
}

/** A mesh that changes its shape. */
export interface AnimatedMeshJson extends ComponentCommonJson {
  /** What it is. */
  readonly kind: "animated_mesh";
  /** The shapes that it takes. */
  readonly frames: readonly MeshJson[];
}

/** What stands in a scene. */
export type ComponentJson =
  | LandscapeJson
  | LandscapeSplineJson
  | StaticMeshJson
  | InstancedStaticMeshJson
  | FoliageJson
  | DecalJson
  | SkeletalMeshJson
  | AnimatedMeshJson;
