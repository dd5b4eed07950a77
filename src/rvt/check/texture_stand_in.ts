/**
 * Streamed textures where no system streams any.
 *
 * @module
 */

import { placeTexture } from "../../geometry/mod.ts";
import type { VirtualTextureBinding } from "../../gpu/mod.ts";
import {
  fileKind,
  openFileSource,
  openTileStore,
  type PictureChoiceOptions,
  readKtx2,
  readPictureInfo,
} from "../../sources/mod.ts";
import { inputIdentity, pictureChoiceOf, StreamedTexture } from "../../streaming/mod.ts";
import type { ColorSpace, TexelFormat } from "../../texels/mod.ts";
import { TileGrid } from "../../tiles/mod.ts";
import type { StreamedTextureJson } from "../project/mod.ts";

/** What of a file a texture takes. */
interface FileTexture {
  readonly width: number;
  readonly height: number;
  readonly format: TexelFormat;
  readonly colorSpace: ColorSpace;
}

const TILE_SIZE = 256;
const BORDER = 4;

/**
 * A texture with the size, format, colour space and identity that a system would give a file. It holds no texels, and
 * cannot be bound: checks look at it, nothing draws with it.
 *
 * @param path The file's real path.
 * @throws {FileError} if the file cannot be read.
 * @throws {MalformedFileError} if it breaks its format.
 * @throws {UnsupportedError} if it is of another kind.
 */
export async function textureStandIn(
  { name, colorSpace, preferredFormat, ...rest }: StreamedTextureJson,
  path: string,
): Promise<StreamedTexture> {
  const choice = pictureChoiceOf(rest);
  const file = await fileTexture(path, choice);
  const { width, height, format } = file;
  const placement = placeTexture([width, height], {});
  const identity = await inputIdentity(path, {
    ...(preferredFormat === undefined ? {} : { preferredFormat }),
    ...choice,
  });
  return new StreamedTexture({
    id: 0,
    description: {
      name,
      info: "stand-in for checks",
      grid: new TileGrid(width, height, TILE_SIZE),
      border: BORDER,
      formats: [format],
      colorSpace: colorSpace ?? file.colorSpace,
      ...(identity === null ? {} : { identity }),
    },
    place: { current: placement },
    binding: {} as VirtualTextureBinding,
  });
}

async function fileTexture(path: string, choice: PictureChoiceOptions): Promise<FileTexture> {
  const bytes = await openFileSource(path);
  let kind: Awaited<ReturnType<typeof fileKind>>;
  try {
    kind = await fileKind(bytes);
    if (kind === "ktx2") {
      const { width, height, texelFormat, colorSpace } = await readKtx2(bytes);
      return { width, height, colorSpace, format: texelFormat ?? "rgba8unorm" };
    }
  } finally {
    bytes.close();
  }
  if (kind === "tile store") {
    const store = await openTileStore(await openFileSource(path));
    const { grid: { width, height }, format, colorSpace } = store;
    store.close();
    return { width, height, format, colorSpace };
  }
  const { width, height, format, defaultColorSpace } = await readPictureInfo(path, choice);
  return { width, height, format, colorSpace: defaultColorSpace };
}
