import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../helpers/temporary_folder.ts";
import { startPy } from "./run_py.ts";
import { PROJECT } from "./shared_host.ts";

const CODE = "print('on', flush=True)\nimport time\ntime.sleep(60)";
const DELAYS_MS = [0, 50, 100, 200, 300, 400, 500, 650, 800, 1000, 1300, 1700, 2200, 3000];

interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function endOf(child: Deno.ChildProcess): Promise<Ending> {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Checks endings at growing delays: at first, nothing of the project runs that could say anything. */
function checkEndings(endings: readonly Ending[]): void {
  const heard = endings.findIndex(({ stderr }) => stderr !== "");
  assert.ok(heard >= 0 && heard <= endings.length / 2, JSON.stringify(endings));
  for (const { code, stdout, stderr } of endings) {
    assert.equal(code, 130, stderr);
    const traceback = /^Traceback[^]*File "<string>", line (\d)[^]*\nKeyboardInterrupt\n$/;
    const line = traceback.exec(stderr)?.[1];
    // The first line may be interrupted before it has printed.
    if (line !== undefined) assert.ok(stdout !== "" || line === "1", stderr);
    else assert.ok(["", "KeyboardInterrupt\n"].includes(stderr), stderr);
    assert.doesNotMatch(stderr, /\.ts\b|\.mjs|pyodide|launch\.py| at /);
  }
}

Deno.test({
  name: "Ctrl-C at any moment of a start ends it with 130 and one line (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await withFolder(async (folder) => {
      const alone: Ending[] = [];
      const group: Ending[] = [];
      for (const delayMs of DELAYS_MS) {
        const child = startPy(["-c", CODE], { folder });
        const ended = endOf(child);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        child.kill("SIGINT");
        alone.push(await ended);
        const task = startInGroup(folder);
        const over = endOf(task);
        await new Promise((resolve) => setTimeout(resolve, delayMs + 50));
        await new Deno.Command("kill", { args: ["-INT", "--", `-${task.pid}`] }).output();
        group.push(await over);
      }
      checkEndings(alone);
      checkEndings(group);
    });
  },
});

/** Starts the task in a process group of its own, as a shell does. */
function startInGroup(folder: string): Deno.ChildProcess {
  const config = `--config=${join(PROJECT, "deno.json")}`;
  const task = [Deno.execPath(), "task", "--quiet", config, "py", "-c", CODE];
  return new Deno.Command("setsid", {
    args: ["--wait", ...task],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
