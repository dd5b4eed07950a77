/**
 * The files that the demo writes.
 *
 * @module
 */

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Picture } from "../../scene/mod.ts";
import { contactSheet } from "../demo/contact_sheet.ts";
import { type DemoRvtReport, writeDemoRvtReport } from "./demo_rvt_report.ts";
import { viewsInRows } from "./texture_views.ts";

/** Names of all files; others in the folder are left alone. */
const OWN_FILES =
  /^((frame|tiles|direct|difference)_\d+|contact_sheet|textures|levels|edit_(before|after))\.png$|^(stats\.json|report\.html)$/;

/** Name of a frame's file. */
export function frameName(frame: number): string {
  return numbered("frame", frame);
}

function numbered(what: string, frame: number): string {
  return `${what}_${String(frame).padStart(3, "0")}.png`;
}

/** Makes the folder. Files of an earlier demo must not be mistaken for this one's. */
export function clearFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (OWN_FILES.test(name)) rmSync(join(folder, name));
  }
}

/**
 * Writes everything but the frames.
 *
 * @returns Bytes of the report.
 */
export async function writeDemoFiles(folder: string, report: DemoRvtReport): Promise<number> {
  const { flight: { edit, comparisons, frames }, views, levels } = report;
  const write = async (name: string, picture: Picture) =>
    writeFileSync(join(folder, name), await picture.toPng());
  const sheet = await contactSheet(report.frames);
  writeFileSync(join(folder, "contact_sheet.png"), sheet);
  const { pictures, columns } = viewsInRows(views);
  writeFileSync(join(folder, "textures.png"), await contactSheet(pictures, { columns }));
  await write("levels.png", levels);
  await write("edit_before.png", edit.before);
  await write("edit_after.png", edit.after);
  for (const { frame, sampled, direct, difference } of comparisons) {
    await write(numbered("tiles", frame), sampled);
    await write(numbered("direct", frame), direct);
    await write(numbered("difference", frame), difference.picture);
  }
  const { before: _before, after: _after, ...edited } = edit;
  const stats = {
    frames,
    edit: edited,
    comparisons: comparisons.map(({ frame, difference, sampledMs, directMs }) => {
      const { mean, farShare, psnr, picture: { width, height } } = difference;
      return { frame, width, height, mean, farShare, psnr, sampledMs, directMs };
    }),
  };
  writeFileSync(join(folder, "stats.json"), JSON.stringify(stats, null, 1));
  const html = await writeDemoRvtReport(report, sheet);
  writeFileSync(join(folder, "report.html"), html);
  return html.length;
}
