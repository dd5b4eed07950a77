/**
 * `deno task vt rvt inspect`: the tile inspector.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import { inspectTile, type ProjectScene, type TileInspection } from "../../../rvt/mod.ts";
import { type Command, EXIT_DONE } from "../../command.ts";
import { parseCommandLine } from "../../command_line.ts";
import { countText } from "../../count_text.ts";
import { runInterruptible } from "../../interruptible.ts";
import {
  cameraOf,
  numberOption,
  SCENE_HELP,
  SCENE_OPTIONS,
  withOpenedScene,
} from "./opened_project.ts";
import { namedProject, PROJECT_HELP, PROJECT_OPTION } from "./project_option.ts";

const HELP = `Usage: deno task vt rvt inspect [OPTIONS] [PROJECT]

Opens a scene of a project, streams what its camera sees, and tells everything about a tile of a
runtime virtual texture: which components write it, in which order, at which level of detail and from
which sources; what is certain to be covered; what does not write it, and why; how old it is; and how
far compression takes it from what was rendered.

  --asset NAME         the asset, if the project has more than one that is placed
  --tile LEVEL,X,Y     level, column and row of the tile; default the coarsest
  --frames N           frames that are streamed before; default 1, 0 for none
${PROJECT_HELP}
${SCENE_HELP}
  --json               print all of it as a JSON object
  -h, --help           show this text`;

const FAILURE = "Cannot inspect tile";
const MOST_FRAMES = 1e6;

/** The command. */
export const rvtInspectCommand: Command = {
  name: "vt rvt inspect",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: FAILURE,
      options: {
        asset: { type: "string" },
        tile: { type: "string" },
        frames: { type: "string" },
        json: { type: "boolean" },
        ...PROJECT_OPTION,
        ...SCENE_OPTIONS,
      },
    });
    const { asset, tile, frames = "1", scene, memory } = values;
    const range = [0, MOST_FRAMES] as const;
    const count = numberOption(frames, { name: "--frames", failure: FAILURE, range });
    const address = tile === undefined ? null : parseTile(tile);
    const project = await namedProject(positionals, values.project, FAILURE);
    return await runInterruptible(async (signal) => {
      const options = { project, scene, memory, failure: FAILURE, signal };
      return await withOpenedScene(options, async (opened) => {
        const placed = assetOf(opened, asset);
        const { streamed } = cameraOf(opened, FAILURE);
        for (let frame = 0; frame < count; frame++) {
          await opened.scene.system.update(streamed, { signal });
        }
        const texture = opened.scene.textureOf(placed);
        if (texture === null) {
          throw new OutOfRangeError(
            "virtualTexturing",
            `${FAILURE} as virtualTexturing of scene "${opened.json.name}" must be true: ` +
              `current value is ${opened.scene.options.virtualTexturing}`,
          );
        }
        const coarsest = texture.grid.levelCount - 1;
        const found = await inspectTile(
          opened.scene,
          placed,
          address ?? { level: coarsest, x: 0, y: 0 },
        );
        console.log(values.json ? JSON.stringify(found) : inspectionText(found));
        return EXIT_DONE;
      });
    }, "Interrupted");
  },
};

function parseTile(text: string): { level: number; x: number; y: number } {
  const match = /^(\d+),(\d+),(\d+)$/.exec(text);
  if (match !== null) return { level: +match[1]!, x: +match[2]!, y: +match[3]! };
  throw new InvalidArgumentError(
    "--tile",
    `${FAILURE} as --tile must be LEVEL,X,Y: current value is ${text}`,
  );
}

function assetOf({ assets, volumes, json }: ProjectScene, name: string | undefined) {
  const placed = volumes.map((volume) => volume.asset);
  const found = name === undefined && placed.length === 1 ? placed[0] : assets.get(name ?? "");
  if (found !== undefined && placed.includes(found)) return found;
  if (placed.length === 0) {
    throw new OutOfRangeError(
      "--scene",
      `${FAILURE} as scene "${json.name}" must have a volume, which places an asset: it has none`,
    );
  }
  throw new OutOfRangeError(
    "--asset",
    `${FAILURE} as --asset must be one of ${placed.map((asset) => asset.name).join(", ")}: ` +
      `current value is ${name ?? "none"}`,
  );
}

