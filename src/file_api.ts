/**
 * The public API of files: sources of bytes and tiles, pictures, KTX2 files, tile stores, and what is
 * baked to them.
 *
 * @module
 */

export {
  type BandStatistics,
  type BasisTexels,
  type ByteSink,
  type ByteSource,
  type CompositeOptions,
  compositeTileSource,
  type DataFormatDescriptor,
  type DescriptorSample,
  type ImageChoice,
  type Ktx2File,
  type Ktx2Header,
  type Ktx2Level,
  type LevelRegion,
  type MakeBlock,
  memorySource,
  openFileSource,
  openRegionSource,
  openTileStore,
  type PictureChoiceOptions,
  type PictureInput,
  type PictureLimits,
  type ProceduralOptions,
  proceduralTileSource,
  type ReadCounters,
  readKtx2,
  type ReadOptions,
  type ReadRegion,
  type RegionSourceOptions,
  type RowFormat,
  type Scratch,
  type Section,
  type SlotShape,
  type SourceIdentity,
  type TilePlane,
  type TileSource,
  type TileStore,
  type TileStoreDescription,
  type ValueStatistics,
  type WholeDescription,
} from "./sources/mod.ts";
export {
  BAKE_FORMATS,
  type BakeContainer,
  type BakeFormat,
  bakePicture,
  type BakePictureOptions,
  type BakeReport,
  type ProgressReport,
} from "./bake/mod.ts";
