/**
 * `deno task vt info`: describes texture files, one per line.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { checkTileShape } from "../../sources/mod.ts";
import { byteText } from "../byte_text.ts";
import { type Command, errorText, EXIT_DONE, EXIT_FAILED } from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { countText } from "../count_text.ts";
import type { PictureFileInfo } from "./about_picture.ts";
import { texelsParts } from "./about_texels.ts";
import { type FileInfo, readFileInfo, type StoreInfo } from "./file_info.ts";
import { IMAGE_ARGUMENTS, IMAGE_HELP, imageArguments } from "./image_arguments.ts";
import { listedNames } from "./listed_names.ts";
import { PICTURE_OPTIONS, pictureChoiceOption } from "./picture_options.ts";
import { LIMIT_HELP, LIMIT_OPTIONS, limitsOf } from "./limit_options.ts";
import { commandProgress, PROGRESS_HELP, PROGRESS_OPTION } from "./progress_option.ts";
import { tileSizeOption } from "./tile_size_option.ts";

const HELP = `Usage: deno task vt info [OPTIONS] FILE…

Prints a line for each file (KTX2, tile store, PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP): its
format, size, levels, scheme, tiles, and what streaming it takes in memory. For a file that cannot
be read the line says why. Exit code 1 if there was one. A picture is decoded, to tell whether it is
whole: that takes as long as its texels do, not its file. FILE may be - for names on standard input,
one a line, or with a NUL behind each, as find -print0 writes them.

  --verify                  read everything of KTX2 files and tile stores too: undo supercompression,
                            compare checksums; a summary of several files goes to standard error
  --json                    print each line as a JSON object, sizes in bytes; a bad file's has "error"
  --header                  read the header of a picture alone: quick, and blind to damage behind it
  --tile-size N             edge of a tile in texels where the file does not say; default 256
  --bands N[,N…], --page N  what of pictures is read, as vt bake does
${IMAGE_HELP}
${LIMIT_HELP}
${PROGRESS_HELP}
  -h, --help                show this text`;

const FAILURE = "Cannot tell about files";
const BORDER_TEXELS = 4;

/** The command. */
export const vtInfoCommand: Command = {
  name: "vt info",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: FAILURE,
      options: {
        json: { type: "boolean" },
        header: { type: "boolean" },
        verify: { type: "boolean" },
        ...IMAGE_ARGUMENTS,
        "tile-size": { type: "string" },
        ...PICTURE_OPTIONS,
        ...LIMIT_OPTIONS,
        ...PROGRESS_OPTION,
      },
    });
    if (positionals.length === 0) {
      throw new InvalidArgumentError("FILE", `${FAILURE} as none is named`);
    }
    const { json: isJson = false, header: isHeaderEnough = false, verify = false } = values;
    if (verify && isHeaderEnough) {
      throw new InvalidArgumentError(
        "--verify",
        `${FAILURE} as --verify reads everything and --header does not: leave one of them out`,
      );
    }
    const tileSize = tileSizeOption(values["tile-size"]) ?? 256;
    checkTileShape({ format: "rgba8unorm", tileSize, border: BORDER_TEXELS });
    const dimensions = { tileSize, border: BORDER_TEXELS };
    const image = imageArguments(values, FAILURE);
    const choice = pictureChoiceOption(values, FAILURE);
    const check = { limits: limitsOf(values), isHeaderEnough, isVerified: verify, image, choice };
    const counts: Counts = { fine: 0, unsupported: 0, bad: 0 };
    for await (const path of namedFiles(positionals)) {
      const progress = commandProgress(`${verify ? "Reading" : "Decoding"} ${path}`, values);
      try {
        const info = await readFileInfo(path, dimensions, {
          ...check,
          onProgress: (fraction) => progress.update(fraction),
        });
        progress.abandon();
        counts[info.unsupported === null ? "fine" : "unsupported"]++;
        if (isJson) console.log(JSON.stringify(verify ? { ...info, verified: true } : info));
        else console.log(`${infoLine(info)}${verify ? "; verified" : ""}`);
      } catch (error) {
        progress.abandon();
        counts.bad++;
        console.log(isJson ? JSON.stringify(errorRecord(path, error)) : errorLine(path, error));
      }
    }
    const { fine, unsupported, bad } = counts;
    const isList = positionals.includes("-");
    if (isList || (verify && fine + unsupported + bad > 1)) console.error(summary(counts));
    return bad === 0 ? EXIT_DONE : EXIT_FAILED;
  },
};

