/**
 * Streamed textures where no system streams any.
 *
 * @module
 */

import { placeTexture } from "../../geometry/mod.ts";
import type { VirtualTextureBinding } from "../../gpu/mod.ts";
import {
  chosenImage,
  fileKind,
  type ImageChoice,
  openFileSource,
  openTileStore,
  type PictureChoiceOptions,
  readKtx2,
  readPictureInfo,
} from "../../sources/mod.ts";
import {
  imageChoiceOf,
  inputIdentity,
  pictureChoiceOf,
  StreamedTexture,
} from "../../streaming/mod.ts";
import type { ColorSpace, TexelFormat } from "../../texels/mod.ts";
import { CLAMPED, TileGrid, type WrapModes, wrapModes } from "../../tiles/mod.ts";
import type { StreamedTextureJson } from "../project/mod.ts";

/** What of a file a texture takes. */
interface FileTexture {
  readonly width: number;
  readonly height: number;
  readonly format: TexelFormat;
  readonly colorSpace: ColorSpace;
  readonly wrap: WrapModes;
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
 * @throws {UnsupportedError} if it is of another kind, or has several images and none is chosen.
 * @throws {OutOfRangeError} if it has no such image.
 */
export async function textureStandIn(
  { name, colorSpace, preferredFormat, wrap, ...choice }: StreamedTextureJson,
  path: string,
): Promise<StreamedTexture> {
  const file = await fileTexture(path, { ...imageChoiceOf(choice), ...pictureChoiceOf(choice) });
  const { width, height, format } = file;
  const placement = placeTexture([width, height], {});
  const identity = await inputIdentity(path, {
    ...(preferredFormat === undefined ? {} : { preferredFormat }),
    ...(wrap === undefined ? {} : { wrap }),
    ...imageChoiceOf(choice),
    ...pictureChoiceOf(choice),
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
      wrap: wrap ?? file.wrap,
      ...(identity === null ? {} : { identity }),
    },
    place: { current: placement },
    binding: {} as VirtualTextureBinding,
  });
}

async function fileTexture(
  path: string,
  choice: ImageChoice & PictureChoiceOptions,
): Promise<FileTexture> {
  const bytes = await openFileSource(path);
  let kind: Awaited<ReturnType<typeof fileKind>>;
  try {
    kind = await fileKind(bytes);
    if (kind === "ktx2") {
      const file = await readKtx2(bytes);
      chosenImage(file, choice);
      const { width, height, texelFormat, colorSpace } = file;
      const format = texelFormat ?? "rgba8unorm";
      return { width, height, colorSpace, format, wrap: CLAMPED };
    }
  } finally {
    bytes.close();
  }
  if (kind === "tile store") {
    const store = await openTileStore(await openFileSource(path));
    const { grid: { width, height }, format, colorSpace, wrap } = store;
    store.close();
    return { width, height, format, colorSpace, wrap: wrapModes(wrap) };
  }
  const { width, height, format, defaultColorSpace } = await readPictureInfo(
    path,
    pictureChoiceOf(choice),
  );
  return { width, height, format, colorSpace: defaultColorSpace, wrap: CLAMPED };
}
