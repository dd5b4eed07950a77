import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { projectFolder } from "../../src/cli/folders.ts";
import { withFolder } from "../helpers/temporary_folder.ts";

/** `script` of util-linux runs a command on a terminal of its own. */
const HAS_TERMINALS = await new Deno.Command("script", { args: ["--version"], stdout: "null" })
  .output().then(({ success }) => success, () => false);

/** Everything that a task writes, on a terminal or into a pipe. */
async function writtenBy(
  task: readonly string[],
  { folder, isTerminal }: { folder: string; isTerminal: boolean },
): Promise<string> {
  const config = join(projectFolder(), "deno.json");
  const words = [Deno.execPath(), "task", "--quiet", `--config=${config}`, ...task];
  const [program, ...args] = isTerminal
    ? ["script", "-qec", words.map((word) => `'${word}'`).join(" "), "/dev/null"]
    : words;
  const { stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd: folder,
    env: { INIT_CWD: folder, NO_COLOR: "1", FORGE3D_CACHE_DIR: join(folder, "cache") },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

const PROGRESS = /\[2K.*(?:░|█)+ +\d+ % (?:decode|bake|write)/;

Deno.test({
  name:
    "work of seconds shows its progress on a terminal, unless told not to, and never in a pipe " +
    "(needs script of util-linux)",
  ignore: !HAS_TERMINALS,
  fn: () =>
    withFolder(async (folder) => {
      const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
      const create = { width: 5000, height: 2500, channels: 3 as const, background: "#000", noise };
      const path = join(folder, "noise.png");
      await sharp({ create }).png({ compressionLevel: 0 }).toFile(path);
      await Deno.writeTextFile(
        join(folder, "load.py"),
        `import sys
import forge3d
from forge3d import streaming
with streaming.VirtualTextureSystem(forge3d.get_device(), max_memory_mb=32) as system:
    options = {"on_progress": lambda progress: None} if "own" in sys.argv else {}
    print(system.load_texture("noise.png", preferred_format=sys.argv[1], **options).format)
`,
      );
      const bake = ["vt", "bake", "noise.png", "-o", "noise.pmtiles", "--format", "rgba8"];
      const load = (...args: string[]) => ["py", "load.py", ...args];
      const cases: [task: string[], isTerminal: boolean, isShown: boolean, done: RegExp][] = [
        [bake, true, true, /noise\.pmtiles, 5000 × 2500/],
        [[...bake, "--no-progress"], true, false, /noise\.pmtiles, 5000 × 2500/],
        [bake, false, false, /noise\.pmtiles, 5000 × 2500/],
        [load("RGBA8"), true, true, /rgba8unorm-srgb/],
        [load("RGBA8"), true, false, /rgba8unorm-srgb/],
      ];
      for (const [task, isTerminal, isShown, done] of cases) {
        const written = await writtenBy(task, { folder, isTerminal });
        const what = `${task.join(" ")}, terminal ${isTerminal}: ${written.slice(-500)}`;
        assert.match(written, done, what);
        assert.equal(PROGRESS.test(written), isShown, what);
        assert.equal(/\d %/.test(written), isShown, what);
      }
      // What was baked is gone, so that each of these bakes.
      const quiet: [task: string[], isTerminal: boolean][] = [
        [load("RGBA8"), false],
        [load("RGBA8", "own"), true],
        [["py", "--no-progress", "load.py", "RGBA8"], true],
      ];
      for (const [task, isTerminal] of quiet) {
        await Deno.remove(join(folder, "cache"), { recursive: true });
        const written = await writtenBy(task, { folder, isTerminal });
        assert.equal(written.trimEnd(), "rgba8unorm-srgb", task.join(" "));
      }
    }),
});
