/**
 * Tells the option that allows what a script was refused.
 *
 * @module
 */

import { dirname } from "node:path";
import {
  lastRefusal,
  parseRefusal,
  type Problem,
  type Refusal,
  refusedPermission,
} from "../../python/mod.ts";
import { outputFolder, whyNotWritable } from "../sandbox/code_folders.ts";
import { isInside } from "../sandbox/paths.ts";
import type { ScriptSettings } from "./script_settings.ts";

/** What a hint about writing depends on. */
type Places = Pick<ScriptSettings, "folder" | "readOnly" | "code">;

/** What a hint about any refusal depends on. */
type HintSettings = Places & Pick<ScriptSettings, "variables">;

/** What SQLite says, without a path, where a database or its journal cannot be written. */
const DATABASE_ERROR = /^(unable to open database file|attempt to write a readonly database)/;
/** The launcher has found an adapter before the script was started. */
const NO_ADAPTER = /no WebGPU adapter was found/;
const ADAPTER_HINT =
  "hint: the launcher finds an adapter, so its driver needs a file that scripts do not get: " +
  "deno task py --allow-read / … lets it read all";

/** Lines about what an uncaught exception says, or null if it was no refusal. */
export function hintFor(problem: Problem, settings: HintSettings): string | null {
  if (problem.path === "" && DATABASE_ERROR.test(problem.message)) {
    const last = lastRefusal();
    if (last === null) return null;
    // It makes files beside a database, and removes them. A folder may be what was refused first.
    return writeHint(last.permission === "write" ? dirname(last.value) : last.value, settings);
  }
  if (Deno.build.os === "linux" && NO_ADAPTER.test(problem.message)) return ADAPTER_HINT;
  const refusal = refusalOf(problem) ?? refusedByKernel(problem);
  if (refusal === null) return null;
  const { permission, value } = refusal;
  switch (permission) {
    case "read":
      return option("read", value);
    case "write":
      return writeHint(value, settings);
    case "env":
      // What is allowed and not set needs no option.
      return value === "" || settings.variables.includes(value) ? null : option(permission, value);
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

/**
 * A file that an option names can be written, and the kernel keeps it from being replaced and removed:
 * that is a matter of its folder.
 */
function refusedByKernel({ path }: Problem): Refusal | null {
  if (path === "") return null;
  const mayWrite = (path: string) =>
    Deno.permissions.querySync({ name: "write", path }).state === "granted";
  const value = dirname(path);
  return mayWrite(path) && !mayWrite(value) ? { permission: "write", value } : null;
}

/** The option that lets a path be written, and what else helps. */
function writeHint(path: string, { folder, readOnly, code }: Places): string {
  const reason = whyNotWritable(path, code);
  if (reason !== null) {
    const output = outputFolder(code);
    const isHere = isInside(path, code.project) && isInside(folder, code.project);
    const instead = isHere ? `; ${output} can be written from here` : "";
    return `hint: no option lets scripts write ${path}, as ${reason}${instead}`;
  }
  const place = readOnly.find((other) => isInside(path, other.folder));
  if (place === undefined) return option("write", path);
  const hint = `${option("write", path)}  (${place.folder} is read only: ${place.reason})`;
  if (path === place.folder || whyNotWritable(place.folder, code) !== null) return hint;
  const whole = place.folder === folder ? "." : place.folder;
  return `${hint}\n${
    option("write", whole)
  }  writes all of it and what its links lead to, at your ` +
    "own risk; a folder for this script alone needs no option";
}

function option(permission: string, value: string): string {
  return `hint: deno task py --allow-${permission} ${quoted(value)} …`;
}

/** A word of a shell's command line. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
