/**
 * `deno task vt`: work on texture files.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { type Command, runCommand } from "../command.ts";
import { vtDoctorCommand } from "./doctor/vt_doctor.ts";
import { rvtCommandOf, vtRvtCommand } from "./rvt/rvt.ts";
import { vtBakeCommand } from "./vt_bake.ts";
import { vtCacheCommand } from "./vt_cache.ts";
import { vtInfoCommand } from "./vt_info.ts";

const HELP = `Usage: deno task vt COMMAND …

  bake PICTURE -o OUT    bake a picture to a tile store (.pmtiles) or a KTX2 file
  info FILE…             tell what texture files hold and what streaming them takes
  cache [ACTION]         list the textures that were baked when they were loaded, or remove them
  rvt COMMAND            check a project of runtime virtual textures, find and fix its materials
  doctor                 tell what works here, what is missing, and what scripts may do

deno task vt COMMAND --help tells more.`;

const COMMANDS: Readonly<Record<string, Command>> = {
  bake: vtBakeCommand,
  info: vtInfoCommand,
  cache: vtCacheCommand,
  rvt: vtRvtCommand,
  doctor: vtDoctorCommand,
};

/** The command without a subcommand. */
const vtCommand: Command = {
  name: "vt",
  help: HELP,
  runCommand([name = "none"]) {
    throw new InvalidArgumentError(
      "COMMAND",
      `Cannot run vt as its command must be one of ${Object.keys(COMMANDS).join(", ")}: ` +
        `current value is ${name}`,
    );
  },
};

/** Runs `vt` with the arguments after its name and returns the exit code. */
export async function runVt(args: readonly string[]): Promise<number> {
  const [name = "", ...rest] = args;
  if (name === "rvt") return await runCommand(...rvtCommandOf(rest));
  return Object.hasOwn(COMMANDS, name)
    ? await runCommand(COMMANDS[name]!, rest)
    : await runCommand(vtCommand, args);
}

if (import.meta.main) Deno.exit(await runVt(Deno.args));
