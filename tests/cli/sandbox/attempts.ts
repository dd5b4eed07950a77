/**
 * Ways out of a sandbox. Each attempt brings something to light that a script must not have, or
 * fails. They run inside the sandbox, and without one, where every one of them must succeed.
 *
 * @module
 */

import { inWorker, load, type Prey, READING_BY_WASI } from "./wasi_attempts.ts";

export type { Prey };

type Attempt = (prey: Prey) => unknown;

const secret = ({ outside }: Prey) => `${outside}/secret.txt`;
const written = (path: string) => `wrote ${path} ${Deno.statSync(path).size}`;

/** Reading a file outside. */
export const READING: Readonly<Record<string, Attempt>> = {
  "read": (prey) => Deno.readTextFileSync(secret(prey)),
  "open": async (prey) => (await Deno.open(secret(prey))).close(),
  "stat": (prey) => Deno.statSync(secret(prey)).size,
  "list": ({ outside }) => [...Deno.readDirSync(outside)].map(({ name }) => name).join(),
  "dots": ({ here, outside }) =>
    Deno.readTextFileSync(`${here}/../${outside.split("/").at(-1)}/secret.txt`),
  "real path": ({ here, outside }) =>
    Deno.realPathSync(`${here}/../${outside.split("/").at(-1)}/secret.txt`),
  "copy": (prey) => {
    Deno.copyFileSync(secret(prey), `${prey.here}/copied.txt`);
    return Deno.readTextFileSync(`${prey.here}/copied.txt`);
  },
  "hard link": (prey) => {
    Deno.linkSync(secret(prey), `${prey.here}/hard`);
    return Deno.readTextFileSync(`${prey.here}/hard`);
  },
  "symbolic link": (prey) => {
    Deno.symlinkSync(secret(prey), `${prey.here}/soft`);
    return Deno.readTextFileSync(`${prey.here}/soft`);
  },
  "node:fs": async (prey) => (await load("node:fs")).readFileSync(secret(prey), "utf8"),
  "node:fs link": async (prey) => {
    const fs = await load("node:fs");
    fs.symlinkSync(secret(prey), `${prey.here}/soft2`);
    return fs.readFileSync(`${prey.here}/soft2`, "utf8");
  },
  "node:fs blob": async (prey) =>
    await (await (await load("node:fs")).openAsBlob(secret(prey))).text(),
  "node:fs copy": async (prey) => {
    const fs = await load("node:fs");
    fs.cpSync(prey.outside, `${prey.here}/copies`, { recursive: true });
    return fs.readFileSync(`${prey.here}/copies/secret.txt`, "utf8");
  },
  "change folder": ({ outside }) => {
    Deno.chdir(outside);
    return Deno.readTextFileSync("secret.txt");
  },
  "fetch": async (prey) => await (await fetch(`file://${secret(prey)}`)).text(),
  "import as text": async (prey) =>
    (await load(`file://${secret(prey)}`, { with: { type: "text" } })).default,
  "static import": async (prey) => {
    const module = `${prey.here}/reads.js`;
    const specifier = JSON.stringify(`file://${secret(prey)}`);
    Deno.writeTextFileSync(
      module,
      `import text from ${specifier} with { type: "text" };\nexport default text;\n`,
    );
    return (await load(`file://${module}`)).default;
  },
  "require": async ({ outside, here }) =>
    (await load("node:module")).createRequire(`${here}/x.js`)(`${outside}/secret.json`).secret,
  "database": async ({ outside }) => {
    const { DatabaseSync } = await load("node:sqlite");
    return new DatabaseSync(`${outside}/new.db`).exec("create table t(x)") ?? "made";
  },
  ...READING_BY_WASI,
  "worker": (prey) =>
    inWorker(`postMessage(Deno.readTextFileSync(${JSON.stringify(secret(prey))}))`),
  "memory of the launcher": ({ parent }) => {
    using file = Deno.openSync(`/proc/${parent}/maps`);
    return file.readSync(new Uint8Array(10));
  },
  "environment of the process": () => Deno.readTextFileSync("/proc/self/environ").length,
  "root of the process": (prey) => Deno.readTextFileSync(`/proc/self/root${secret(prey)}`),
  "open files": () => [...Deno.readDirSync("/proc/self/fd")].length,
  "watch": ({ outside }) => Deno.watchFs(outside).close() ?? "watches",
};

