/**
 * `deno task vt rvt fix-materials`: Fix Material Usage.
 *
 * @module
 */

import {
  fixMaterials,
  type InstanceMisfit,
  type Project,
  type SampleTypeChange,
  saveFiles,
} from "../../../rvt/mod.ts";
import { type Command, EXIT_DONE } from "../../command.ts";
import { parseCommandLine } from "../../command_line.ts";
import { countText } from "../../count_text.ts";
import { firstArgument, namedProject, PROJECT_OPTION } from "./project_option.ts";

const HELP = `Usage: deno task vt rvt fix-materials [OPTIONS] ASSET [PROJECT]

Gives every sample of an asset, in the materials and material functions of a project, the material
type that the asset has. A line for each change that was written, one for the files, and one for each
instance that gives an asset to a parameter which that does not fit any more.

  --project PROJECT   the same as the argument: a folder with a project.json, or a JSON file; default of
                      both the working folder
  --dry-run           tell what would be changed, and write nothing
  -h, --help          show this text`;

const FAILURE = "Cannot fix materials";

/** The command. */
export const rvtFixMaterialsCommand: Command = {
  name: "vt rvt fix-materials",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: FAILURE,
      options: { ...PROJECT_OPTION, "dry-run": { type: "boolean" } },
    });
    const [asset, rest] = firstArgument(positionals, { name: "ASSET", failure: FAILURE });
    const before = await namedProject(rest, values.project, FAILURE);
    const { project, changes, misfits } = fixMaterials(before, asset);
    if (changes.length === 0) console.log(`Every sample of "${asset}" has its material type`);
    else if (values["dry-run"]) {
      for (const change of changes) console.log(lineOf(change, "would be"));
      for (const misfit of misfits) console.log(misfitLine(misfit, "would not"));
      console.log("Nothing was written");
    } else {
      await save(project, changes);
      for (const misfit of misfits) console.log(misfitLine(misfit, "does not"));
    }
    return EXIT_DONE;
  },
};

/** Saves a project, and tells which changes are written, also if others cannot be. */
async function save(project: Project, changes: readonly SampleTypeChange[]): Promise<void> {
  const written: string[] = [];
  try {
    await saveFiles(project, project.folder!, { onWritten: (file) => written.push(file) });
  } finally {
    const [done, missed] = [true, false].map((isDone) =>
      changes.filter(({ file }) => written.includes(file) === isDone)
    );
    for (const change of done!) console.log(lineOf(change, "is"));
    const files = [...new Set(missed!.map(({ file }) => file))];
    if (files.length > 0) console.log(`Not written: ${files.join(", ")}`);
    const names = written.length === 0 ? "" : `: ${written.join(", ")}`;
    console.log(`${countText(written.length, "file")} written${names}`);
  }
}

/** A change, and whether it is one already. */
function lineOf(
  { kind, name, file, node, from, to, lacks }: SampleTypeChange,
  verb: "is" | "would be",
): string {
  const [now, which] = verb === "is" ? [" now", "is"] : ["", "would be"];
  const note = lacks === null
    ? ""
    : `; it does not store ${lacks}, which ${which} a clear value${now}`;
  return `${file}: ${kind} "${name}": node ${node}: ${from} ${verb} ${to}${now}${note}`;
}

/** An instance that has to be given another asset. */
function misfitLine(
  { name, file, parameter, asset, stored, wanted }: InstanceMisfit,
  verb: "does not" | "would not",
): string {
  return `${file}: material instance "${name}": "${asset}", which it gives to parameter "${parameter}", ` +
    `${verb} fit any more: it is ${stored}, not ${wanted}`;
}