/** What was found, by lines. */
export function inspectionText(found: TileInspection): string {
  const { asset, level, x, y, levels, columns, rows, center, texelSize, residency } = found;
  const { state, version, wantedVersion, ageFrames, shownLevel, isInFlight, isPinned } = residency;
  const parts = [
    state,
    ...(ageFrames === null ? [] : [`${countText(ageFrames, "frame")} old`]),
    ...(version === null ? [] : [`version ${version}, wanted ${wantedVersion}`]),
    ...(state === "missing" && shownLevel !== null ? [`level ${shownLevel} is shown`] : []),
    ...(isInFlight ? ["in flight"] : []),
    ...(isPinned ? ["pinned"] : []),
  ];
  return [
    `${asset}, level ${level} of ${levels}, tile ${x}, ${y} of ${columns} × ${rows}`,
    `at ${numbers(center)}, texels of ${numbers(texelSize)}`,
    `content: ${parts.join(", ")}`,
    ...bakeLines(found),
    isOther(found) ? "would be written now by, the lowest first:" : "written by, the lowest first:",
    ...found.writers.map(writerLine),
    ...(found.writers.length === 0 ? ["  nothing"] : []),
    ...(found.absent.length === 0 ? [] : ["not written by:"]),
    ...found.absent.map(({ component, reason }) =>
      `  ${component}: ${reason.replaceAll("_", " ")}`
    ),
    ...deferredLines(found),
    ...compressionLines(found),
  ].join("\n");
}

/** Whether a tile shows what others have written. */
function isOther({ bake }: TileInspection): boolean {
  return bake !== null && bake.isUsed && bake.isStale;
}

function bakeLines({ bake }: TileInspection): string[] {
  if (bake === null) return [];
  const { builder, isUsed, isStale, isIncomplete } = bake;
  const parts = [
    isUsed ? `read from ${builder}` : `rendered, and not read from ${builder}`,
    ...(isStale ? ["stale there"] : []),
    ...(isIncomplete ? ["incomplete there"] : []),
  ];
  return [`baked: ${parts.join(", ")}`];
}

function deferredLines({ deferred, bake }: TileInspection): string[] {
  if (deferred.length === 0) return [];
  const missing = bake?.isUsed ? "not loaded, and no need to, as the tile is baked" : "not loaded";
  return [
    "deferred components that it may show:",
    ...deferred.map(({ component, isLoaded, failure }) =>
      `  ${component}: ${isLoaded ? "loaded" : failure ?? missing}`
    ),
  ];
}

function writerLine(writer: TileInspection["writers"][number]): string {
  const { component, material, sortPriority, isTied, lod, draws, attributes, sources } = writer;
  const read = Object.values(sources).flat();
  const parts = [
    `material ${material}`,
    `priority ${sortPriority}${isTied ? ", tied with the one below" : ""}`,
    `LOD ${lod}`,
    `draws ${draws}`,
    attributes.join(" "),
    ...(read.length === 0 ? [] : [`from ${read.join(", ")}`]),
    ...(writer.coveredBy.length === 0 ? [] : [`covered by ${writer.coveredBy.join(", ")}`]),
  ];
  return `  ${component}: ${parts.join("; ")}`;
}

function compressionLines({ compression }: TileInspection): string[] {
  if ("reason" in compression) {
    return [
      compression.reason === "uncompressed"
        ? "compression: none"
        : "compression: not told, as virtual textures that materials sample are being streamed",
    ];
  }
  return [
    "error of compression:",
    ...compression.attributes.map(({ attribute, largest, rootMeanSquare }) =>
      `  ${attribute}: at most ${short(largest)}, root mean square ${short(rootMeanSquare)}`
    ),
  ];
}

function numbers(list: readonly number[]): string {
  return list.map(short).join(", ");
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
