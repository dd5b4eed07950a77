/**
 * Whether the kernel holds files here.
 *
 * @module
 */

import { join } from "node:path";

const PROGRAM = join(import.meta.dirname!, "landlock_version.ts");
const LEAST_VERSION = 3;

/** True on Linux if there is Landlock of version 3 or later. */
export const hasLandlock: boolean = Deno.build.os === "linux" && landlockVersion() >= LEAST_VERSION;

/** Tests have no native code: another process asks. */
function landlockVersion(): number {
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-config", "--no-lock", "--allow-ffi", PROGRAM],
  }).outputSync();
  return Number(new TextDecoder().decode(stdout) || "-1");
}
