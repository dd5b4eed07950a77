/**
 * forge3d for Deno and browsers: virtual texturing on WebGPU.
 *
 * @example Stream a picture and look at it
 * ```ts ignore
 * import { lookAt, render, requestDevice, VirtualTextureSystem } from "@forge3d/forge3d";
 *
 * using device = await requestDevice();
 * using system = new VirtualTextureSystem(device, { maxMemoryMb: 64 });
 * await system.loadTexture("earth.ktx2");
 * const camera = {
 *   position: [2048, 1024, 1500],
 *   view: lookAt([2048, 1024, 1500], [2048, 1025, 0], { up: [0, 1, 0] }),
 *   width: 1280,
 *   height: 720,
 * };
 * await system.update(camera);
 * await Deno.writeFile("earth.png", await (await render(system, camera)).toPng());
 * ```
 *
 * @module
 */

export * from "./errors.ts";
export {
  type ColorSpace,
  decodeBlocks,
  type FormatInfo,
  formatInfo,
  isTexelFormat,
  TEXEL_FORMATS,
  type TexelFormat,
} from "./texels/mod.ts";
export {
  type CameraView,
  lookAt,
  type LookAtOptions,
  orthographic,
  type OrthographicOptions,
  perspective,
  type PerspectiveOptions,
  type Placement,
  type PlacementKind,
  type PlacementOptions,
  type Vec3,
} from "./geometry/mod.ts";
export { type LevelGrid, type TileAddress, TileGrid, type TileGridOptions } from "./tiles/mod.ts";
export type {
  Counters,
  FailedTile,
  RequestAnswer,
  Ticket,
  TileCost,
  TileProducer,
} from "./residency/mod.ts";
export {
  type ByteSink,
  type ByteSource,
  type CompositeOptions,
  compositeTileSource,
  type DataFormatDescriptor,
  type DescriptorSample,
  type Ktx2File,
  type Ktx2Header,
  type Ktx2Level,
  type MakeBlock,
  memorySource,
  openFileSource,
  openTileStore,
  type PictureInput,
  type PictureLimits,
  type ProceduralOptions,
  proceduralTileSource,
  type ReadCounters,
  readKtx2,
  type ReadOptions,
  type Scratch,
  type Section,
  type SlotShape,
  type SourceIdentity,
  type TileSource,
  type TileStore,
  type TileStoreDescription,
} from "./sources/mod.ts";
export {
  adoptDevice,
  type AdoptDeviceOptions,
  type Atlas,
  type AtlasPlan,
  type BindingEntryOptions,
  type DeviceHealth,
  type EncodeQuality,
  ForgeDevice,
  type GuardedWork,
  type MemoryLedger,
  type MemoryPart,
  type PlaneCount,
  type RecordedTile,
  requestDevice,
  type RequestDeviceOptions,
  type Reservation,
  type SampleFilter,
  type SamplingSettings,
  type SlotCopy,
  SubmitTracker,
  type SubmitTrackerOptions,
  type TileRecorder,
  type TrackedBuffer,
  type TrackedTexture,
  VirtualTextureBinding,
  virtualTextureLayoutEntries,
  virtualTextureWgsl,
  type VirtualTextureWgslOptions,
} from "./gpu/mod.ts";
export {
  BAKE_FORMATS,
  type BakeContainer,
  type BakeFormat,
  bakePicture,
  type BakePictureOptions,
  type BakeReport,
  type ProgressReport,
} from "./bake/mod.ts";
export {
  type AbortOptions,
  type LoadTextureOptions,
  type Logger,
  type MakeSupply,
  type MemoryInfo,
  type QualitySettings,
  type Region,
  StreamedTexture,
  type StreamingStatistics,
  type SupplyCounters,
  type SupplyHost,
  type TextureDescription,
  type TextureInput,
  type TileSupply,
  type UpdateOptions,
  type UpdateResult,
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
  type WaitOptions,
} from "./streaming/mod.ts";
export {
  anchorTexel,
  type DebugView,
  Picture,
  type PlacedTexture,
  render,
  type RenderableSystem,
  type RenderableTexture,
  type RenderCamera,
  type RenderOptions,
} from "./scene/mod.ts";
