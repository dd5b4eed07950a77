/**
 * Names that messages about runtime virtual textures use.
 *
 * @module
 */
import type * as geometry from "../../geometry/mod.ts";
import type {
  AnimatedMeshOptions,
  BuildOptions,
  CustomWgslOptions,
  DecalComponentOptions,
  DeferredComponentOptions,
  EstimateMemoryOptions,
  FoliageOptions,
  HeightTexture,
  InstancedStaticMeshOptions,
  LandscapeOptions,
  LandscapeSplineOptions,
  MaterialOptions,
  MaterialTextureOptions,
  OpenProjectSceneOptions,
  RuntimeVirtualTextureSampleOptions,
  RuntimeVirtualTextureSettings,
  ScatterOptions,
  SceneOptions,
  SplinePointOptions,
  VolumeSettings,
} from "../../rvt/mod.ts";
import type { RenderSceneOptions } from "../../scene/mod.ts";

type AnyOptions =
  & RuntimeVirtualTextureSettings
  & EstimateMemoryOptions
  & VolumeSettings
  & SceneOptions
  & Omit<RenderSceneOptions, "signal">
  & MaterialOptions
  & MaterialTextureOptions
  & RuntimeVirtualTextureSampleOptions
  & CustomWgslOptions
  & geometry.MakeMeshOptions
  & LandscapeOptions
  & LandscapeSplineOptions
  & SplinePointOptions
  & HeightTexture
  & AnimatedMeshOptions
  & BuildOptions
  & DecalComponentOptions
  & DeferredComponentOptions
  & InstancedStaticMeshOptions
  & OpenProjectSceneOptions
  & FoliageOptions
  & ScatterOptions;

/** Every name with two words or more: Python spells it in another way. */
type TwoWords = { [Name in keyof AnyOptions]-?: Name extends Lowercase<Name> ? never : Name }[
  keyof AnyOptions
];

// A record, so that one that lacks does not compile.
const NAMES: Readonly<Record<TwoWords, true>> = {
  alignToSurface: true,
  baseColor: true,
  buildDebug: true,
  clearBeforeRender: true,
  colorSpace: true,
  compressTextures: true,
  compressionQuality: true,
  continuousUpdate: true,
  customPriority: true,
  drawInMainPass: true,
  expandBounds: true,
  groupTileCountBias: true,
  heightRange: true,
  heightTexture: true,
  hidePrimitivesInEditor: true,
  hidePrimitivesInGame: true,
  landscapeOffset: true,
  lightColor: true,
  materialType: true,
  maxContinuousUpdatesPerFrame: true,
  maxContinuousUpdatesPerFrameInEditor: true,
  maxUploadsPerFrame: true,
  maxUploadsPerFrameInEditor: true,
  minDistance: true,
  mipMode: true,
  onProgress: true,
  quadsAcross: true,
  quadsAlong: true,
  removeLowMips: true,
  renderToVirtualTextures: true,
  rollRadians: true,
  rvtOutput: true,
  scalabilityGroup: true,
  scalabilityLevel: true,
  scaleRange: true,
  sectionQuads: true,
  sizeInTilesLog2: true,
  snapBoundsToLandscape: true,
  streamingCountsIn: true,
  streamingLowMips: true,
  tileBorder: true,
  tileCountBias: true,
  tileSize: true,
  towardsLight: true,
  translucencySortPriority: true,
  twoSided: true,
  useStreamingLowMipsInEditor: true,
  virtualTextureBuilder: true,
  virtualTextureLodBias: true,
  virtualTextureMinCoverage: true,
  virtualTextureNumLods: true,
  virtualTextureSkipMips: true,
  virtualTexturing: true,
  worldHeight: true,
  worldPosition: true,
  yawRange: true,
  ycocgScale: true,
};

/** Functions that messages name, which Python has, too. */
const FUNCTIONS = ["makeMesh"] as const satisfies readonly (keyof typeof geometry)[];

/** Names of two words or more that messages use, in the library's spelling. */
export const RVT_ARGUMENT_NAMES: readonly string[] = [...Object.keys(NAMES), ...FUNCTIONS];
