/**
 * `deno task vt rvt check`: Map Check.
 *
 * @module
 */

import { checkProject, checkScene, type Finding, type Project } from "../../../rvt/mod.ts";
import { type Command, EXIT_DONE, EXIT_FAILED } from "../../command.ts";
import { parseCommandLine } from "../../command_line.ts";
import { countText } from "../../count_text.ts";
import { withOpenedScene } from "./opened_project.ts";
import { namedProject, PROJECT_OPTION } from "./project_option.ts";

const HELP = `Usage: deno task vt rvt check [OPTIONS] [PROJECT]

Finds what keeps runtime virtual textures from working in the materials and scenes of a project:
samples of other material types than their assets', assets that nothing uses, what writes or samples
outside of volumes, assets without volumes, components that are never drawn, textures that are filled
with samples of themselves, orders that are left to chance, heights too coarse for 16 bits, materials
without a fallback, deferred components that reach beyond their bounds, with the bounds to write, low
mips that were not baked, or with other settings, or are stale. That needs no GPU; with --bakes, scenes
without errors are opened, to find baked low mips that its GPU cannot use, as it stores them in other
formats. A line for each, with the scene, or the project where it concerns all of it: error, warning or
note; its code; what is wrong, and what mends it. Exit code 1 if there is an error, or with --strict a
warning.

  --scene NAME   check this scene alone, and all materials; default all of the project
  --bakes        look at baked low mips on the GPU, too
  --strict       count warnings as errors
  --json         print each finding as a JSON object
  --project PROJECT
                 the same as the argument; default of both the working folder
  -h, --help     show this text`;

const FAILURE = "Cannot check project";

/** The command. */
export const rvtCheckCommand: Command = {
  name: "vt rvt check",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: FAILURE,
      options: {
        scene: { type: "string" },
        bakes: { type: "boolean" },
        strict: { type: "boolean" },
        json: { type: "boolean" },
        ...PROJECT_OPTION,
      },
    });
    const project = await namedProject(positionals, values.project, FAILURE);
    const names = values.scene === undefined
      ? project.content.scenes.map(({ name }) => name)
      : [values.scene];
    const counts = { error: 0, warning: 0, note: 0 };
    const tell = (found: Finding) => {
      const { scene, ...rest } = found;
      counts[found.severity]++;
      console.log(
        values.json
          ? JSON.stringify({ scene: scene ?? null, ...rest })
          : lineOf(scene ?? project.name, found),
      );
    };
    const options = values.scene === undefined ? {} : { scene: values.scene };
    const all = await checkProject(project, options);
    const ofProject = all.filter(({ scene }) => scene === undefined);
    ofProject.forEach(tell);
    for (const scene of names) {
      const own = all.filter((found) => found.scene === scene);
      const isWhole = [...ofProject, ...own].every(({ severity }) => severity !== "error");
      if (values.bakes && isWhole) {
        const known = new Set(own.map(({ message }) => message));
        const bakes = await checkBakes(project, scene);
        own.push(...bakes.filter(({ message }) => !known.has(message)));
      }
      own.forEach(tell);
    }
    if (!values.json) {
      const parts = [
        countText(counts.error, "error"),
        countText(counts.warning, "warning"),
        countText(counts.note, "note"),
      ];
      console.log(`${countText(names.length, "scene")} of ${project.name}: ${parts.join(", ")}`);
    }
    const isFaulty = counts.error > 0 || (values.strict === true && counts.warning > 0);
    return isFaulty ? EXIT_FAILED : EXIT_DONE;
  },
};

/** What an open scene knows beside what files tell. */
async function checkBakes(project: Project, scene: string): Promise<Finding[]> {
  const { signal } = new AbortController();
  const options = { project, scene, memory: undefined, isEdited: true, failure: FAILURE, signal };
  return await withOpenedScene(options, (opened) => {
    const found = checkScene(opened.scene).filter(({ code }) => code === "stale_bake");
    return Promise.resolve(found.map((one) => ({ ...one, scene })));
  });
}

function lineOf(scene: string, { severity, code, message }: Finding): string {
  return `${scene}: ${severity}: ${code}: ${message}`;
}
