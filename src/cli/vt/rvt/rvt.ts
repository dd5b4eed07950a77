/**
 * `deno task vt rvt`: work on projects of runtime virtual textures.
 *
 * @module
 */

import { InvalidArgumentError } from "../../../errors.ts";
import { type Command, wantsHelp } from "../../command.ts";
import { rvtBuildCommand } from "./rvt_build.ts";
import { rvtCheckCommand } from "./rvt_check.ts";
import { rvtFindMaterialsCommand } from "./rvt_find_materials.ts";
import { rvtFixMaterialsCommand } from "./rvt_fix_materials.ts";
import { rvtInspectCommand } from "./rvt_inspect.ts";
import { rvtRunCommand } from "./rvt_run.ts";

const HELP = `Usage: deno task vt rvt COMMAND …

  check [PROJECT]          find what keeps runtime virtual textures from working in a scene
  inspect [PROJECT]        tell what writes a tile, how old it is, and what compression costs it
  build [PROJECT]          bake the low mips of volumes, from which they are streamed
  run [PROJECT]            stream a scene frame by frame, and draw it
  find-materials ASSET     list the materials and functions that sample an asset
  fix-materials ASSET      give samples of an asset the material type that it has

PROJECT is a folder with a project.json, or a JSON file that holds a project: an argument, behind ASSET
where there is one, or --project PROJECT; default the working folder.
deno task vt rvt COMMAND --help tells more.`;

const COMMANDS: Readonly<Record<string, Command>> = {
  check: rvtCheckCommand,
  inspect: rvtInspectCommand,
  build: rvtBuildCommand,
  run: rvtRunCommand,
  "find-materials": rvtFindMaterialsCommand,
  "fix-materials": rvtFixMaterialsCommand,
};

/** The command `vt rvt`, which runs one of its own. */
export const vtRvtCommand: Command = {
  name: "vt rvt",
  help: HELP,
  async runCommand([name = "none", ...rest]) {
    if (Object.hasOwn(COMMANDS, name)) return await COMMANDS[name]!.runCommand(rest);
    throw new InvalidArgumentError(
      "COMMAND",
      `Cannot run vt rvt as its command must be one of ${Object.keys(COMMANDS).join(", ")}: ` +
        `current value is ${name}`,
    );
  },
};

/** The command that arguments behind `vt rvt` name, and its arguments. */
export function rvtCommandOf(args: readonly string[]): [Command, readonly string[]] {
  const [name = "", ...rest] = args;
  const isNamed = Object.hasOwn(COMMANDS, name) && !wantsHelp([name]);
  return isNamed ? [COMMANDS[name]!, rest] : [vtRvtCommand, args];
}