/** Writing a file outside. */
export const WRITING: Readonly<Record<string, Attempt>> = {
  "write": ({ outside }) => {
    Deno.writeTextFileSync(`${outside}/new.txt`, "x");
    return written(`${outside}/new.txt`);
  },
  "make folder": ({ outside }) => Deno.mkdirSync(`${outside}/folder`) ?? "made",
  "move out": ({ outside, here }) => {
    Deno.writeTextFileSync(`${here}/moved.txt`, "x");
    Deno.renameSync(`${here}/moved.txt`, `${outside}/moved.txt`);
    return written(`${outside}/moved.txt`);
  },
  "link out": ({ outside, here }) => {
    Deno.writeTextFileSync(`${here}/linked.txt`, "x");
    Deno.linkSync(`${here}/linked.txt`, `${outside}/linked.txt`);
    return written(`${outside}/linked.txt`);
  },
  "remove": ({ outside }) => Deno.removeSync(`${outside}/remove.txt`) ?? "removed",
  "truncate": ({ outside }) => Deno.truncateSync(`${outside}/truncate.txt`, 0) ?? "truncated",
  "mode": ({ outside }) => Deno.chmodSync(`${outside}/truncate.txt`, 0o666) ?? "changed",
  "times": ({ outside }) => Deno.utimeSync(`${outside}/truncate.txt`, 1, 1) ?? "changed",
  "mode of an open file": async ({ outside }) => {
    const fs = await load("node:fs");
    const file = fs.openSync(`${outside}/truncate.txt`, "r");
    return fs.fchmodSync(file, 0o666) ?? "changed";
  },
  "owner of an open file": async ({ outside }) => {
    const fs = await load("node:fs");
    const file = fs.openSync(`${outside}/truncate.txt`, "r");
    return fs.fchownSync(file, Deno.uid(), Deno.gid()) ?? "changed";
  },
  "times of an open file": async ({ outside }) => {
    const fs = await load("node:fs");
    const file = fs.openSync(`${outside}/truncate.txt`, "r");
    return fs.futimesSync(file, 1, 1) ?? "changed";
  },
  "temporary file": ({ outside }) => Deno.makeTempFileSync({ dir: outside }),
  "node:fs": async ({ outside }) => {
    (await load("node:fs")).writeFileSync(`${outside}/node.txt`, "x");
    return written(`${outside}/node.txt`);
  },
  "database": async ({ outside }) => {
    const { DatabaseSync } = await load("node:sqlite");
    new DatabaseSync(`${outside}/w.db`).exec("create table t(x)");
    return written(`${outside}/w.db`);
  },
  "attached database": async ({ outside }) => {
    const { DatabaseSync } = await load("node:sqlite");
    new DatabaseSync(":memory:").exec(`VACUUM INTO '${outside}/attached.db'`);
    return written(`${outside}/attached.db`);
  },
  "database backup": async ({ outside }) => {
    const { DatabaseSync, backup } = await load("node:sqlite");
    const database = new DatabaseSync(":memory:");
    database.exec("create table t(x)");
    await backup(database, `${outside}/backup.db`);
    return written(`${outside}/backup.db`);
  },
  "heap snapshot": async ({ outside }) => (await load("node:v8")).writeHeapSnapshot(`${outside}/h`),
  "worker": ({ outside }) =>
    inWorker(`Deno.writeTextFileSync(${JSON.stringify(`${outside}/worker.txt`)}, "x");
      postMessage("wrote");`),
};

/** Starting programs and native code. */
export const RUNNING: Readonly<Record<string, Attempt>> = {
  "command": () => new Deno.Command("true").outputSync().code,
  "own deno": () => new Deno.Command(Deno.execPath(), { args: ["--version"] }).outputSync().code,
  "node:child_process": async () => (await load("node:child_process")).execSync("echo out") + "",
  "fork": async ({ here }) => {
    Deno.writeTextFileSync(`${here}/child.mjs`, "");
    const child = (await load("node:child_process")).fork(`${here}/child.mjs`);
    const { promise, resolve, reject } = Promise.withResolvers();
    child.on("exit", resolve).on("error", reject);
    return await promise;
  },
  "signal to the launcher": ({ parent }) => Deno.kill(parent, "SIGCONT") ?? "sent",
  "dlopen": ({ library }) => Deno.dlopen(library, {}).close() ?? "loaded",
  "dlopen of a copy": ({ library, here }) => {
    Deno.writeFileSync(`${here}/copy.so`, Deno.readFileSync(library));
    return Deno.dlopen(`${here}/copy.so`, {}).close() ?? "loaded";
  },
  "sqlite extension": async () => {
    const { DatabaseSync } = await load("node:sqlite");
    return typeof new DatabaseSync(":memory:", { allowExtension: true });
  },
  "dlopen in a worker": ({ library }) =>
    inWorker(`Deno.dlopen(${JSON.stringify(library)}, {}).close(); postMessage("loaded")`),
  "command in a worker": () => inWorker(`postMessage(new Deno.Command("true").outputSync().code)`),
  "inspector": async () => (await load("node:inspector")).url() ?? openInspector(),
  "system": () => Deno.hostname(),
};

