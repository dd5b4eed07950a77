/**
 * `deno task vt bake`: a picture to a KTX2 file or a tile store.
 *
 * @module
 */

import { BAKE_FORMATS, bakePicture } from "../../bake/mod.ts";
import { checkedChoice } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { type EncodeQuality, type ForgeDevice, requestDevice } from "../../gpu/mod.ts";
import { fileKind, openFileSource } from "../../sources/mod.ts";
import { COLOR_SPACES } from "../../texels/mod.ts";
import { checkedWrap, type WrapModes } from "../../tiles/mod.ts";
import { byteText } from "../byte_text.ts";
import { type Command, EXIT_DONE } from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { countText } from "../count_text.ts";
import { runInterruptible } from "../interruptible.ts";
import type { Progress } from "../progress.ts";
import { type BakeFileOptions, bakeKtx2File, type ToldOfBake } from "./bake_ktx2_file.ts";
import { IMAGE_ARGUMENTS, IMAGE_HELP, imageArguments } from "./image_arguments.ts";
import { LIMIT_HELP, LIMIT_OPTIONS, limitsOf } from "./limit_options.ts";
import { needsEncoder } from "./needs_encoder.ts";
import { assertNoPictureOption, PICTURE_OPTIONS, pictureChoiceOption } from "./picture_options.ts";
import { commandProgress, PROGRESS_HELP, PROGRESS_OPTION } from "./progress_option.ts";
import { tileSizeOption } from "./tile_size_option.ts";

const HELP = `Usage: deno task vt bake PICTURE -o OUT [OPTIONS]

Bakes a PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture with all its mip levels, through bounded
memory. OUT ends in .pmtiles (a tile store: tiles with their borders) or .ktx2 (whole levels, for
other tools as well). It appears whole or not at all, in a folder that exists, and replaces an older
file of that name. PICTURE may be a KTX2 file, for a tile store: levels that it has are stored as
they are, unless --format names another format.

  -o, --output OUT          the file to write
  --format NAME             ${BAKE_FORMATS.join(", ")};
                            default bc7 for colour where the GPU has it, else rgba8; grey r8 or r16;
                            a KTX2 file's own
  --tile-size N             edge of a tile in texels: 64, 128, 256 (default), 512 or 1024
  --quality NAME            how hard a BC encoder tries: low, medium (default) or high
  --color-space NAME        srgb or linear; default srgb for 8-bit pictures, else
                            linear; KTX2 files as they say, where there is a variant for another
  --bands N[,N…]            one to four bands in the order that is wanted, from 1, as in 3,2,1; a fourth
                            is alpha. Default the picture's colours and alpha, or its first three
  --page N                  page of a TIFF file, from 0; default the first, or the picture of which
                            that is a thumbnail
  --wrap MODE[,MODE]        what lies beyond the edges: clamp (default), the last texels; repeat, the
                            other side; of both axes, or of u and v, as in repeat,clamp for a map of
                            the world. Of tile stores; KTX2 files do not say it
${IMAGE_HELP}
${LIMIT_HELP}
${PROGRESS_HELP}
  -h, --help                show this text`;

const QUALITIES: readonly EncodeQuality[] = ["low", "medium", "high"];

/** The command. */
export const vtBakeCommand: Command = {
  name: "vt bake",
  help: HELP,
  async runCommand(args) {
    const { picture, options, progress } = parseBakeArgs(args);
    return await runInterruptible(
      (signal) => bake(picture, { options: { ...options, signal }, progress }),
      "Interrupted: nothing was written",
    );
  },
};

async function bake(
  picture: string,
  { options, progress }: Omit<BakeArgs, "picture">,
): Promise<number> {
  using device = needsEncoder(options.format) ? await requestDevice({ label: "bake" }) : undefined;
  try {
    const report = await bakeFile(device ?? null, picture, {
      ...options,
      onProgress: ({ phase, fraction }) => progress.update(fraction, phase),
    });
    const tiles = report.tiles > 0 ? `, ${countText(report.tiles, "tile")}` : "";
    progress.done(
      `${report.output}, ${report.width} × ${report.height}, ${report.format}, ` +
        `${countText(report.levels, "level")}${tiles}, ${byteText(report.byteLength)}`,
    );
    return EXIT_DONE;
  } finally {
    progress.abandon();
  }
}

async function bakeFile(
  device: ForgeDevice | null,
  path: string,
  { image, ...options }: BakeFileOptions,
): Promise<ToldOfBake> {
  if (await isKtx2(path)) {
    assertNoPictureOption(options, `Cannot bake ${path}`);
    return await bakeKtx2File(device, path, { ...options, image });
  }
  for (const [option, value] of Object.entries(image)) {
    throw new OutOfRangeError(
      `--${option}`,
      `Cannot bake ${path} as it is no KTX2 file, so that --${option} must be left out: current ` +
        `value is ${value}`,
    );
  }
  return await bakePicture(device, path, options);
}

async function isKtx2(path: string): Promise<boolean> {
  const bytes = await openFileSource(path);
  try {
    return await fileKind(bytes) === "ktx2";
  } finally {
    bytes.close();
  }
}

interface BakeArgs {
  readonly picture: string;
  readonly options: BakeFileOptions;
  readonly progress: Progress;
}

function parseBakeArgs(args: readonly string[]): BakeArgs {
  const { values, positionals } = parseCommandLine(args, {
    failure: "Cannot bake",
    options: {
      output: { type: "string", short: "o" },
      format: { type: "string" },
      "tile-size": { type: "string" },
      quality: { type: "string" },
      "color-space": { type: "string" },
      ...PICTURE_OPTIONS,
      wrap: { type: "string" },
      ...IMAGE_ARGUMENTS,
      ...LIMIT_OPTIONS,
      ...PROGRESS_OPTION,
    },
  });
  const picture = positionals[0];
  if (picture === undefined || positionals.length > 1) {
    throw new InvalidArgumentError(
      "PICTURE",
      `Cannot bake as exactly one picture must be named: current value is [${
        positionals.join(", ")
      }]`,
    );
  }
  if (values.output === undefined) {
    throw new InvalidArgumentError(
      "output",
      "Cannot bake as -o OUT, the file to write, is missing",
    );
  }
  const tileSize = tileSizeOption(values["tile-size"]);
  const quality = oneOf("quality", values.quality, QUALITIES);
  const colorSpace = oneOf("color-space", values["color-space"], COLOR_SPACES);
  return {
    picture,
    progress: commandProgress(`Baking ${picture}`, values),
    options: {
      output: values.output,
      limits: limitsOf(values),
      image: imageArguments(values, "Cannot bake"),
      ...(values.format === undefined ? {} : { format: values.format }),
      ...(tileSize === undefined ? {} : { tileSize }),
      ...(quality === undefined ? {} : { quality }),
      ...(colorSpace === undefined ? {} : { colorSpace }),
      ...pictureChoiceOption(values, "Cannot bake"),
      ...(values.wrap === undefined ? {} : { wrap: wrapOption(values.wrap) }),
    },
  };
}

function wrapOption(value: string): WrapModes {
  const modes = value.split(",");
  const of = { name: "--wrap", failure: "Cannot bake" };
  return checkedWrap(modes.length === 1 ? value : modes, of);
}

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  return checkedChoice(value, { name: `--${option}`, failure: "Cannot bake", choices });
}
