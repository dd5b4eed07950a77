/**
 * `deno task demo:rvt`: an island in seven runtime virtual textures.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type ForgeDevice, requestDevice } from "../../gpu/mod.ts";
import { VirtualTextureConsole } from "../../rvt/mod.ts";
import type { Picture } from "../../scene/mod.ts";
import { VirtualTextureSystem } from "../../streaming/mod.ts";
import { textTable } from "../../text_table.ts";
import { byteText } from "../byte_text.ts";
import { type Command, EXIT_DONE, runAsProgram } from "../command.ts";
import { countText } from "../count_text.ts";
import { demoPicture } from "../demo/demo_picture.ts";
import { Progress } from "../progress.ts";
import { clearFiles, frameName, writeDemoFiles } from "./demo_rvt_files.ts";
import { DEMO_RVT_HELP, demoRvtOptions } from "./demo_rvt_options.ts";
import { type DemoRvtReport, editText, sizeText } from "./demo_rvt_report.ts";
import { type Flight, fly } from "./fly.ts";
import { buildIsland, type IslandWorld } from "./island_world.ts";
import { mostLevels, texelsOfTextures, viewLevels, viewTextures } from "./texture_views.ts";

const COMPARISONS = 4;
const MEMORY_MB = 128;
/** Taps along a footprint's longer axis: roads are seen from low above. */
const ANISOTROPY = 4;

/** The command. */
export const demoRvtCommand: Command = {
  name: "demo:rvt",
  help: DEMO_RVT_HELP,
  async runCommand(args) {
    const { frames, size, folder } = demoRvtOptions(args);
    clearFiles(folder);
    using device = await requestDevice({ label: "demo" });
    using system = new VirtualTextureSystem(device, { maxMemoryMb: MEMORY_MB });
    const world = await inProgress("Building the island", async () => {
      const built = await buildIsland(system, await demoPicture("topology"));
      return [built, countText(built.scene.components.length, "component")];
    });
    await using _scene = world.scene;
    const vt = new VirtualTextureConsole(world.scene);
    await vt.set("r.VT.MaxAnisotropy", ANISOTROPY);
    const pictures: Picture[] = [];
    const flight = await inProgress("Flying", async (progress) => {
      const flown = await fly(world, {
        ...{ frames, size, comparisons: COMPARISONS },
        async onFrame(frame, picture) {
          pictures.push(picture);
          writeFileSync(join(folder, frameName(frame)), await picture.toPng());
          progress.update((frame + 1) / frames, `frame ${frame + 1} of ${frames}`);
        },
      });
      return [flown, countText(frames, "frame")];
    });
    await inProgress("Writing the report", async () => {
      const report = await reportOf(world, { vt, flight, device, size, frames: pictures });
      const bytes = await writeDemoFiles(folder, report);
      return [null, byteText(bytes)];
    });
    printEnd(folder, flight);
    return EXIT_DONE;
  },
};

/** Does a part of the work with a bar, and ends it with what came of it. */
async function inProgress<Result>(
  label: string,
  work: (progress: Progress) => Promise<readonly [result: Result, summary: string]>,
): Promise<Result> {
  const progress = new Progress(label);
  try {
    progress.update(0);
    const [result, summary] = await work(progress);
    progress.done(summary);
    return result;
  } catch (error) {
    progress.abandon();
    throw error;
  }
}

/** What the report tells, now that the flight is over. */
async function reportOf(
  world: IslandWorld,
  { vt, flight, device, size, frames }: {
    readonly vt: VirtualTextureConsole;
    readonly flight: Flight;
    readonly device: ForgeDevice;
    readonly size: readonly [number, number];
    readonly frames: readonly Picture[];
  },
): Promise<DemoRvtReport> {
  const statistics: [string, string][] = [];
  for (const command of ["stat virtualtexturing", "stat virtualtexturememory"]) {
    statistics.push([command, await vt.exec(command)]);
  }
  const { usedMemory, totalBudget } = world.scene.system.getMemoryInfo();
  return {
    adapter: device.name,
    isCpu: device.isCpu,
    ...{ size, flight, frames, statistics },
    views: await viewTextures(world),
    levels: await viewLevels(world, flight.lastCamera),
    texels: texelsOfTextures(world),
    levelCount: mostLevels(world),
    memory: `${byteText(usedMemory)} of ${byteText(totalBudget)}`,
  };
}

function printEnd(folder: string, { frames, edit, comparisons }: Flight): void {
  const shown = relative(Deno.cwd(), folder) || folder;
  const rows = comparisons.map(({ frame, difference, sampledMs, directMs }) => [
    String(frame),
    sizeText(difference.picture),
    difference.mean.toFixed(2),
    `${difference.psnr.toFixed(1)} dB`,
    `${sampledMs.toFixed(0)} ms`,
    `${directMs.toFixed(0)} ms`,
  ]);
  const head = ["frame", "pixels", "mean difference of 255", "PSNR", "with tiles", "without"];
  console.log(`\n${textTable(head, rows)}\n\n${editText(edit)}\n`);
  console.log(`${countText(frames.length, "frame")}, contact_sheet.png and report.html: ${shown}`);
}

if (import.meta.main) await runAsProgram(demoRvtCommand);
