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
Prints how many tiles were loaded, rendered or from baked low mips, and how many components: deferred
ones are loaded where a tile that is rendered shows something of them.

  --frames N           frames; default 1
  --level NAME         scalability level of the project that is set before
  --exec COMMANDS      console commands before the first frame, parted by semicolons
  --exec-after COMMANDS
                       console commands after the last frame, such as statistics
  --no-wait            do not wait for tiles in frames, as a game does not; default: all that are seen come
  -o, --output FILE    write a PNG picture of what the camera sees at the end
${PROJECT_HELP}
${SCENE_HELP}
  -h, --help           show this text`;

const FAILURE = "Cannot run scene";
const MOST_FRAMES = 1e6;

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
        // Without a budget of time, all that the frame wants comes.
        const budget = values["no-wait"] ? { timeBudgetMs: 0 } : {};
        let tiles = 0;
        for (let frame = 0; frame < count; frame++) {
          signal.throwIfAborted();
          const { tilesLoaded } = await scene.system.update(streamed, { signal, ...budget });
          tiles += tilesLoaded;
        }
        console.log(
          `${json.name}: ${countText(count, "frame")}, ${countText(tiles, "tile")} loaded`,
        );
        console.log(loadedText(opened));
        if (execAfter !== undefined) console.log(await vt.exec(execAfter));
        if (output === undefined) return EXIT_DONE;
        const picture = await renderScene(scene, drawn, { signal });
        await writePicture(output, await picture.toPng());
        console.log(`${output}, ${picture.width} × ${picture.height}`);
        return EXIT_DONE;
      });
    }, "Interrupted");
  },
};

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
