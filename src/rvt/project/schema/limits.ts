/**
 * How much a project may hold, so that one from strangers takes bounded memory and time.
 *
 * @module
 */

/** How much a project may hold. */
export interface ProjectLimits {
  /** Bytes of one file of JSON. */
  readonly fileBytes: number;
  /** Bytes of all files of JSON. */
  readonly totalBytes: number;
  /** Textures, streaming textures, assets, functions, materials and scenes, of each. */
  readonly things: number;
  /** Nodes of a material or a function. */
  readonly nodes: number;
  /** Components of a scene. */
  readonly components: number;
  /** Volumes of a scene. */
  readonly volumes: number;
  /** Assets that a component is rendered to. */
  readonly renderedTo: number;
  /** Instances of a component, and control points of a spline. */
  readonly places: number;
  /** Instances and scattered places of a scene. */
  readonly scenePlaces: number;
  /** Heights that stand in a landscape itself. */
  readonly heights: number;
  /** Bytes of all GLB files of a scene. */
  readonly meshBytes: number;
  /** Triangles that are simplified, each level of detail counted, in a scene. */
  readonly simplifiedTriangles: number;
  /** Texels of all pictures of a scene that are decoded as a whole. */
  readonly pictureTexels: number;
  /** Quads that are made of plain meshes, splines and sections, in a scene. */
  readonly madeQuads: number;
}

/** What projects may hold. */
export const PROJECT_LIMITS: ProjectLimits = Object.freeze({
  fileBytes: 64 * 2 ** 20,
  totalBytes: 256 * 2 ** 20,
  things: 4096,
  nodes: 65_536,
  components: 100_000,
  volumes: 256,
  renderedTo: 256,
  places: 100_000,
  scenePlaces: 2 ** 20,
  heights: 65_536,
  meshBytes: 512 * 2 ** 20,
  simplifiedTriangles: 2 ** 24,
  pictureTexels: 2 ** 29,
  madeQuads: 2 ** 24,
});