/** How many files there were of each kind. */
type Counts = Record<"fine" | "unsupported" | "bad", number>;

/** Files as they are named; those on standard input in the place of the first `-`. */
async function* namedFiles(positionals: readonly string[]): AsyncGenerator<string> {
  let isRead = false;
  for (const name of positionals) {
    if (name !== "-") yield name;
    else if (!isRead) {
      isRead = true;
      yield* listedNames(Deno.stdin.readable);
    }
  }
}

function summary({ fine, unsupported, bad }: Counts): string {
  const parts = [
    `${fine} fine`,
    ...(unsupported > 0 ? [`${unsupported} not supported`] : []),
    ...(bad > 0 ? [`${bad} with errors`] : []),
  ];
  return `${countText(fine + unsupported + bad, "file")}: ${parts.join(", ")}`;
}

/** What a file holds, in one line. */
export function infoLine(info: FileInfo): string {
  const { tiles, memory } = info;
  const isOneTile = tiles.columns * tiles.rows === 1;
  const levels = info.levels === info.full_levels
    ? countText(info.levels, "level")
    : `${info.levels} of ${countText(info.full_levels, "level")}`;
  const parts = [
    `${info.container} ${info.width} × ${info.height}`,
    `${info.format} (${info.color_space})` +
    (info.memory_format === null ? "" : `, in memory ${info.memory_format}`),
    ...imageParts(info),
    levels,
    `scheme ${info.scheme}`,
    `${tiles.columns} × ${tiles.rows} ${
      isOneTile ? "tile" : "tiles"
    } of ${tiles.size} + 2 × ${tiles.border}, ` +
    `${tiles.count} in all levels`,
  ];
  if (info.transcoded_to.length > 0) {
    parts.push(`transcoded to ${info.transcoded_to.join(", without block compression to ")}`);
  }
  if (memory !== null) {
    parts.push(
      `memory: whole ${byteText(memory.full_texture)}, tile ${byteText(memory.tile)}, ` +
        `page table ${byteText(memory.page_table)}, ` +
        `recommended cache ${byteText(memory.recommended_cache)}`,
    );
  }
  if (info.picture !== null) parts.splice(2, 0, pictureText(info.picture));
  parts.push(...texelsParts(info));
  if (info.store !== null) parts.push(...storeParts(info.store));
  if (info.ignored.length > 0) parts.push(`ignored: ${info.ignored.join(" and ")}`);
  if (info.unsupported !== null) parts.push(`not supported: ${info.unsupported}`);
  return `${info.file}: ${parts.join("; ")}`;
}

/** The values of a picture, and what is done to them. */
function pictureText({ bands, sample_type, compression, notes }: PictureFileInfo): string {
  const packed = compression === null ? "" : `, compression ${compression}`;
  return [`${countText(bands, "band")} of ${sample_type}${packed}`, ...notes].join(", ");
}

/** How many images a file has, and how they are named. */
function imageParts({ layers, faces, depth }: FileInfo): string[] {
  const counts = [["layer", "layers", layers], ["face", "faces", faces], [
    "slice",
    "slices",
    depth,
  ]];
  return counts.flatMap(([option, several, count]) =>
    Number(count) > 1 ? [`${count} ${several} (--${option} 0 to ${Number(count) - 1})`] : []
  );
}

/** What of a tile store is not so of every texture. */
function storeParts({ version, planes, wrap, holes, values }: StoreInfo): string[] {
  const parts = [`store version ${version}`];
  if (planes.length > 1) {
    const list = planes.map(({ format, color_space }) => `${format} (${color_space})`);
    parts.push(`${planes.length} planes: ${list.join(", ")}`);
  }
  if (planes.some((plane) => plane.premultiplied_alpha)) parts.push("premultiplied alpha");
  if (wrap.x !== "clamp" || wrap.y !== "clamp") parts.push(`wrap ${wrap.x} × ${wrap.y}`);
  if (holes) parts.push("tiles may be absent");
  if (values !== null) {
    const ranges = values.bands.map(({ min, max }) => min === null ? "none" : `${min} to ${max}`);
    parts.push(`values (${values.sampleType}): ${ranges.join(", ")}`);
  }
  return parts;
}

function errorLine(path: string, error: unknown): string {
  return `${path}: error: ${errorText(error).replaceAll(/\s*\n\s*/g, " ")}`;
}

function errorRecord(path: string, error: unknown): Record<string, unknown> {
  const code = error instanceof Error && "code" in error ? error.code : "unknown";
  return { file: path, error: { code, message: errorText(error) } };
}
