/**
 * Runs code as a user whom the modes of files bind, which they do not bind root.
 *
 * @module
 */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../../src/cli/folders.ts";

/** `nobody` on most systems. */
const OTHER_USER = 65534;
const SETPRIV = "/usr/bin/setpriv";

const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;

/** Whether there is such a user. */
export const hasOtherUser = Deno.build.os !== "windows" && (!isRoot || existsSync(SETPRIV));

/**
 * Runs a module that imports from `./sandbox/`, in a folder that the user owns; returns what it prints.
 *
 * @param folder An empty folder; it is the current one, and the one for temporary files.
 */
export async function runWithoutRoot(folder: string, code: string): Promise<string> {
  const copies = join(folder, "..", `code-${crypto.randomUUID()}`);
  await Deno.mkdir(join(copies, "sandbox"), { recursive: true });
  const sources = join(projectFolder(), "src", "cli", "sandbox");
  for await (const { name } of Deno.readDir(sources)) {
    await Deno.copyFile(join(sources, name), join(copies, "sandbox", name));
  }
  const script = join(copies, "run.ts");
  await Deno.writeTextFile(script, code);
  const as = isRoot
    ? [SETPRIV, `--reuid=${OTHER_USER}`, `--regid=${OTHER_USER}`, "--clear-groups", "--"]
    : [];
  if (isRoot) {
    await Deno.chmod(join(folder, ".."), 0o755);
    await Deno.chown(folder, OTHER_USER, OTHER_USER);
    await Deno.chown(copies, OTHER_USER, OTHER_USER);
  }
  const [program = "", ...args] = [...as, Deno.execPath(), "run", "-A", "--quiet", "--no-check"];
  const { stdout, stderr, success } = await new Deno.Command(program, {
    args: [...args, "--no-config", script],
    cwd: folder,
    env: { DENO_DIR: join(copies, "deno"), TMPDIR: folder, HOME: copies, NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
