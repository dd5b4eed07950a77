/**
 * Tells the option that allows what a script was refused.
 *
 * @module
 */

import { parseRefusal, type Problem, type Refusal, refusedPermission } from "../../python/mod.ts";
import { outputFolder, whyNotWritable } from "../sandbox/code_folders.ts";
import { isInside } from "../sandbox/paths.ts";
import type { ScriptSettings } from "./script_settings.ts";

/** A line about what an uncaught exception says, or null if it was no refusal. */
export function hintFor(
  problem: Problem,
  settings: Pick<ScriptSettings, "folder" | "readOnlyReason" | "code">,
): string | null {
  const refusal = refusalOf(problem);
  if (refusal === null) return null;
  const { permission, value } = refusal;
  switch (permission) {
    case "read":
      return option("read", value);
    case "write":
      return writeHint(value, settings);
    case "env":
      // What is allowed and not set needs no option.
      return value === "" || isGranted(value) ? null : option(permission, value);
    case "net":
      return value === "" ? null : option(permission, value);
    case "import":
      return "hint: scripts load no code from the network: deno task py --with NAME … adds a package";
    case "all":
      return `hint: no option lets scripts use ${value}: Deno keeps it for programs that may do everything`;
    default:
      return "hint: no option lets scripts start programs, load native code or ask about the system";
  }
}

function refusalOf({ path, variable, message }: Problem): Refusal | null {
  if (variable !== "") return { permission: "env", value: variable };
  if (path === "") return parseRefusal(message);
  const permission = refusedPermission(path);
  return permission === null ? null : { permission, value: path };
}

function writeHint(
  path: string,
  { folder, readOnlyReason, code }: Pick<ScriptSettings, "folder" | "readOnlyReason" | "code">,
): string {
  const reason = whyNotWritable(path, code);
  if (reason !== null) {
    const output = outputFolder(code);
    const isHere = isInside(path, code.project) && isInside(folder, code.project);
    const instead = isHere ? `; ${output} can be written from here` : "";
    return `hint: no option lets scripts write ${path}, as ${reason}${instead}`;
  }
  const isHere = readOnlyReason !== null && isInside(path, folder);
  return option("write", path) + (isHere ? `  (${folder} is read only: ${readOnlyReason})` : "");
}

function isGranted(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}

function option(permission: string, value: string): string {
  return `hint: deno task py --allow-${permission} ${quoted(value)} …`;
}

/** A word of a shell's command line. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
