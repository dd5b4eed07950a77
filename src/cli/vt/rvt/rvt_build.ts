/**
 * `deno task vt rvt build`: Build, and Build Virtual Textures.
 *
 * @module
 */

import { join } from "node:path";
import { OutOfRangeError } from "../../../errors.ts";
import {
  type BuildReport,
  type Project,
  type ProjectScene,
  saveProject,
  type SceneJson,
} from "../../../rvt/mod.ts";
import { byteText } from "../../byte_text.ts";
import { type Command, EXIT_DONE } from "../../command.ts";
import { parseCommandLine } from "../../command_line.ts";
import { countText } from "../../count_text.ts";
import { runInterruptible } from "../../interruptible.ts";
import { Progress, QUIET_MS } from "../../progress.ts";
import { assertOwnFiles, BAKES_FOLDER, withBuilders } from "./builder_files.ts";
import { assertReplaceable, type BuildTask } from "./replaced_files.ts";
import { SCENE_OPTIONS, withOpenedScene } from "./opened_project.ts";
import { namedProject, PROJECT_OPTION } from "./project_option.ts";

const HELP = `Usage: deno task vt rvt build [OPTIONS] [PROJECT]

Bakes the low mips of volumes: their coarsest levels, as many as streamingLowMips says, from which they
are streamed. A volume keeps them in the file that it names as its virtualTextureBuilder; one that
names none gets a new one, bakes/scene_name.pmtiles, of its own name or its asset's, and the project says
so from then on. A line for each volume.

  --scene NAME    this scene alone; default all of the project
  --volume NAME   this volume alone, by its own name or its asset's; default all that stream low mips
  --overwrite     replace files that volumes name, whatever they hold; default only low mips of their assets
  --memory MB     memory of virtual textures; default 512
  --project PROJECT
                  the same as the argument; default of both the working folder
  -h, --help      show this text`;

const FAILURE = "Cannot build low mips";

/** The command. */
export const rvtBuildCommand: Command = {
  name: "vt rvt build",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: FAILURE,
      options: {
        volume: { type: "string" },
        overwrite: { type: "boolean" },
        ...PROJECT_OPTION,
        ...SCENE_OPTIONS,
      },
    });
    const { scene, volume, memory, overwrite = false } = values;
    const loaded = await namedProject(positionals, values.project, FAILURE);
    const scenes = scene === undefined ? loaded.content.scenes : [loaded.scene(scene)];
    const tasks = tasksOf(scenes, volume);
    const project = withBuilders(loaded, tasks, await filesIn(loaded));
    await assertReplaceable(project, tasks, { overwrite, failure: FAILURE });
    assertOwnFiles(loaded, tasks);
    return await runInterruptible(async (signal) => {
      if (tasks.length === 0) console.log("No volume streams low mips: nothing was built");
      let built = 0;
      try {
        for (const { scene, volumes } of tasks) {
          const options = { project, scene, memory, isEdited: true, failure: FAILURE, signal };
          await withOpenedScene(options, async (opened) => {
            for (const at of volumes) {
              await buildVolume(opened, at, signal);
              built++;
            }
          });
        }
      } finally {
        // Where one cannot be built, those before it stay built.
        if (built > 0) await noteWritten(project, loaded);
      }
      return EXIT_DONE;
    }, "Interrupted");
  },
};

/** Names of the files in a project's folder of baked low mips. */
async function filesIn({ folder }: Project): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(join(folder!, BAKES_FOLDER))) names.push(name);
  } catch {
    // It is not there yet, or no folder, of which the build will tell.
  }
  return names;
}

/**
 * Volumes by scene, of scenes that have some to build.
 *
 * @throws {OutOfRangeError} if no scene has a volume of that name, or it streams no low mips.
 */
function tasksOf(scenes: readonly SceneJson[], name: string | undefined): BuildTask[] {
  const found: BuildTask[] = [];
  const names = new Set<string>();
  let isThere = false;
  for (const { name: scene, volumes = [] } of scenes) {
    const built: number[] = [];
    for (const [at, { name: own = "volume", asset, streamingLowMips = 0 }] of volumes.entries()) {
      names.add(own).add(asset);
      const isNamed = name === undefined || name === own || name === asset;
      isThere ||= isNamed;
      if (isNamed && streamingLowMips > 0) built.push(at);
    }
    if (built.length > 0) found.push({ scene, volumes: built });
  }
  if (name === undefined || found.length > 0) return found;
  throw new OutOfRangeError(
    "--volume",
    isThere
      ? `${FAILURE} as streamingLowMips of volume "${name}" must be >= 1: current value is 0`
      : `${FAILURE} as --volume must be one of ${[...names].join(", ") || "none"}: ` +
        `current value is ${name}`,
  );
}

async function buildVolume(opened: ProjectScene, at: number, signal: AbortSignal): Promise<void> {
  const volume = opened.volumes[at]!;
  const progress = new Progress(`Building ${volume.name}`, {
    shown: "on terminals",
    quietMs: QUIET_MS,
  });
  try {
    const report = await opened.scene.build(volume, {
      signal,
      onProgress: ({ tiles, tileCount }) => progress.update(tiles / tileCount),
    });
    progress.done("built");
    console.log(reportText(opened.json, at, report));
  } finally {
    progress.abandon();
  }
}

function reportText({ name, volumes }: SceneJson, at: number, report: BuildReport): string {
  const { volume, levels, tileCount, incompleteTiles, byteLength } = report;
  const lacking = incompleteTiles === 0 ? "" : `, ${incompleteTiles} of them incomplete`;
  return `${name}: ${volume.name}: ${countText(levels, "level")}, ${
    countText(tileCount, "tile")
  }${lacking}, ${byteText(byteLength)} in ${volumes![at]!.virtualTextureBuilder}`;
}

/** Saves a project if volumes of it have got files. */
async function noteWritten(project: Project, before: Project): Promise<void> {
  if (project === before) return;
  const written = await saveProject(project, project.folder!);
  console.log(`${countText(written.length, "file")} written: ${written.join(", ")}`);
}
