/**
 * `deno task vt rvt find-materials`: Find Materials Using This.
 *
 * @module
 */

import { findMaterials, type FoundMaterial } from "../../../rvt/mod.ts";
import { type Command, EXIT_DONE } from "../../command.ts";
import { parseCommandLine } from "../../command_line.ts";
import { firstArgument, namedProject, PROJECT_OPTION } from "./project_option.ts";

const HELP = `Usage: deno task vt rvt find-materials [OPTIONS] ASSET [PROJECT]

Lists the material functions, materials and instances of a project that sample an asset, themselves
or by functions and parents. A line for each: its file, its name, and by what it samples the asset.

  --project PROJECT   the same as the argument: a folder with a project.json, or a JSON file; default of
                      both the working folder
  --json              print each as a JSON object
  -h, --help          show this text`;

const FAILURE = "Cannot find materials";

/** The command. */
export const rvtFindMaterialsCommand: Command = {
  name: "vt rvt find-materials",
  help: HELP,
  async runCommand(args) {
    const { values, positionals } = parseCommandLine(args, {
      failure: FAILURE,
      options: { ...PROJECT_OPTION, json: { type: "boolean" } },
    });
    const [asset, rest] = firstArgument(positionals, { name: "ASSET", failure: FAILURE });
    const project = await namedProject(rest, values.project, FAILURE);
    const found = findMaterials(project, asset);
    for (const one of found) console.log(values.json ? JSON.stringify(one) : lineOf(one));
    if (!values.json && found.length === 0) console.log(`Nothing samples "${asset}"`);
    return EXIT_DONE;
  },
};

function lineOf({ kind, name, file, nodes, parameters, through }: FoundMaterial): string {
  const ways = [
    ...nodes.map((node) => `node ${node}`),
    ...parameters.map((parameter) => `parameter "${parameter}"`),
    ...through.map((other) => `through "${other}"`),
  ];
  return `${file}: ${kind} "${name}": ${ways.join(", ")}`;
}
