/**
 * `deno task vt rvt run`: a scene of a project, frame by frame.
 *
 * @module
 */

import { type ProjectScene, VirtualTextureConsole } from "../../../rvt/mod.ts";
import { renderScene } from "../../../scene/mod.ts";
import { openFileSink } from "../../../sources/mod.ts";
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

const HELP = `Usage: deno task vt rvt run [OPTIONS] [PROJECT]

Opens a scene of a project and streams what its camera sees, frame by frame, with commands of the
console of virtual textures: variables such as r.VT.MaxUploadsPerFrame, stat virtualtexturing, help.
A frame is one update, within its limits: with r.VT.MaxUploadsPerFrame 1 it renders one tile. It waits
for what it has asked for, so that the same frames bring the same tiles. There are at most 60 a second.
Prints how many tiles were rendered, and read from baked low mips, and how many components were loaded:
deferred ones are where a tile that is rendered shows something of them.

  --frames N           frames; default 1
  --level NAME         scalability level of the project that is set before
  --exec COMMANDS      console commands before the first frame, parted by semicolons
  --exec-after COMMANDS
                       console commands after the last frame, such as statistics
  --no-wait            do not wait in frames, as a game does not: tiles come as they are ready
  --settle             go on after the last frame until all that is seen has come, and say how much that
                       was
  -o, --output FILE    write a PNG picture of what the camera sees at the end; settles before, unless
                       there is --no-wait
${PROJECT_HELP}
${SCENE_HELP}
  -h, --help           show this text`;

const FAILURE = "Cannot run scene";
const MOST_FRAMES = 1e6;
/** Shortest time of a frame: 60 a second. */
const FRAME_MS = 1000 / 60;

/** Tiles that were rendered, and tiles that were read. */
interface Tiles {
  readonly rendered: number;
  readonly read: number;
}

/** The command. */
export const rvtRunCommand: Command = {
  name: "vt rvt run",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: FAILURE,
      options: {
        frames: { type: "string" },
        level: { type: "string" },
        exec: { type: "string" },
        "exec-after": { type: "string" },
        "no-wait": { type: "boolean" },
        settle: { type: "boolean" },
        output: { type: "string", short: "o" },
        ...PROJECT_OPTION,
        ...SCENE_OPTIONS,
      },
    });
    const { frames = "1", output, scene, memory, exec, "exec-after": execAfter } = values;
    const range = [1, MOST_FRAMES] as const;
    const count = numberOption(frames, { name: "--frames", failure: FAILURE, range });
    const project = await namedProject(positionals, values.project, FAILURE);
    return await runInterruptible(async (signal) => {
      const { level: scalabilityLevel } = values;
      const options = { project, scene, memory, scalabilityLevel, failure: FAILURE, signal };
      return await withOpenedScene(options, async (opened) => {
        const { scene, json } = opened;
        const { drawn, streamed } = cameraOf(opened, FAILURE);
        const { scalability = {} } = opened.project.content;
        const vt = opened.console ?? new VirtualTextureConsole(scene, { scalability });
        if (exec !== undefined) console.log(await vt.exec(exec));
        const { system } = scene;
        for (let frame = 0; frame < count; frame++) {
          signal.throwIfAborted();
          const endMs = performance.now() + FRAME_MS;
          if (values["no-wait"]) system.updateNow(streamed);
          else await system.update(streamed, { timeBudgetMs: Infinity, signal });
          await pauseUntil(endMs);
        }
        const inFrames = tilesOf(vt);
        console.log(`${json.name}: ${countText(count, "frame")}, ${tilesText(inFrames)}`);
        if (execAfter !== undefined) console.log(await vt.exec(execAfter));
        if (values.settle || (output !== undefined && !values["no-wait"])) {
          await system.flush({ signal });
          const { rendered, read } = tilesOf(vt);
          const more = { rendered: rendered - inFrames.rendered, read: read - inFrames.read };
          console.log(`${json.name}: settled, ${tilesText(more)} more`);
        }
        console.log(loadedText(opened));
        if (output === undefined) return EXIT_DONE;
        const picture = await renderScene(scene, drawn, { signal });
        await writePicture(output, await picture.toPng());
        console.log(`${output}, ${picture.width} × ${picture.height}`);
        return EXIT_DONE;
      });
    }, "Interrupted");
  },
};

/** Lets reads have the rest of the time that a frame of a game takes, and their turn in any case. */
async function pauseUntil(endMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, endMs - performance.now())));
}

/** Tiles of all updates so far. */
function tilesOf(vt: VirtualTextureConsole): Tiles {
  const { updates: { updates, mean } } = vt.statistics();
  return {
    rendered: Math.round(updates * mean.tilesDrawn),
    read: Math.round(updates * mean.tilesUploaded),
  };
}

function tilesText({ rendered, read }: Tiles): string {
  return `${countText(rendered, "tile")} rendered${read === 0 ? "" : ` and ${read} read`}`;
}

/** How many components were loaded, and how many of the deferred ones were not. */
function loadedText({ json, components, deferredComponents: deferred }: ProjectScene): string {
  const loaded = deferred.filter(({ isLoaded }) => isLoaded).length;
  const count = countText(components.length + loaded, "component");
  return `${json.name}: ${count} loaded, ${deferred.length - loaded} not loaded`;
}

async function writePicture(path: string, bytes: Uint8Array): Promise<void> {
  const sink = await openFileSink(path);
  try {
    await sink.write(0, bytes);
    await sink.commit();
  } finally {
    await sink.abort();
  }
}