async function openInspector(): Promise<unknown> {
  const inspector = await load("node:inspector");
  new inspector.Session().connect();
  return "connected";
}

/** Reaching others. */
export const REACHING: Readonly<Record<string, Attempt>> = {
  "fetch": async ({ port }) => await (await fetch(`http://127.0.0.1:${port}/`)).text(),
  "import": async ({ port }) => (await load(`http://127.0.0.1:${port}/module.js`)).default,
  "import from a module": async ({ port, here }) => {
    Deno.writeTextFileSync(
      `${here}/fetches.js`,
      `export { default } from "http://127.0.0.1:${port}/module.js";\n`,
    );
    return (await load(`file://${here}/fetches.js`)).default;
  },
  "connect": async ({ port }) => (await Deno.connect({ hostname: "127.0.0.1", port })).close(),
  "socket": async ({ socket }) => (await Deno.connect({ transport: "unix", path: socket })).close(),
  "socket by the decoder's name": async ({ socket }) => {
    const path = Deno.env.toObject().FORGE3D_PICTURE_DECODER ?? `${socket}-moved`;
    Deno.renameSync(socket, path);
    try {
      (await Deno.connect({ transport: "unix", path })).close();
    } finally {
      Deno.renameSync(path, socket);
    }
  },
  "listen": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  "node:net": async ({ port }) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    const socket = (await load("node:net")).connect(port, "127.0.0.1");
    socket.on("connect", () => resolve("connected")).on("error", reject);
    return await promise.finally(() => socket.destroy());
  },
  "node:http": async ({ port }) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    (await load("node:http")).get(
      `http://127.0.0.1:${port}/`,
      (answer: { statusCode: number }) => resolve(answer.statusCode),
    ).on("error", reject);
    return await promise;
  },
  "datagram": async ({ port }) => {
    const socket = (await load("node:dgram")).createSocket("udp4");
    const { promise, resolve, reject } = Promise.withResolvers();
    // What is refused here is thrown where nobody can catch it.
    const onError = (event: ErrorEvent) => {
      event.preventDefault();
      reject(event.error);
    };
    addEventListener("error", onError);
    socket.on("error", reject);
    socket.send(
      "x",
      port,
      "127.0.0.1",
      (error: unknown) => error ? reject(error) : resolve("sent"),
    );
    return await promise.finally(() => removeEventListener("error", onError));
  },
  "name server": async () => (await load("node:dns/promises")).lookup("localhost"),
  "web socket": async ({ port }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
    const { promise, resolve, reject } = Promise.withResolvers();
    socket.onopen = () => resolve("connected");
    socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
    return await promise.finally(() => socket.close());
  },
  "worker": ({ port }) =>
    inWorker(`postMessage(await (await fetch("http://127.0.0.1:${port}/")).text())`),
};

/** Reading the environment. */
export const ENVIRONMENT: Readonly<Record<string, Attempt>> = {
  "variable": () => present(Deno.env.get("FORGE3D_TEST_SECRET")),
  "all variables": () => present(Deno.env.toObject().FORGE3D_TEST_SECRET),
  "node:process": async () => present((await load("node:process")).default.env.FORGE3D_TEST_SECRET),
  "worker": async () =>
    present(await inWorker(`postMessage(Deno.env.toObject().FORGE3D_TEST_SECRET ?? null)`)),
};

function present(value: unknown): unknown {
  if (value === undefined || value === null) throw new Error("not set");
  return value;
}

/** All attempts, by kind. */
export const ATTEMPTS = { READING, WRITING, RUNNING, REACHING, ENVIRONMENT } as const;

/** Makes every attempt; the answer has what each brought, or why it failed. */
export async function tryAll(
  prey: Prey,
): Promise<Record<string, { got: string } | { no: string }>> {
  const outcome: Record<string, { got: string } | { no: string }> = {};
  const folder = Deno.cwd();
  for (const [kind, attempts] of Object.entries(ATTEMPTS)) {
    for (const [name, attempt] of Object.entries(attempts)) {
      const key = `${kind} ${name}`;
      try {
        outcome[key] = { got: String(await inTime(attempt(prey))).slice(0, 100) };
      } catch (error) {
        outcome[key] = { no: String(error).slice(0, 200) };
      }
      Deno.chdir(folder);
    }
  }
  return outcome;
}

const MOST_MS = 5000;

async function inTime(result: unknown): Promise<unknown> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer in ${MOST_MS} ms`)), MOST_MS);
  try {
    return await Promise.race([result, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes every attempt, given where to find things as JSON; answers JSON. */
export async function tryAllAsText(prey: string): Promise<string> {
  return JSON.stringify(await tryAll(JSON.parse(prey) as Prey));
}

if (import.meta.main) {
  console.log(await tryAllAsText(Deno.args[0]!));
  Deno.exit(0);
}
