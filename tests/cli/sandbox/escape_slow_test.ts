import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";
import { ATTEMPTS, type Prey, READING } from "./attempts.ts";
import { listenElsewhere } from "./listen_elsewhere.ts";

type Outcome = Record<string, { got?: string; no?: string }>;

const MODULES = ["attempts.ts", "wasi_attempts.ts"];

const SCRIPT = `import sys, js
from pyodide.ffi import run_sync
module = run_sync(js.eval("url => import(url)")(sys.argv[1]))
print(run_sync(module.tryAllAsText(sys.argv[2])))
`;

/** A native library that every process of Deno has. */
const LIBRARIES = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"];

const isLinux = Deno.build.os === "linux";

/** Lays out a working folder, something to get beside it, and servers. */
async function withPrey(
  use: (prey: Prey) => Promise<void>,
  name = "here",
): Promise<void> {
  await withFolder(async (folder) => {
    const [here, outside] = [join(folder, name), join(folder, "outside")];
    await Deno.mkdir(here);
    await Deno.mkdir(outside);
    for (const name of ["secret.txt", "remove.txt", "truncate.txt"]) {
      await Deno.writeTextFile(join(outside, name), "secret");
    }
    await Deno.writeTextFile(join(outside, "secret.json"), '{"secret": "secret"}');
    for (const name of MODULES) {
      await Deno.copyFile(new URL(name, import.meta.url), join(here, name));
    }
    await Deno.writeTextFile(join(here, "script.py"), SCRIPT);
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => {
        if (request.headers.get("upgrade") === "websocket") {
          return Deno.upgradeWebSocket(request).response;
        }
        const headers = { "content-type": "text/javascript" };
        return new Response('export default "secret";', { headers });
      },
    );
    const sockets = join(folder, "sockets");
    await Deno.mkdir(sockets);
    const socket = join(sockets, "socket");
    const stopListening = await listenElsewhere(socket);
    try {
      await use({
        here,
        outside,
        project: projectFolder(),
        port: server.addr.port,
        socket,
        library: LIBRARIES.find((path) => existsSync(path)) ?? "",
        parent: Deno.pid,
      });
    } finally {
      await stopListening();
      await server.shutdown();
    }
  });
}

/** Makes every attempt from a script; the options come before its name. */
async function tryInScript(options: readonly string[], prey: Prey): Promise<Outcome> {
  const { code, stdout, stderr } = await runPy(
    [...options, "script.py", `file://${prey.here}/attempts.ts`, JSON.stringify(prey)],
    { folder: prey.here, environment: { FORGE3D_TEST_SECRET: "secret" } },
  );
  assert.equal(code, 0, stderr);
  const outcome: Outcome = JSON.parse(stdout);
  const silent = Object.entries(outcome).filter(([, { no }]) => no?.includes("no answer"));
  assert.deepEqual(silent, [], "every attempt is refused or works");
  return outcome;
}

/** Makes every attempt in a process that may do everything. */
async function tryWithoutSandbox(prey: Prey): Promise<Outcome> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--no-config",
      "--quiet",
      join(prey.here, "attempts.ts"),
      JSON.stringify(prey),
    ],
    cwd: prey.here,
    env: { FORGE3D_TEST_SECRET: "secret" },
  }).output();
  assert.notEqual(stdout.length, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function succeeded(outcome: Outcome, kind = ""): string[] {
  return Object.keys(outcome).filter((name) => name.startsWith(kind) && !("no" in outcome[name]!));
}

const COUNT = Object.values(ATTEMPTS).reduce((sum, kind) => sum + Object.keys(kind).length, 0);

Deno.test({
  name:
    "no attempt of a script to get out succeeds, and each does without the sandbox (needs Linux)",
  ignore: !isLinux,
  fn: async () => {
    await withPrey(async (prey) => {
      const inside = await tryInScript([], prey);
      assert.equal(Object.keys(inside).length, COUNT);
      assert.deepEqual(succeeded(inside), []);
    });
    // Permissions take another way to the runtime where a path has a comma.
    await withPrey(async (prey) => {
      assert.deepEqual(succeeded(await tryInScript([], prey)), []);
    }, "here, with a comma");
    await withPrey(async (prey) => {
      const free = await tryWithoutSandbox(prey);
      const failed = Object.entries(free).filter(([, { no }]) => no !== undefined);
      assert.deepEqual(failed, []);
    });
  },
});

Deno.test({
  name: "an option opens what it names, and nothing else (needs Linux)",
  ignore: !isLinux,
  fn: async () => {
    await withPrey(async (prey) => {
      const read = await tryInScript(["--allow-read", prey.outside], prey);
      const plain = Object.keys(READING).filter((name) => !/WASI|link|worker/.test(name));
      assert.ok(succeeded(read, "READING").length >= plain.length / 2);
      for (const kind of ["WRITING", "RUNNING", "REACHING", "ENVIRONMENT"]) {
        assert.deepEqual(succeeded(read, kind), [], kind);
      }
    });
    await withPrey(async (prey) => {
      const net = await tryInScript([`--allow-net=127.0.0.1:${prey.port}`], prey);
      assert.deepEqual(
        succeeded(net).filter((name) => !name.startsWith("REACHING")),
        [],
      );
      for (const name of ["fetch", "connect", "node:net", "node:http", "web socket"]) {
        assert.ok("got" in net[`REACHING ${name}`]!, `${name} ${JSON.stringify(net)}`);
      }
      // Code still comes from nowhere.
      assert.ok("no" in net["REACHING import"]! && "no" in net["REACHING import from a module"]!);
    });
    await withPrey(async (prey) => {
      // Python sees it, and JavaScript does not: there, what can be seen can be set for native code.
      const env = await tryInScript(["--allow-env", "FORGE3D_TEST_SECRET"], prey);
      assert.deepEqual(succeeded(env), []);
    });
    await withPrey(async (prey) => {
      const folders = [prey.outside, dirname(prey.socket)];
      const options = folders.flatMap((folder) => ["--allow-write", folder]);
      const write = await tryInScript(options, prey);
      assert.ok(succeeded(write, "WRITING").length >= 10);
      for (const kind of ["RUNNING", "REACHING", "ENVIRONMENT"]) {
        assert.deepEqual(succeeded(write, kind), [], kind);
      }
    });
  },
});
