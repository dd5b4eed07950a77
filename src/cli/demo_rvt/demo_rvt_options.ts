/**
 * Options of `deno task demo:rvt`.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { OutOfRangeError } from "../../errors.ts";
import { parseCommandLine } from "../command_line.ts";
import { projectFolder } from "../folders.ts";

const FRAMES = "16";
const SIZE = "800x450";
const FRAMES_RANGE = [4, 1000] as const;
const SIDE_RANGE = [64, 2048] as const;

/** Its help. */
export const DEMO_RVT_HELP = `Usage: deno task demo:rvt [--frames N] [--size WxH] [--out FOLDER]

Builds New Zealand's South Island from a picture of the Earth's heights and flies over it. The ground is
shaded into runtime virtual textures, one of each material type. A volcano rises in the middle of the
flight, and the tiles that show it are rendered again. Some views are drawn without tiles, too, and
compared. Writes the frames as PNG, contact_sheet.png, the edit, the differences, debug views of the
textures, stats.json (a record a frame) and report.html (needs no network).

      --frames N    frames of the flight, ${FRAMES_RANGE.join(" to ")} (${FRAMES})
      --size WxH    pixels of a frame, each ${SIDE_RANGE.join(" to ")} (${SIZE})
      --out FOLDER  where to write (out/demo-rvt in the project)
  -h, --help        show this text`;

/** Options, checked. */
export interface DemoRvtOptions {
  readonly frames: number;
  readonly size: readonly [width: number, height: number];
  /** Absolute path of the folder to write to. */
  readonly folder: string;
}

/**
 * Reads a command line.
 *
 * @throws {InvalidArgumentError} if an option does not exist, lacks a value or is given twice.
 * @throws {OutOfRangeError} if a value is not allowed.
 */
export function demoRvtOptions(args: readonly string[]): DemoRvtOptions {
  const failure = "Cannot run demo:rvt";
  const { values } = parseCommandLine(args, {
    failure,
    options: {
      frames: { type: "string" },
      size: { type: "string" },
      out: { type: "string" },
    },
    takesArguments: false,
  });
  const { frames = FRAMES, size = SIZE, out } = values;
  const sides = /^(\d+)x(\d+)$/.exec(size)?.slice(1).map(Number);
  if (sides === undefined || !sides.every((side) => isWithin(side, SIDE_RANGE))) {
    throw new OutOfRangeError(
      "--size",
      `${failure} as --size must be two integers from ${
        SIDE_RANGE.join(" to ")
      }, such as ${SIZE}: ` +
        `current value is ${size}`,
    );
  }
  if (!/^\d+$/.test(frames) || !isWithin(Number(frames), FRAMES_RANGE)) {
    throw new OutOfRangeError(
      "--frames",
      `${failure} as --frames must be an integer from ${FRAMES_RANGE.join(" to ")}: ` +
        `current value is ${frames}`,
    );
  }
  return {
    frames: Number(frames),
    size: [sides[0]!, sides[1]!],
    folder: out === undefined ? join(projectFolder(), "out", "demo-rvt") : resolve(Deno.cwd(), out),
  };
}

function isWithin(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}
