import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { noisePng } from "./made_pictures.ts";

const PROGRAM = fileURLToPath(new URL("bake_in_process.ts", import.meta.url));

/** A program that opens pictures from a cache. */
interface Program {
  readonly child: Deno.ChildProcess;
  /** What it printed so far. */
  readonly lines: Record<string, unknown>[];
  /** Waits for a line with a key. */
  next(key: string): Promise<Record<string, unknown>>;
  /** Lets it read all tiles, and waits for it to end. */
  end(): Promise<Record<string, unknown>>;
}

function start(...args: string[]): Program {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", PROGRAM, ...args],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines: Record<string, unknown>[] = [];
  let isOver = false;
  const reading = (async () => {
    let text = "";
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += part;
      const whole = text.split("\n");
      text = whole.pop()!;
      for (const line of whole) lines.push(JSON.parse(line));
    }
    isOver = true;
  })();
  const next = async (key: string) => {
    for (;;) {
      const found = lines.find((line) => key in line);
      if (found !== undefined) return found;
      if (isOver || lines.some((line) => "opened" in line)) {
        throw new Error(`no ${key} in ${JSON.stringify(lines)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const end = async () => {
    await child.stdin.close();
    await child.status;
    await reading;
    return lines.at(-1)!;
  };
  return { child, lines, next, end };
}

/** Starts one that stands still in the middle of its bake, and holds the lock. */
async function startAndStop(...args: string[]): Promise<Program> {
  const program = start(...args);
  await program.next("phase");
  program.child.kill("SIGSTOP");
  return program;
}

Deno.test("of two processes that need one picture one bakes, and both read every tile", () =>
  withFolder(async (folder) => {
    const picture = `${folder}/a.png`;
    await Deno.writeFile(picture, await noisePng(1, 1500));
    const cache = `${folder}/cache`;
    const first = await startAndStop(cache, picture);
    const second = start(cache, picture, "2");
    await second.next("phase");
    first.child.kill("SIGCONT");
    const opened = await Promise.all([first.next("opened"), second.next("opened")]);
    const ends = await Promise.all([first.end(), second.end()]);
    assert.deepEqual(opened[0]!.opened, [false]);
    assert.deepEqual(opened[1]!.opened, [true, true]);
    const phases = second.lines.flatMap(({ phase }) => phase ?? []);
    assert.deepEqual(phases, ["wait"], "the second one waited, and said so");
    const waited = Number(opened[1]!.mostWaited);
    assert.ok(waited > 0 && waited <= 1, `with the progress of the first: ${waited}`);
    assert.match(String(ends[1]!.infos), /Waiting for another process that bakes .*a\.png/);
    assert.deepEqual(ends.map(({ warnings }) => warnings), [[], []]);
    assert.equal(ends[1]!.tiles, 2 * Number(ends[0]!.tiles));
    assert.deepEqual(namesIn(cache).map((name) => name.slice(41)), ["pmtiles", "used"]);
  }));

Deno.test("when the process that bakes is killed or fails, one that waits takes over", () =>
  withFolder(async (folder) => {
    const picture = `${folder}/a.png`;
    await Deno.writeFile(picture, await noisePng(1, 1500));
    const cache = `${folder}/cache`;
    const first = await startAndStop(cache, picture);
    const second = start(cache, picture);
    await second.next("phase");
    first.child.kill("SIGKILL");
    const opened = await second.next("opened");
    assert.deepEqual(opened.opened, [false], "the second one baked");
    const end = await second.end();
    assert.ok(Number(end.tiles) > 500);
    assert.deepEqual(end.warnings, []);
    await first.end();
    assert.deepEqual(namesIn(cache).map((name) => name.slice(41)), ["pmtiles", "used"]);
  }));
