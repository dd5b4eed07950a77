/**
 * How a process is started that the kernel restricts to some files.
 *
 * @module
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RestrictedPlan } from "./restricted_program.ts";

/** Where things are. */
interface Places {
  readonly project: string;
  /** A folder for the plan, which is made where there is none; the process need not reach it. */
  readonly folder: string;
}

/** The arguments with which Deno becomes the program of a plan. */
export function restrictedArguments(plan: RestrictedPlan, { project, folder }: Places): string[] {
  if (Deno.build.os !== "linux") return [...plan.args];
  const path = join(folder, `plan-${crypto.randomUUID()}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify(plan), { mode: 0o600 });
  return [
    "run",
    "--quiet",
    "--no-check",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--allow-ffi",
    "--allow-read",
    join(project, "src", "cli", "confinement", "restricted_program.ts"),
    path,
  ];
}
