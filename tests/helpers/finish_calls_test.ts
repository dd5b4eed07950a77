import assert from "node:assert/strict";
import { join } from "node:path";
import { projectFolder } from "../../src/cli/folders.ts";

const CASES = join(import.meta.dirname!, "open_calls_cases.ts");
const PRELOAD = `--preload=${join(import.meta.dirname!, "finish_calls.ts")}`;

/** Longer than calls take to be due, and than any pause that only hopes for that. */
const STOP_MS = 50;

/** Runs tests in a process that stands still for a while after each, as on a busy machine. */
async function runHeldUp(flags: readonly string[]): Promise<{ success: boolean; output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--allow-all",
      "--quiet",
      "--no-check",
      "--sanitize-ops",
      `--config=${join(projectFolder(), "deno.json")}`,
      ...flags,
      CASES,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const holdUp = () => {
    child.kill("SIGSTOP");
    setTimeout(() => child.kill("SIGCONT"), STOP_MS);
  };
  Deno.addSignalListener("SIGUSR1", holdUp);
  try {
    const { success, stdout } = await child.output();
    return { success, output: new TextDecoder().decode(stdout) };
  } finally {
    Deno.removeSignalListener("SIGUSR1", holdUp);
  }
}

Deno.test("calls to the GPU that a test leaves open end before its operations are counted", async () => {
  const { success, output } = await runHeldUp([PRELOAD]);
  assert.ok(success, output);
});

Deno.test("negative control: without the wait they count as calls that never end", async () => {
  const { success, output } = await runHeldUp([]);
  assert.equal(success, false);
  assert.match(output, /never completed/);
});
