/**
 * `deno task vt rvt fix-materials`: Fix Material Usage.
 *
 * @module
 */

import { fixMaterials, type SampleTypeChange, saveProject } from "../../../rvt/mod.ts";
import { type Command, EXIT_DONE } from "../../command.ts";
import { parseCommandLine } from "../../command_line.ts";
import { countText } from "../../count_text.ts";
import { firstArgument, namedProject, PROJECT_OPTION } from "./project_option.ts";

const HELP = `Usage: deno task vt rvt fix-materials [OPTIONS] ASSET [PROJECT]

Gives every sample of an asset, in the materials and material functions of a project, the material
type that the asset has. A line for each change, and one for the files that were written.

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
    const { project, changes } = fixMaterials(before, asset);
    for (const change of changes) console.log(lineOf(change));
    if (changes.length === 0) console.log(`Every sample of "${asset}" has its material type`);
    else if (values["dry-run"]) console.log("Nothing was written");
    else {
      const written = await saveProject(project, project.folder!);
      console.log(`${countText(written.length, "file")} written: ${written.join(", ")}`);
    }
    return EXIT_DONE;
  },
};

function lineOf({ kind, name, file, node, from, to, lacks }: SampleTypeChange): string {
  const note = lacks === null ? "" : `; it does not store ${lacks}, which is a clear value now`;
  return `${file}: ${kind} "${name}": node ${node}: ${from} is ${to} now${note}`;
}
